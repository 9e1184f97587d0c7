// The sample article: every figure in it comes to life, its links and sentences do what they say, and
// nobody is left out.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import axe from 'axe-core';
import { finish, open, quit } from './lib/browser.mjs';
import { difference } from './lib/host.mjs';
import { drawPreview } from './lib/preview.mjs';
import { button, statusSays } from './lib/page.mjs';
import { DIST, serveSite } from './lib/site.mjs';

after(quit);

/** What it must have: the view of each figure, in order. */
const FIGURES = ['race', 'flow', 'race', 'race', 'loop', 'race', 'data', 'code', 'code', 'lab'];

async function openArticle(t, context) {
  const site = await serveSite(t);
  const page = await open(t, { origin: site.origin, url: `${site.url}article.html` }, '', {
    ...context,
    init: () => {
      if (window.parent !== window) return;
      window.shifts = [];
      new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) =>
        ({ value: entry.value, what: entry.sources?.map(({ node }) => node?.outerHTML?.slice(0, 80)) }))))
        .observe({ type: 'layout-shift', buffered: true });
    },
  });
  page.figure = (n) => page.locator('converge-demo').nth(n);
  page.frame = (n) => page.figure(n).locator('iframe').contentFrame();
  return page;
}

const live = (page, n) => page.waitForFunction((n) =>
  document.querySelectorAll('converge-demo')[n].shadowRoot?.querySelector('.on'), n, { timeout: 30_000 });

async function violations(target) {
  await target.evaluate(axe.source);
  const found = await target.evaluate(() => window.axe.run(document, { iframes: false }));
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`));
}

describe('the article', () => {
  for (const width of [1280, 768, 360]) {
    for (const colorScheme of ['light', 'dark']) {
      test(`has nothing for axe to find, and moves nothing, at ${width} px, ${colorScheme}`, async (t) => {
        const page = await openArticle(t, { viewport: { width, height: 900 }, colorScheme });
        await page.figure(0).scrollIntoViewIfNeeded();
        await live(page, 0);
        assert.deepEqual(await page.evaluate(() => window.shifts), []);
        assert.deepEqual(await violations(page), []);
        const frame = page.frames().find((frame) => frame !== page.mainFrame());
        assert.deepEqual(await violations(frame), []);
        const wide = await page.evaluate(() =>
          document.scrollingElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${wide} pixels too wide`);
        await finish(page);
      });
    }
  }

  test('brings each of its figures to life as a reader gets there', async (t) => {
    const page = await openArticle(t, { viewport: { width: 1000, height: 900 } });
    assert.deepEqual(await page.locator('converge-demo').evaluateAll((all) =>
      all.map((node) => node.getAttribute('view'))), FIGURES);
    for (const n of FIGURES.keys()) {
      await page.figure(n).evaluate((node) => node.scrollIntoView());
      await live(page, n);
      const [outer, inner] = await Promise.all([
        page.figure(n).evaluate((node) => node.offsetHeight),
        page.frame(n).locator('body').evaluate((body) => body.offsetHeight),
      ]);
      assert.ok(outer >= inner, `figure ${n}: ${inner} pixels in ${outer}`);
    }
    await finish(page);
  });

  test('says what the run in front of the reader took', async (t) => {
    const page = await openArticle(t, { viewport: { width: 1000, height: 900 } });
    await page.figure(0).scrollIntoViewIfNeeded();
    await live(page, 0);
    await button(page.frame(0), 'Run').click();
    const said = page.locator('#yours');
    await said.filter({ hasText: 'In your browser, just now' }).waitFor({ timeout: 30_000 });
    const [sequential, parallel] = (await said.innerText()).match(/\d+\.\d\d(?= s)/g).map(Number);
    assert.ok(sequential >= 5.1 && sequential < 5.6, `${sequential} s`);
    assert.ok(parallel >= 2.3 && parallel < 2.7, `${parallel} s`);
    assert.match(await page.locator('#summary').innerText(), /one figure/);
    await finish(page);
  });

  test('has links that change the figure of their own section', async (t) => {
    const page = await openArticle(t, { viewport: { width: 1000, height: 900 } });
    const link = page.getByRole('link', { name: 'one of ten seconds and two of a tenth' });
    await link.scrollIntoViewIfNeeded();
    await live(page, 2);
    await link.click();
    await page.frame(2).getByText('10.2').first().waitFor();
    await page.getByRole('link', { name: 'looking at text and image' }).click();
    await live(page, 3);
    await page.frame(3).locator('.lane-name').filter({ hasText: 'image' }).first().waitFor();
    assert.ok(!new URL(page.url()).hash);
    await finish(page);
  });

  test('is followed by its figures when its theme changes', async (t) => {
    const page = await openArticle(t, { viewport: { width: 1000, height: 900 }, colorScheme: 'light' });
    await page.figure(0).scrollIntoViewIfNeeded();
    await live(page, 0);
    await button(page, 'Dark theme').click();
    await page.frame(0).locator('html[data-theme=dark]').waitFor({ state: 'attached' });
    await button(page, 'Light theme').click();
    await page.frame(0).locator('html[data-theme=light]').waitFor({ state: 'attached' });
    await finish(page);
  });

  test('reads without scripts, and its figures are links then', async (t) => {
    const page = await openArticle(t, { javaScriptEnabled: false });
    const links = page.locator('converge-demo a');
    assert.equal(await links.count(), FIGURES.length);
    for (const link of await links.all()) {
      assert.match(await link.getAttribute('href'), /^\.\/#preset=\w+/);
      assert.ok(await link.isVisible());
    }
  });

  test('asks for nothing beyond its own folder, and names nothing that is not there', async () => {
    const whole = await readFile(join(DIST, 'article.html'), 'utf8');
    const html = whole.replace(/<pre>.*?<\/pre>/s, '');
    for (const [, url] of html.matchAll(/\s(?:href|src)="([^"#]*)/g)) {
      assert.match(url, /^(?:\.\/|[\w/-]+\.\w+)$/);
      if (url !== './') await readFile(join(DIST, url));
    }
    assert.doesNotMatch(html, /<style\b|\sstyle=|\son\w+=|javascript:/i);
  });
});

describe('Embed', () => {
  test('gives a snippet that shows what it will be, and copies it', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site, '#preset=travel&latency=hotels:3', {
      viewport: { width: 1000, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('html[data-whole]').waitFor({ state: 'attached' });
    await button(page, 'Embed').click();
    const panel = page.getByRole('region', { name: 'Embed', exact: true });
    const code = panel.getByLabel('Snippet', { exact: true });
    const element = `<script async src="${site.url}embed.js"></script>\n`
      + `<converge-demo preset="travel" latency="hotels:3" view="race" style="display: block; min-height: clamp(`;
    assert.ok((await code.inputValue()).startsWith(element), await code.inputValue());
    await live(page, 0);
    await page.locator('converge-demo iframe').contentFrame().getByText('hotels').first().waitFor();

    await panel.getByLabel('What it shows', { exact: true }).selectOption('flow');
    await panel.getByLabel('speed', { exact: true }).check();
    assert.match(await code.inputValue(), /view="flow" hide="speed"/);
    await panel.getByRole('button', { name: 'Copy the snippet' }).click();
    await statusSays(page, /The snippet is in the clipboard/);
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await code.inputValue());

    await panel.getByLabel('Form', { exact: true }).selectOption('1');
    await page.waitForFunction(() => /height="\d+"/.test(document.querySelector('#embed-code').value));
    const frame = await code.inputValue();
    assert.ok(frame.startsWith(`<iframe src="${site.url}#preset=travel&amp;latency=hotels%3A3&amp;view=flow&amp;embed=1`));
    await panel.getByRole('button', { name: 'Close', exact: true }).click();
    assert.equal(await panel.count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Embed');
    await finish(page);
  });

  test('is all there from the keyboard, and closes with Escape', async (t) => {
    const page = await open(t, await serveSite(t), '', { viewport: { width: 1000, height: 900 } });
    await page.locator('html[data-whole]').waitFor({ state: 'attached' });
    await button(page, 'Embed').focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('region', { name: 'Embed', exact: true });
    await panel.getByLabel('Snippet', { exact: true }).focus();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await finish(page);
  });
});

describe('each view by itself', () => {
  const REGIONS = { race: 'Race', flow: 'Flow', loop: 'Event loop', data: 'Data', code: 'Code', lab: 'Lab' };
  for (const [view, region] of Object.entries(REGIONS)) {
    test(`${view} is there, runs, and fits from 320 to 1280 px`, async (t) => {
      const site = await serveSite(t);
      const page = await open(t, site, `#embed=1&view=${view}&speed=8`, { viewport: { width: 1280, height: 700 } });
      await page.locator('html[data-whole]').waitFor({ state: 'attached' });
      const shown = (name) => page.getByRole('region', { name, exact: true }).isVisible();
      assert.ok(await shown(region), region);
      for (const other of Object.values(REGIONS)) {
        const goesWith = other === region || (view === 'lab' && other === 'Race');
        assert.equal(await shown(other), goesWith, other);
      }
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        for (const width of [1280, 768, 360, 320]) {
          await page.setViewportSize({ width, height: 700 });
          const wide = await page.evaluate(() =>
            document.scrollingElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wide <= 0, `${wide} pixels too wide at ${width}`);
        }
        assert.deepEqual(await violations(page), []);
      }
      await button(page, 'Run').click();
      await statusSays(page, /^Finished/);
      await finish(page);
    });
  }

  test('the lab has what changes a run, and the pipeline', async (t) => {
    const page = await open(t, await serveSite(t), '#embed=1&view=lab&speed=8');
    await page.locator('html[data-whole]').waitFor({ state: 'attached' });
    await page.getByRole('combobox', { name: 'When a branch fails', exact: true }).selectOption('collect');
    await page.getByLabel('Concurrency limit', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Edit the pipeline', exact: true }).waitFor();
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    await finish(page);
  });
});

test('what a link to the page shows elsewhere is drawn from the posters as they are', async (t) => {
  const page = await open(t, await serveSite(t));
  const shown = await readFile(join(DIST, 'preview.png'));
  // Letters are drawn differently elsewhere; bars are not.
  const compare = async (preset) =>
    difference(page, shown, await drawPreview(preset, { letters: false }), { drawn: true });
  const [is, other] = [await compare('company'), await compare('feedback')];
  assert.ok(is < 0.05, `${is} of its bars differs: run node tests/browser/preview.mjs`);
  assert.ok(other > 0.09, `another preset's bars differ by ${other} only`);
  await finish(page);
});
