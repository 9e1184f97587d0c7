// The page for people who do not see it, or see it small, or use only a keyboard.

import { violations } from './lib/axe.mjs';
import {
  button, openAdvanced, openMenu, openTab, patient, ready, sheet, status, tooWide, whole,
} from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const HEIGHT = 900;

/** How to bring the page into each state, and to keep it there while it is looked at. */
const STATES = {
  idle: { hash: '#preset=company', reach: ready },
  // A tenth of the speed: the run outlasts the look.
  running: {
    hash: '#preset=company&speed=0.1&autoplay=1',
    reach: async (page) => {
      await expect(status(page)).toHaveText(/^Running/);
      await whole(page);
    },
  },
  finished: {
    hash: '#preset=company&speed=8&autoplay=1',
    reach: async (page) => {
      await expect(status(page)).toHaveText(/^Finished/);
      await whole(page);
    },
  },
  failed: {
    hash: '#preset=company&speed=8&fail=stock:500@0.4&autoplay=1',
    reach: async (page) => {
      await expect(status(page)).toHaveText(/Stock failed/);
      await whole(page);
    },
  },
  editing: { hash: '#preset=company', reach: edit },
};

const TABS = ['Answers', 'Code', 'Event loop', 'Prompts', 'What if', 'Tail latency', 'Runs'];

/** How each dialog and menu is opened. */
const DIALOGS = {
  provider: openAdvanced,
  'a missing key': async (page) => {
    await button(page, 'Run').click();
    await sheet(page).getByText(/^Enter an OpenAI API key/).waitFor();
  },
  share: (page) => openDialog(page, 'Share'),
  embed: (page) => openDialog(page, 'Embed'),
  menu: openMenu,
  export: async (page) => {
    await openMenu(page);
    await openDialog(page, 'Export');
  },
  scenarios: async (page) => {
    await button(page, 'Scenario').click();
    await scenarios(page).waitFor();
  },
};

const scenarios = (page) => page.getByRole('region', { name: 'Scenarios', exact: true });

/** Opens the dialog that has the name of its button. */
async function openDialog(page, name) {
  await button(page, name).click();
  await page.getByRole('dialog', { name, exact: true }).waitFor();
}

/** The editor open, an agent's fields in it, and a problem at one of them. */
async function edit(page) {
  await ready(page);
  await openTab(page, 'Prompts');
  await button(page, 'Edit pipeline').click();
  const agent = page.getByRole('group', { name: 'social', exact: true });
  await agent.getByRole('button', { name: 'social' }).first().click();
  await agent.getByLabel('Prompt', { exact: true }).fill('What of {topic} and {stok}?');
  await expect(agent.getByLabel('Prompt', { exact: true })).toHaveAttribute('aria-invalid', 'true');
}

test.describe('accessibility', () => {
  for (const width of [1280, 768, 360]) {
    for (const colorScheme of ['light', 'dark']) {
      for (const [state, { hash, reach }] of Object.entries(STATES)) {
        test(`axe finds nothing at ${width} px, ${colorScheme}, ${state}`, async ({ open }) => {
          const viewport = { width, height: HEIGHT };
          const page = await open(hash, { viewport, colorScheme });
          await reach(page);
          expect(await violations(page)).toEqual([]);
        });
      }
    }
  }

  for (const width of [1280, 768, 360]) {
    for (const colorScheme of ['light', 'dark']) {
      test(`axe finds nothing in any tab at ${width} px, ${colorScheme}`, async ({ open }) => {
        const page = await open('#preset=company&speed=8&autoplay=1', { viewport: { width, height: HEIGHT }, colorScheme });
        await expect(status(page)).toHaveText(/^Finished/);
        await whole(page);
        for (const name of TABS) {
          await openTab(page, name);
          expect(await violations(page), name).toEqual([]);
        }
      });

      test(`axe finds nothing in any dialog at ${width} px, ${colorScheme}`, async ({ open }) => {
        const page = await open('#preset=company&provider=openai', { viewport: { width, height: HEIGHT }, colorScheme });
        await ready(page);
        for (const [name, show] of Object.entries(DIALOGS)) {
          await show(page);
          expect(await violations(page), name).toEqual([]);
          await page.keyboard.press('Escape');
        }
      });
    }
  }

  test('axe finds nothing in a first visit, before the rest of the page is there', async ({ open }) => {
    const page = await open('#speed=0.1', { init: patient });
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Running/);
    expect(await violations(page)).toEqual([]);
    await expect(page.locator('html[data-whole]')).toHaveCount(0);
  });

  for (const view of ['race', 'flow', 'loop', 'data', 'code', 'tail']) {
    test(`axe finds nothing in the ${view} as a figure of an article`, async ({ open }) => {
      const hash = `#embed=1&view=${view}&speed=8&autoplay=1`;
      const page = await open(hash, { viewport: { width: 600, height: HEIGHT } });
      await expect(status(page)).toHaveText(/^Finished/);
      expect(await violations(page)).toEqual([]);
    });
  }

  for (const width of [1280, 360]) {
    test(`every control is a target of 24 px or more at ${width} px`, async ({ open }) => {
      for (const { hash, reach } of Object.values(STATES)) {
        const page = await open(hash, { viewport: { width, height: HEIGHT } });
        await reach(page);
        const small = await page.evaluate(() =>
          [...document.querySelectorAll('button, select, input, textarea, summary, [role=slider]')]
            .filter((node) => node.checkVisibility({ visibilityProperty: true }))
            // A label is part of what can be hit.
            .map((node) => [node, (node.closest('label') ?? node).getBoundingClientRect()])
            .filter(([, { width, height }]) => width < 23.5 || height < 23.5)
            .map(([node, { width, height }]) =>
              `${width.toFixed(0)} x ${height.toFixed(0)}: ${node.outerHTML.slice(0, 90)}`));
        expect(small, hash).toEqual([]);
        await page.context().close();
      }
    });
  }

  // 640 px is what a page of 1280 px has when it is zoomed to 200 %.
  test('nothing scrolls sideways at 320 px, nor at 200 %', async ({ open }) => {
    const cases = [320, 640].flatMap((width) => Object.values(STATES).map((state) => ({ width, ...state })));
    for (const { hash, reach, width } of cases) {
      const page = await open(hash, { viewport: { width, height: HEIGHT } });
      await reach(page);
      await expect.poll(() => tooWide(page), `${hash} at ${width} px`).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });

  test('every control can be reached with Tab, and shows that it is focused', async ({ open }) => {
    const page = await open('#preset=company');
    await ready(page);
    const total = await page.evaluate(() => {
      const focusable = 'button, select, input, textarea, summary, a[href], [role=slider], [tabindex]';
      window.controls = [...document.querySelectorAll(focusable)].filter((node) =>
        node.checkVisibility({ visibilityProperty: true }) && !node.disabled && node.tabIndex >= 0);
      window.reached = new Set();
      return window.controls.length;
    });
    expect(total, `only ${total} controls`).toBeGreaterThanOrEqual(4);
    for (let presses = 0; presses < total + 5; presses += 1) {
      await page.keyboard.press('Tab');
      await page.evaluate(() => {
        const node = document.activeElement;
        // Of a field in a chip, the chip shows it.
        const shown = [node, node.closest('label')].filter(Boolean).some((of) => {
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
          return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
        });
        if (shown) window.reached.add(node);
      });
    }
    const missed = await page.evaluate(() =>
      window.controls.filter((node) => !window.reached.has(node)).map((node) => node.outerHTML.slice(0, 120)));
    expect(missed, 'controls that Tab does not reach, or that do not show their focus').toEqual([]);
  });

  test('every tab and every dialog can be used from the keyboard', async ({ open }) => {
    const page = await open('#preset=company&speed=8');
    await ready(page);
    await page.keyboard.press('Tab');
    for (const name of ['Embed', 'Share']) {
      await page.keyboard.press('ArrowRight');
      await expect(button(page, name)).toBeFocused();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name, exact: true }).waitFor();
      await page.keyboard.press('Escape');
      await expect(button(page, name)).toBeFocused();
    }
    await page.keyboard.press('Tab');
    await expect(button(page, 'Scenario')).toBeFocused();
    await page.keyboard.press('Enter');
    await scenarios(page).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(button(page, 'Scenario')).toBeFocused();
    const focused = () => page.evaluate(() => document.activeElement.textContent);
    for (let presses = 0; presses < 8 && await focused() !== 'Run'; presses += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(status(page)).toHaveText(/^Finished/);
    await page.getByRole('tab', { selected: true }).focus();
    for (const name of TABS.slice(1)) {
      await page.keyboard.press('ArrowRight');
      await expect(page.getByRole('tab', { name, exact: true })).toBeFocused();
      await expect(page.getByRole('tabpanel', { name, exact: true })).toBeVisible();
    }
  });

  test('the whole race can be run from the keyboard', async ({ open }) => {
    const page = await open('#preset=company&speed=8');
    await ready(page);
    await button(page, 'Run').focus();
    await page.keyboard.press('Enter');
    await expect(status(page)).toHaveText(/^Finished/);
  });
});
