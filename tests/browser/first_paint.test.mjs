// What the page's HTML shows until the program is there: the figure, and a button that is not in vain.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import axe from 'axe-core';
import { finish, open, quit } from './lib/browser.mjs';
import { button, statusSays, statusText } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

after(quit);

/** A page whose program is held back until `arrive()`. */
async function early(t, hash = '', options = {}) {
  let arrive;
  const gate = new Promise((resolve) => { arrive = resolve; });
  const site = await serveSite(t, {
    override: async (name) => { if (name.endsWith('.wasm')) await gate; },
  });
  const page = await open(t, site, hash, options);
  return Object.assign(page, { arrive });
}

/** A site whose program does not arrive; what the browser says of that; and what the page does. */
const withoutProgram = (t) => serveSite(t, {
  override: (name) => name.endsWith('.wasm') && { status: 404, body: 'gone' },
});
const GONE = [/404/, /preload/];
const told = (page) => page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();

const there = (page) => page.locator('#first-paint').waitFor({ state: 'detached' });

describe('the first paint', () => {
  for (const width of [1280, 768, 360]) {
    test(`is the figure, which the page takes over without a jump at ${width} px`, async (t) => {
      const site = await serveSite(t);
      const page = await open(t, site, '', {
        viewport: { width, height: 900 },
        init: () => {
          window.shifts = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.shifts += entry.value;
          }).observe({ type: 'layout-shift', buffered: true });
          // What was there when the document was.
          addEventListener('DOMContentLoaded', () => {
            window.first = document.querySelector('#first-paint svg[role=img]')?.getAttribute('aria-label');
          });
        },
      });
      await page.locator('html[data-whole]').waitFor({ state: 'attached' });
      assert.match(await page.evaluate(() => window.first), /sequential 5\.1 s, parallel 2\.3 s/);
      assert.equal(await page.locator('#first-paint').count(), 0);
      assert.equal(await page.evaluate(() => window.shifts), 0);
      await finish(page);
    });
  }

  test('stays where the program does not arrive, with what failed', async (t) => {
    const site = await withoutProgram(t);
    const page = await open(t, site);
    await told(page);
    assert.ok(await page.getByRole('img', { name: /sequential 5\.1 s/ }).isVisible());
    await finish(page, GONE);
  });

  test('is not a figure of something else than the address asks for', async (t) => {
    const site = await withoutProgram(t);
    for (const hash of ['#preset=travel', '#latency=news:9', '#view=flow', '#embed=1&view=loop']) {
      const page = await open(t, site, hash);
      await told(page);
      assert.equal(await page.getByRole('img', { name: /sequential 5\.1 s/ }).count(), 0, hash);
      await finish(page, GONE);
    }
  });

  test('starts the run that was asked for before the program came, and hands the focus on', async (t) => {
    const page = await early(t);
    await button(page, 'Run').press('Enter');
    await button(page, 'Starting').waitFor();
    await page.evaluate(axe.source);
    const found = await page.evaluate(() => window.axe.run());
    assert.deepEqual(found.violations.map(({ id }) => id), []);
    page.arrive();
    await there(page);
    await statusSays(page, /^Running/);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Stop');
    await statusSays(page, /^Finished: sequential 5\.\d s, parallel 2\.\d s/);
    await finish(page);
  });

  test('starts nothing that nobody asked for, and takes no focus', async (t) => {
    const page = await early(t);
    await button(page, 'Run').waitFor();
    page.arrive();
    await page.locator('html[data-whole]').waitFor({ state: 'attached' });
    assert.match(await statusText(page), /^Ready/);
    assert.equal(await page.evaluate(() => document.activeElement.localName), 'body');
    await finish(page);
  });

  for (const hash of ['', '#view=race&embed=1']) {
    for (const width of [1280, 1000, 768, 560, 390, 320]) {
      test(`has Run where it stays, at ${width} px ${hash}`, async (t) => {
        const page = await early(t, hash, { viewport: { width, height: 900 } });
        const place = async () => {
          const { x, y, width, height } = await button(page, 'Run').boundingBox();
          return [x, y, width, height].map(Math.round);
        };
        await button(page, 'Run').waitFor();
        const before = await place();
        page.arrive();
        await there(page);
        await page.locator('html[data-whole]').waitFor({ state: 'attached' });
        const moved = (await place()).map((at, n) => Math.abs(at - before[n]));
        assert.ok(moved.every((pixels) => pixels <= 4), `moved by ${moved} from ${before}`);
        await finish(page);
      });
    }
  }

  for (const hash of ['#autoplay=1', '#hide=transport', '#preset=travel', '#provider=openai']) {
    test(`offers no run of something else, as with ${hash}`, async (t) => {
      const page = await early(t, hash);
      await page.locator('#first-paint').waitFor({ state: 'attached' });
      assert.equal(await page.locator('#first-paint button').count(), 0);
      page.arrive();
      await there(page);
      await finish(page);
    });
  }

  test('offers nothing that cannot work', async (t) => {
    const site = await withoutProgram(t);
    const page = await open(t, site);
    await told(page);
    assert.equal(await button(page, 'Run').count(), 0);
    await finish(page, GONE);
    const plain = await open(t, site, '', { javaScriptEnabled: false });
    assert.ok(await plain.getByRole('img', { name: /sequential 5\.1 s/ }).isVisible());
    assert.equal(await plain.getByRole('button').count(), 0);
  });
});
