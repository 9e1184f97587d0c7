// How much a visit takes from the network: what the page asked for, as the site's server sent it
// (compressed, since the files lie beside). One count for the test of the budgets and for the bench.

import { setTimeout as wait } from 'node:timers/promises';
import { heard } from './host.mjs';
import { button, ready, status } from './page.mjs';

/**
 * In bytes, and ceilings rather than aims: below them the plain form of the code wins over the smaller one.
 * Of a first visit, to a finished race (what explains it comes a second after that, or when the reader
 * scrolls); of the race as a figure in an article, to its end; and with every view opened.
 * The aims are 260, 260 and 640 KB. Views as Leptos components have passed them: these limits keep what
 * there is from growing until it is brought back under them. A first visit runs three fifths of the
 * first module's code, so that no split alone leads to the first two.
 */
export const BUDGETS = {
  first: 392_000,
  figure: 411_000,
  everything: 1_115_000,
};

const taken = (site) => site.log.reduce((sum, { bytes }) => sum + bytes, 0);

/** Bytes until a race on an open page is over and nothing more is on its way. */
export async function untilFinished(page, site) {
  await button(page, 'Run').click();
  await status(page).filter({ hasText: /^Finished/ }).waitFor({ state: 'attached' });
  await still(site);
  return taken(site);
}

/** Bytes of a figure in an article (`page` is of `openHost`), until that has heard of the run's end. */
export async function untilFigureEnded(page) {
  await heard(page, 'ready');
  await page.evaluate(() => document.querySelector('converge-demo').run());
  await heard(page, 'end');
  await still(page.site);
  return taken(page.site);
}

/** Bytes until everything that can be opened on the page has been open. */
export async function untilAllIsOpen(page, site) {
  await ready(page);
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let y = 0; y <= height; y += 500) {
    await page.evaluate((y) => scrollTo(0, y), y);
    await wait(30);
  }
  for (const view of ['race', 'flow', 'loop', 'data', 'code', 'all']) {
    await page.evaluate((view) => { location.hash = `view=${view}`; }, view);
    await wait(100);
  }
  await still(site);
  return taken(site);
}

/** Waits until the page has asked for nothing for half a second. */
async function still(site) {
  let before;
  do {
    before = site.log.length;
    await wait(500);
  } while (site.log.length > before);
}
