// The tour: six things to do on the page, by hand or by keys, each noticed when it is done.

import { violations } from './lib/axe.mjs';
import { button, openTab, ready, status } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const card = (page) => page.getByRole('region', { name: 'Tour', exact: true });
const inTour = (page, name) => card(page).getByRole('button', { name, exact: true });
const isAt = (page, number) => card(page).getByText(`Step ${number} of 6`).waitFor();
/** Once it is noticed, the way on is Next and no longer Skip. */
const next = async (page) => inTour(page, 'Next').click();

test.describe('the tour', () => {
  test('notices each thing that is done, and leads to it', async ({ open }) => {
    // The straggler is one by so much that late timers make no other.
    const page = await open('#preset=company&latency=internal:6&speed=8', { viewport: { width: 1280, height: 900 } });
    await ready(page);
    await button(page, 'Tour').click();
    await isAt(page, 1);
    await expect(inTour(page, 'Next'), 'nothing is done yet').toHaveCount(0);
    await button(page, 'Guess the parallel time').click();
    await next(page);

    await isAt(page, 2);
    await inTour(page, 'Show me').click();
    await expect(button(page, 'Run')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(status(page)).toHaveText(/^Finished/);
    await next(page);

    await isAt(page, 3);
    await inTour(page, 'Show me').click();
    await expect(page.locator(':focus'), 'the straggler has the focus').toHaveAttribute('aria-label', 'internal');
    await page.keyboard.press('Shift+ArrowRight');
    await next(page);

    await isAt(page, 4);
    await openTab(page, 'Event loop');
    await page.getByRole('combobox', { name: 'Block the event loop', exact: true }).selectOption('all');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await next(page);
    await page.getByRole('combobox', { name: 'Block the event loop', exact: true }).selectOption('');

    await isAt(page, 5);
    await openTab(page, 'What if');
    await page.getByRole('combobox', { name: 'Fail a branch', exact: true }).selectOption('stock');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/stock failed/i);
    await next(page);
    await page.getByRole('combobox', { name: 'Fail a branch', exact: true }).selectOption('');

    await isAt(page, 6);
    await openTab(page, 'Code');
    await page.getByRole('region', { name: 'Code', exact: true })
      .getByText('await asyncio.gather').first().click();
    await next(page);
    await card(page).getByText('That was the tour').waitFor();
    await inTour(page, 'Start again').click();
    await isAt(page, 1);
  });

  test('can be skipped, closed and taken up again, by keys only', async ({ open }) => {
    const page = await open('#preset=company');
    await ready(page);
    await button(page, 'Tour').focus();
    await page.keyboard.press('Enter');
    await isAt(page, 1);
    await expect(page.locator('#tour-task')).toBeFocused();
    const press = async (name) => {
      await inTour(page, name).focus();
      await page.keyboard.press('Enter');
    };
    await press('Skip');
    await isAt(page, 2);
    await press('Skip');
    await isAt(page, 3);
    await press('Back');
    await isAt(page, 2);
    await press('Close');
    await expect(card(page)).toHaveCount(0);
    await expect(page.locator('#tour')).toBeFocused();
    await page.keyboard.press('Enter');
    await isAt(page, 2);
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`has nothing that axe objects to, and fits at 320 px, ${colorScheme}`, async ({ open }) => {
      const page = await open('#preset=company', { colorScheme, viewport: { width: 320, height: 640 } });
      await ready(page);
      await button(page, 'Tour').click();
      await isAt(page, 1);
      expect(await violations(page, { within: '.tour, .masthead' })).toEqual([]);
      const { x, width, height } = await card(page).boundingBox();
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(320);
      expect(height).toBeLessThanOrEqual(400);
    });
  }
});

for (const viewport of [{ width: 1280, height: 800 }, { width: 768, height: 800 }, { width: 360, height: 740 }]) {
  test(`the offer after the first run covers no control at ${viewport.width} px`, async ({ open }) => {
    const page = await open('#preset=company&speed=8', { viewport });
    await ready(page);
    await button(page, 'Run').click();
    await page.getByRole('group', { name: 'Tour offer', exact: true }).waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    const covered = await page.locator('.masthead, .title-row, .transport').evaluateAll((places) => {
      const controls = places.flatMap((place) => [...place.querySelectorAll('button, input, select')]);
      const isCovered = (control) => {
        const box = control.getBoundingClientRect();
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return top && !control.contains(top) && !top.closest('label')?.contains(control);
      };
      return controls.filter((control) => control.checkVisibility() && isCovered(control)).map(({ outerHTML }) => outerHTML);
    });
    expect(covered).toEqual([]);
    await expect(page.getByText('Six short tasks')).toBeVisible();
    const title = await page.getByRole('heading', { level: 1 }).evaluate((title) => {
      const { left, top, width, height } = title.getBoundingClientRect();
      return [getComputedStyle(title).opacity, document.elementFromPoint(left + width / 3, top + height / 2) === title];
    });
    expect(title, 'the title is there').toEqual(['1', true]);
  });
}

test('a branch that is broken by hand fails, and mends', async ({ open }) => {
  const page = await open('#preset=company&speed=8');
  await ready(page);
  await openTab(page, 'What if');
  const menu = page.getByRole('combobox', { name: 'Fail a branch', exact: true });
  await menu.selectOption('stock');
  await expect.poll(() => decodeURIComponent(page.url())).toContain('fail=stock:500@0.45');
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText(/Stock.*500/);
  await menu.selectOption('');
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText(/^Finished/);
});
