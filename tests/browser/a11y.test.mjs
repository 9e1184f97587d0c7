// The page for people who do not see it, or see it small, or use only a keyboard.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import axe from 'axe-core';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays, whole } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const HEIGHT = 900;

/** How to bring the page into each state, and to keep it there while it is looked at. */
const STATES = {
  idle: { hash: '#preset=company', reach: ready },
  // A tenth of the speed: the run outlasts the look.
  running: {
    hash: '#preset=company&speed=0.1&autoplay=1',
    reach: async (page) => {
      await statusSays(page, /^Running/);
      await whole(page);
    },
  },
  finished: {
    hash: '#preset=company&speed=8&autoplay=1',
    reach: async (page) => {
      await statusSays(page, /^Finished/);
      await whole(page);
    },
  },
  failed: {
    hash: '#preset=company&speed=8&fail=stock:500@0.4&autoplay=1',
    reach: async (page) => {
      await statusSays(page, /stock failed/);
      await whole(page);
    },
  },
  editing: { hash: '#preset=company', reach: edit },
};

/** The editor open, an agent's fields in it, and a problem at one of them. */
async function edit(page) {
  await ready(page);
  await button(page, 'Edit the pipeline').click();
  const agent = page.getByRole('group', { name: 'social', exact: true });
  await agent.getByRole('button', { name: 'social' }).first().click();
  await agent.getByLabel('Prompt', { exact: true }).fill('What of {topic} and {stok}?');
}

after(quit);

describe('accessibility', () => {
  for (const width of [1280, 768, 360]) {
    for (const colorScheme of ['light', 'dark']) {
      for (const [state, { hash, reach }] of Object.entries(STATES)) {
        test(`axe finds nothing at ${width} px, ${colorScheme}, ${state}`, async (t) => {
          const viewport = { width, height: HEIGHT };
          const page = await open(t, await serveSite(t), hash, { viewport, colorScheme });
          await reach(page);
          assert.deepEqual(await violations(page), []);
          await finish(page);
        });
      }
    }
  }

  test('axe finds nothing in a first visit, before the rest of the page is there', async (t) => {
    const page = await open(t, await serveSite(t), '#speed=0.1');
    await button(page, 'Run').click();
    await statusSays(page, /^Running/);
    assert.deepEqual(await violations(page), []);
    assert.equal(await page.locator('html[data-whole]').count(), 0);
    await finish(page);
  });

  for (const view of ['race', 'flow', 'loop', 'data', 'code']) {
    test(`axe finds nothing in the ${view} as a figure of an article`, async (t) => {
      const hash = `#embed=1&view=${view}&speed=8&autoplay=1`;
      const page = await open(t, await serveSite(t), hash, { viewport: { width: 600, height: HEIGHT } });
      await statusSays(page, /^Finished/);
      assert.deepEqual(await violations(page), []);
      await finish(page);
    });
  }

  for (const width of [1280, 360]) {
    test(`every control is a target of 24 px or more at ${width} px`, async (t) => {
      const site = await serveSite(t);
      for (const { hash, reach } of Object.values(STATES)) {
        const page = await open(t, site, hash, { viewport: { width, height: HEIGHT } });
        await reach(page);
        const small = await page.evaluate(() =>
          [...document.querySelectorAll('button, select, input, textarea, summary, [role=slider]')]
            .filter((node) => node.checkVisibility({ visibilityProperty: true }))
            // A label is part of what can be hit.
            .map((node) => [node, (node.closest('label') ?? node).getBoundingClientRect()])
            .filter(([, { width, height }]) => width < 23.5 || height < 23.5)
            .map(([node, { width, height }]) =>
              `${width.toFixed(0)} x ${height.toFixed(0)}: ${node.outerHTML.slice(0, 90)}`));
        assert.deepEqual(small, [], hash);
        await finish(page);
      }
    });
  }

  // 640 px is what a page of 1280 px has when it is zoomed to 200 %.
  test('nothing scrolls sideways at 320 px, nor at 200 %', async (t) => {
    const site = await serveSite(t);
    const cases = [320, 640].flatMap((width) => Object.values(STATES).map((state) => ({ width, ...state })));
    for (const { hash, reach, width } of cases) {
      const page = await open(t, site, hash, { viewport: { width, height: HEIGHT } });
      await reach(page);
      const { wide, culprits } = await page.evaluate(() => ({
        wide: document.scrollingElement.scrollWidth - document.documentElement.clientWidth,
        culprits: [...document.body.querySelectorAll('*')]
          .filter((node) => node.getBoundingClientRect().right > innerWidth + 0.5)
          .slice(0, 8)
          .map((node) => node.outerHTML.slice(0, 80)),
      }));
      assert.ok(wide <= 0, `${hash} at ${width} px: ${wide} px too wide, maybe for ${culprits.join('\n')}`);
      await finish(page);
    }
  });

  test('every control can be reached with Tab, and shows that it is focused', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company');
    await ready(page);
    const total = await page.evaluate(() => {
      const focusable = 'button, select, input, textarea, summary, a[href], [role=slider], [tabindex]';
      window.controls = [...document.querySelectorAll(focusable)].filter((node) =>
        node.checkVisibility({ visibilityProperty: true }) && !node.disabled && node.tabIndex >= 0);
      window.reached = new Set();
      return window.controls.length;
    });
    assert.ok(total >= 4, `only ${total} controls`);
    for (let presses = 0; presses < total + 5; presses += 1) {
      await page.keyboard.press('Tab');
      await page.evaluate(() => {
        const node = document.activeElement;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node);
        const shown = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
        if (shown) window.reached.add(node);
      });
    }
    const missed = await page.evaluate(() =>
      window.controls.filter((node) => !window.reached.has(node)).map((node) => node.outerHTML.slice(0, 120)));
    assert.deepEqual(missed, [], 'controls that Tab does not reach, or that do not show their focus');
    await finish(page);
  });

  test('the whole race can be run from the keyboard', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8');
    await ready(page);
    await button(page, 'Run').focus();
    await page.keyboard.press('Enter');
    await statusSays(page, /^Finished/);
    await finish(page);
  });
});

/** What axe objects to, one line each. It comes in through the debugger, so the policy stays on. */
async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run(document));
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.any[0]?.message ?? ''}`));
}
