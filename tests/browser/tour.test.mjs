// The tour: six things to do on the page, by hand or by keys, each noticed when it is done.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import axe from 'axe-core';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const card = (page) => page.getByRole('region', { name: 'Tour', exact: true });
const inTour = (page, name) => card(page).getByRole('button', { name, exact: true });
const isAt = (page, number) => card(page).getByText(`Step ${number} of 6`).waitFor();
/** Once it is noticed, the way on is Next and no longer Skip. */
const next = async (page) => inTour(page, 'Next').click();

after(quit);

describe('the tour', () => {
  test('notices each thing that is done, and leads to it', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8',
      { viewport: { width: 1280, height: 900 } });
    await ready(page);
    await button(page, 'Tour').click();
    await isAt(page, 1);
    assert.equal(await inTour(page, 'Next').count(), 0, 'nothing is done yet');
    await button(page, 'Guess first').click();
    await next(page);

    await isAt(page, 2);
    await inTour(page, 'Show me').click();
    await page.keyboard.press('Enter');
    await statusSays(page, /^Finished/);
    await next(page);

    await isAt(page, 3);
    await inTour(page, 'Show me').click();
    const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    assert.equal(await focused(), 'internal', 'the straggler has the focus');
    await page.keyboard.press('Shift+ArrowRight');
    await next(page);

    await isAt(page, 4);
    await page.getByRole('combobox', { name: 'Block the loop', exact: true }).selectOption('all');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    await next(page);
    await page.getByRole('combobox', { name: 'Block the loop', exact: true }).selectOption('');

    await isAt(page, 5);
    await page.getByRole('combobox', { name: 'Break a branch', exact: true }).selectOption('stock');
    await button(page, 'Run').click();
    await statusSays(page, /stock failed|failed/i);
    await next(page);
    await page.getByRole('combobox', { name: 'Break a branch', exact: true }).selectOption('');

    await isAt(page, 6);
    await page.getByRole('region', { name: 'Code', exact: true })
      .getByText('await asyncio.gather').first().click();
    await next(page);
    await card(page).getByText('That was the tour').waitFor();
    await inTour(page, 'Start again').click();
    await isAt(page, 1);
    await finish(page);
  });

  test('can be skipped, closed and taken up again, by keys only', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company');
    await ready(page);
    await button(page, 'Tour').focus();
    await page.keyboard.press('Enter');
    await isAt(page, 1);
    await page.waitForFunction(() => document.activeElement.id === 'tour-task');
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
    assert.equal(await card(page).count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tour');
    await page.keyboard.press('Enter');
    await isAt(page, 2);
    await finish(page);
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`has nothing that axe objects to, and fits at 320 px, ${colorScheme}`, async (t) => {
      const page = await open(t, await serveSite(t), '#preset=company',
        { colorScheme, viewport: { width: 320, height: 640 } });
      await ready(page);
      await button(page, 'Tour').click();
      await isAt(page, 1);
      await page.evaluate(axe.source);
      const found = await page.evaluate(() =>
        window.axe.run('.tour, .masthead').then(({ violations }) => violations));
      assert.deepEqual(found.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
      const box = await card(page).boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= 320 && box.height <= 400, JSON.stringify(box));
      await finish(page);
    });
  }
});

test('a branch that is broken by hand fails, and mends', async (t) => {
  const page = await open(t, await serveSite(t), '#preset=company&speed=8');
  await ready(page);
  const menu = page.getByRole('combobox', { name: 'Break a branch', exact: true });
  await menu.selectOption('stock');
  await page.waitForFunction(() => decodeURIComponent(location.hash).includes('fail=stock:500@0.45'));
  await button(page, 'Run').click();
  await statusSays(page, /stock.*500/);
  await menu.selectOption('');
  await button(page, 'Run').click();
  await statusSays(page, /^Finished/);
  await finish(page);
});
