// The sample article: every figure in it comes to life, its links and sentences do what they say, and
// nobody is left out.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { violations } from './lib/axe.mjs';
import { difference } from './lib/host.mjs';
import { drawPreview } from './lib/preview.mjs';
import { button, status, tooWide } from './lib/page.mjs';
import { DIST } from './lib/site.mjs';
import { TIMING, expect, test as base } from './lib/test.mjs';

/** What it must have: the view of each figure, in order. */
const FIGURES = ['race', 'flow', 'race', 'race', 'loop', 'race', 'data', 'code', 'code', 'lab', 'tail'];

const test = base.extend({
  openArticle: ({ open, site }, use) => use(async (context) => {
    const page = await open('', {
      site: { origin: site.origin, url: `${site.url}article.html` },
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
  }),
});

/** Waits until a figure has come to life. */
const live = (page, n) => expect(page.locator('converge-demo').nth(n).locator('.on').first()).toBeAttached();

test.describe('the article', () => {
  for (const width of [1280, 768, 360]) {
    for (const colorScheme of ['light', 'dark']) {
      test(`has nothing for axe to find, and moves nothing, at ${width} px, ${colorScheme}`, async ({ openArticle }) => {
        const page = await openArticle({ viewport: { width, height: 900 }, colorScheme });
        await page.figure(0).scrollIntoViewIfNeeded();
        await live(page, 0);
        expect(await page.evaluate(() => window.shifts)).toEqual([]);
        expect(await violations(page, { iframes: false })).toEqual([]);
        const frame = page.frames().find((frame) => frame !== page.mainFrame());
        expect(await violations(frame, { iframes: false })).toEqual([]);
        await expect.poll(() => tooWide(page)).toBeLessThanOrEqual(0);
      });
    }
  }

  test('brings each of its figures to life as a reader gets there', async ({ openArticle }) => {
    const page = await openArticle({ viewport: { width: 1000, height: 900 } });
    await expect.poll(() => page.locator('converge-demo').evaluateAll((all) =>
      all.map((node) => node.getAttribute('view')))).toEqual(FIGURES);
    for (const n of FIGURES.keys()) {
      await page.figure(n).evaluate((node) => node.scrollIntoView());
      await live(page, n);
      // Its height is told in a message.
      await expect.poll(async () => {
        const outer = await page.figure(n).evaluate((node) => node.offsetHeight);
        return await page.frame(n).locator('body').evaluate((body) => body.offsetHeight) - outer;
      }, `what figure ${n} lacks in height`).toBeLessThanOrEqual(0);
    }
  });

  test('says what the run in front of the reader took', { tag: TIMING }, async ({ openArticle }) => {
    const page = await openArticle({ viewport: { width: 1000, height: 900 } });
    await page.figure(0).scrollIntoViewIfNeeded();
    await live(page, 0);
    await button(page.frame(0), 'Run').click();
    const said = page.locator('#yours');
    await said.filter({ hasText: 'In your browser, just now' }).waitFor({ timeout: 30_000 });
    const [sequential, parallel] = (await said.innerText()).match(/\d+\.\d\d(?= s)/g).map(Number);
    expect(sequential).toBeGreaterThanOrEqual(5.1);
    expect(sequential).toBeLessThan(5.6);
    expect(parallel).toBeGreaterThanOrEqual(2.3);
    expect(parallel).toBeLessThan(2.7);
    await expect(page.locator('#summary')).toHaveText(/one figure/, { useInnerText: true });
  });

  test('has links that change the figure of their own section', async ({ openArticle }) => {
    const page = await openArticle({ viewport: { width: 1000, height: 900 } });
    const link = page.getByRole('link', { name: 'one of ten seconds and two of a tenth' });
    await link.scrollIntoViewIfNeeded();
    await live(page, 2);
    await link.click();
    await page.frame(2).getByText('10.0 s').first().waitFor();
    await page.getByRole('link', { name: 'looking at text and image' }).click();
    await live(page, 3);
    await page.frame(3).locator('.lane[data-name=image]').first().waitFor();
    expect(new URL(page.url()).hash).toBe('');
  });

  test('has the lessons about the tail beside the figure that they set', async ({ openArticle }) => {
    const page = await openArticle({ viewport: { width: 1000, height: 900 } });
    const n = FIGURES.indexOf('tail');
    await page.figure(n).scrollIntoViewIfNeeded();
    await live(page, n);
    const said = page.frame(n).getByRole('list', { name: 'What the runs say' });
    await expect(said).toContainText(/^One in a hundred calls is slow, and 6[34] of 100 runs are\.$/, { timeout: 60_000 });
    await page.getByRole('link', { name: 'Ask twice after p95' }).click();
    await expect(said).toContainText(/With a second call after 3\.7 s, the p95 of a run falls/);
    await page.getByRole('link', { name: 'Three of four are enough' }).click();
    await expect(said).toContainText(/With the first 3 of 4 answers, the p95 of a run falls/);
    await expect(said).not.toContainText('second call');
    await expect(page.frame(n).getByRole('status')).not.toContainText('Ignored');
  });

  test('is followed by its figures when its theme changes', async ({ openArticle }) => {
    const page = await openArticle({ viewport: { width: 1000, height: 900 }, colorScheme: 'light' });
    await page.figure(0).scrollIntoViewIfNeeded();
    await live(page, 0);
    await button(page, 'Dark theme').click();
    await page.frame(0).locator('html[data-theme=dark]').waitFor({ state: 'attached' });
    await button(page, 'Light theme').click();
    await page.frame(0).locator('html[data-theme=light]').waitFor({ state: 'attached' });
  });

  test('reads without scripts, and its figures are links then', async ({ openArticle }) => {
    const page = await openArticle({ javaScriptEnabled: false });
    const links = page.locator('converge-demo a');
    await expect(links).toHaveCount(FIGURES.length);
    for (const link of await links.all()) {
      await expect(link).toHaveAttribute('href', /^\.\/#preset=\w+/);
      await expect(link).toBeVisible();
    }
  });

  test('asks for nothing beyond its own folder, and names nothing that is not there', async () => {
    const whole = await readFile(join(DIST, 'article.html'), 'utf8');
    const html = whole.replace(/<pre>.*?<\/pre>/s, '');
    for (const [, url] of html.matchAll(/\s(?:href|src)="([^"#]*)/g)) {
      expect(url).toMatch(/^(?:\.\/|[\w/-]+\.\w+)$/);
      if (url !== './') await readFile(join(DIST, url));
    }
    expect(html).not.toMatch(/<style\b|\sstyle=|\son\w+=|javascript:/i);
  });
});

test.describe('Embed', () => {
  test('gives a snippet that shows what it will be, and copies it', async ({ open, site }) => {
    const page = await open('#preset=travel&latency=hotels:3', {
      viewport: { width: 1000, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('html[data-whole]').waitFor({ state: 'attached' });
    await button(page, 'Embed').click();
    const panel = page.getByRole('dialog', { name: 'Embed', exact: true });
    const code = panel.getByLabel('Snippet', { exact: true });
    const element = `<script async src="${site.url}embed.js"></script>\n`
      + `<converge-demo preset="travel" latency="hotels:3" view="race">\n<a href="`;
    const startsWith = async (text) => expect.poll(async () => (await code.inputValue()).slice(0, text.length)).toBe(text);
    await startsWith(element);
    await live(page, 0);
    await page.locator('converge-demo iframe').contentFrame().getByText('hotels').first().waitFor();

    await panel.getByLabel('What it shows', { exact: true }).selectOption('flow');
    await panel.getByLabel('speed', { exact: true }).check();
    await expect(code).toHaveValue(/view="flow" hide="speed"/);
    await panel.getByRole('button', { name: 'Copy the snippet' }).click();
    await expect(status(page)).toHaveText(/The snippet is in the clipboard/);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await code.inputValue());

    await panel.getByLabel('Embed as', { exact: true }).selectOption('1');
    await expect(code).toHaveValue(/height="\d+"/);
    await startsWith(`<iframe src="${site.url}#preset=travel&amp;latency=hotels%3A3&amp;view=flow&amp;embed=1`);
    await panel.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(panel).toHaveCount(0);
    await expect(button(page, 'Embed')).toBeFocused();
  });

  test('is all there from the keyboard, and closes with Escape', async ({ open }) => {
    const page = await open('', { viewport: { width: 1000, height: 900 } });
    await page.locator('html[data-whole]').waitFor({ state: 'attached' });
    await button(page, 'Embed').focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Embed', exact: true });
    await panel.getByLabel('Snippet', { exact: true }).focus();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });
});

test.describe('each view by itself', () => {
  const REGIONS = {
    race: 'Race', flow: 'Flow', loop: 'Event loop', data: 'Prompts', code: 'Code', lab: 'What if', tail: 'Tail latency',
  };
  for (const [view, region] of Object.entries(REGIONS)) {
    test(`${view} is there, runs, and fits from 320 to 1280 px`, async ({ open }) => {
      const page = await open(`#embed=1&view=${view}&speed=8`, { viewport: { width: 1280, height: 700 } });
      await page.locator('html[data-whole]').waitFor({ state: 'attached' });
      const shown = (name) => page.getByRole('region', { name, exact: true });
      await expect(shown(region)).toBeVisible();
      for (const other of Object.values(REGIONS)) {
        const goesWith = other === region || (view === 'lab' && other === 'Race');
        await expect(shown(other)).toBeVisible({ visible: goesWith });
      }
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        for (const width of [1280, 768, 360, 320]) {
          await page.setViewportSize({ width, height: 700 });
          await expect.poll(() => tooWide(page), `at ${width} px`).toBeLessThanOrEqual(0);
        }
        expect(await violations(page)).toEqual([]);
      }
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
    });
  }

  test('the lab has what changes a run, and the pipeline', async ({ open }) => {
    const page = await open('#embed=1&view=lab&speed=8');
    await page.locator('html[data-whole]').waitFor({ state: 'attached' });
    await page.getByRole('combobox', { name: 'When a branch fails', exact: true }).selectOption('collect');
    await page.getByLabel('Concurrency limit', { exact: true }).waitFor();
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
  });
});

test('what a link to the page shows elsewhere is drawn from the posters as they are', async ({ open, owner }) => {
  const page = await open();
  const shown = await readFile(join(DIST, 'preview.png'));
  // Letters are drawn differently elsewhere; bars are not.
  const compare = async (preset) =>
    difference(page, shown, await drawPreview(preset, { letters: false, owner }), { drawn: true });
  const [is, other] = [await compare('researchers'), await compare('feedback')];
  expect(is, `${is} of its bars differs: run node tests/browser/preview.mjs`).toBeLessThan(0.05);
  expect(other, `another preset's bars differ by ${other} only`).toBeGreaterThan(0.09);
});
