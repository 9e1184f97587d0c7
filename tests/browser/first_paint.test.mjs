// What the page's HTML shows until the program is there: the figure, and a button that is not in vain.

import { violations } from './lib/axe.mjs';
import { button, status } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

const test = base.extend({
  /** A page whose program is held back until `arrive()`. */
  early: ({ serve, open }, use) => use(async (hash = '', options = {}) => {
    let arrive;
    const gate = new Promise((resolve) => { arrive = resolve; });
    const site = await serve({
      override: async (name) => { if (name.endsWith('.wasm')) await gate; },
    });
    const page = await open(hash, { site, ...options });
    return Object.assign(page, { arrive });
  }),

  /** A page whose program does not arrive, and what the browser says of that. */
  withoutProgram: ({ serve, open }, use) => use(async (hash = '', options = {}) => {
    const site = await serve({
      override: (name) => name.endsWith('.wasm') && { status: 404, body: 'gone' },
    });
    return open(hash, { site, expected: [/404/, /preload/], ...options });
  }),
});

const told = (page) => page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();

const there = (page) => page.locator('#first-paint').waitFor({ state: 'detached' });

test.describe('the first paint', () => {
  for (const width of [1280, 768, 360]) {
    test(`is the figure, which the page takes over without a jump at ${width} px`, async ({ open }) => {
      const page = await open('', {
        viewport: { width, height: 900 },
        init: () => {
          window.shifts = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.shifts += entry.value;
          }).observe({ type: 'layout-shift', buffered: true });
          // What was there when the document was.
          addEventListener('DOMContentLoaded', () => {
            window.first = document.querySelector('#first-paint [role=img]')?.getAttribute('aria-label');
          });
        },
      });
      await page.locator('html[data-whole]').waitFor({ state: 'attached' });
      expect(await page.evaluate(() => window.first)).toBe('Three researchers: the stage before the run');
      await expect(page.locator('#first-paint')).toHaveCount(0);
      expect(await page.evaluate(() => window.shifts)).toBe(0);
    });
  }

  test('gives way to the outcome where the program does not arrive, with what failed', async ({ withoutProgram }) => {
    const page = await withoutProgram();
    await told(page);
    await expect(page.getByRole('img', { name: /before the run/ })).toHaveCount(0);
    await expect(page.getByRole('img', { name: /sequential 4\.4 s/ })).toBeVisible();
  });

  test('is not a figure of something else than the address asks for', async ({ withoutProgram }) => {
    for (const hash of ['#preset=travel', '#latency=news:9', '#view=flow', '#embed=1&view=loop']) {
      const page = await withoutProgram(hash);
      await told(page);
      await expect(page.getByRole('img', { name: /sequential 4\.4 s/ }), hash).toHaveCount(0);
    }
  });

  test('starts the run that was asked for before the program came, and hands the focus on', async ({ early }) => {
    const page = await early();
    await button(page, 'Run').press('Enter');
    await button(page, 'Starting').waitFor();
    expect(await violations(page)).toEqual([]);
    page.arrive();
    await there(page);
    await expect(status(page)).toHaveText(/^Running/);
    await expect(button(page, 'Stop')).toBeFocused();
    await expect(status(page)).toHaveText(/^Finished: sequential [\d.]+ s, parallel [\d.]+ s/);
    const [sequential, parallel] = (await status(page).innerText()).match(/[\d.]+(?= s)/g).map(Number);
    expect(sequential).toBeGreaterThanOrEqual(4.4);
    expect(parallel).toBeGreaterThanOrEqual(2.3);
  });

  test('starts nothing that nobody asked for, and takes no focus', async ({ early }) => {
    const page = await early();
    await button(page, 'Run').waitFor();
    page.arrive();
    await page.locator('html[data-whole]').waitFor({ state: 'attached' });
    await expect(status(page)).toHaveText(/^Press Run/);
    expect(await page.evaluate(() => document.activeElement.localName)).toBe('body');
  });

  for (const hash of ['', '#view=race&embed=1']) {
    for (const width of [1280, 1000, 768, 560, 390, 320]) {
      test(`has Run where it stays, at ${width} px ${hash}`, async ({ early }) => {
        const page = await early(hash, { viewport: { width, height: 900 } });
        const place = async () => {
          const { x, y, width, height } = await button(page, 'Run').boundingBox();
          return [x, y, width, height].map(Math.round);
        };
        await button(page, 'Run').waitFor();
        const before = await place();
        page.arrive();
        await there(page);
        await page.locator('html[data-whole]').waitFor({ state: 'attached' });
        const moved = async () => Math.max(...(await place()).map((at, n) => Math.abs(at - before[n])));
        await expect.poll(moved, `pixels, from ${before}`).toBeLessThanOrEqual(4);
      });
    }
  }

  for (const hash of ['#autoplay=1', '#hide=transport', '#preset=travel', '#provider=openai']) {
    test(`offers no run of something else, as with ${hash}`, async ({ early }) => {
      const page = await early(hash);
      await page.locator('#first-paint').waitFor({ state: 'attached' });
      await expect(page.locator('#first-paint button')).toHaveCount(0);
      page.arrive();
      await there(page);
    });
  }

  test('offers nothing that cannot work', async ({ withoutProgram }) => {
    const page = await withoutProgram();
    await told(page);
    await expect(button(page, 'Run')).toHaveCount(0);
    const plain = await withoutProgram('', { javaScriptEnabled: false });
    await expect(plain.getByRole('img', { name: /sequential 4\.4 s/ })).toBeVisible();
    await expect(plain.getByRole('button')).toHaveCount(0);
  });
});
