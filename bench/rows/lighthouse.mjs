// Lighthouse's judgement of the page on its mobile profile (a slow phone on a slow line, as it
// simulates them), offline, with the site served compressed as a host would.

import lighthouse from 'lighthouse';
import { launch as launchChrome } from 'chrome-launcher';
import { FLAGS, executable } from '../../tests/browser/lib/browser.mjs';
import { serveSite } from '../../tests/browser/lib/site.mjs';
import { row } from '../lib/table.mjs';

const CATEGORIES = {
  performance: 'performance',
  accessibility: 'accessibility',
  'best-practices': 'best practices',
  seo: 'SEO',
};

export async function measure({ rounds }) {
  const site = await serveSite(undefined, { cached: true });
  const scores = Object.fromEntries(Object.keys(CATEGORIES).map((name) => [name, []]));
  const shifts = [];
  let failing = [];
  for (let round = 0; round < rounds; round += 1) {
    const chrome = await launchChrome({
      chromePath: executable(),
      chromeFlags: ['--headless=new', '--no-sandbox', ...FLAGS],
      logLevel: 'silent',
    });
    const { lhr } = await lighthouse(site.url, {
      port: chrome.port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: Object.keys(CATEGORIES),
    });
    await chrome.kill();
    if (lhr.runtimeError) throw new Error(`Lighthouse: ${lhr.runtimeError.message}`);
    for (const name of Object.keys(CATEGORIES)) {
      scores[name].push(Math.round(lhr.categories[name].score * 100));
    }
    shifts.push(lhr.audits['cumulative-layout-shift'].numericValue);
    failing = shortcomings(lhr);
  }
  await site.close();
  for (const line of failing) console.error(`    Lighthouse: ${line}`);
  return [
    ...Object.entries(CATEGORIES).map(([name, word]) => row({
      figure: `Lighthouse mobile, ${word}`,
      unit: 'of 100',
      digits: 0,
      ours: scores[name],
      goal: '100',
      reached: (ours) => ours === 100,
    })),
    row({
      figure: 'Lighthouse mobile, layout shift',
      unit: '',
      digits: 3,
      ours: shifts,
      goal: '0',
      reached: (ours) => ours === 0,
    }),
  ];
}

/** What it counts off, worst first: what there is to do. */
function shortcomings(lhr) {
  const lost = [];
  for (const category of Object.values(lhr.categories)) {
    for (const { id, weight } of category.auditRefs) {
      const { score, title, displayValue, details } = lhr.audits[id];
      if (weight > 0 && score !== null && score < 0.995) {
        const where = details?.items?.map(({ node }) => node?.selector).filter(Boolean).slice(0, 3);
        const what = [`${category.title}: ${title}`, displayValue, ...where ?? []].filter(Boolean);
        lost.push([weight * (1 - score), what.join(', ')]);
      }
    }
  }
  return lost.sort(([a], [b]) => b - a).map(([, line]) => line);
}
