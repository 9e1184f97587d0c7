// Small things that must not get in a reader's way: storage that never answers, a tour that Escape does
// not close, something sticky over what has the focus, an attribute that sanitizers take away.

import { demo, heard } from './lib/host.mjs';
import { button, openTab, ready, status } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

test('storage that never answers is given up, and named', async ({ open }) => {
  const init = () => {
    indexedDB.open = () => new EventTarget();
  };
  const page = await open('#preset=company&speed=8', { init });
  await ready(page);
  await openTab(page, 'Runs');
  await expect(page.getByText('storage did not answer within 3.0 s')).toBeVisible();
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText(/^Finished/);
  const history = page.getByRole('region', { name: 'Runs', exact: true });
  await expect(history.getByRole('list', { name: 'Earlier runs' }).getByRole('listitem')).toHaveCount(1);
  await expect(history).toHaveText(/storage does not answer, so they go when the page does/);
  await history.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(status(page)).toHaveText(/^Finished/);
});

test('Escape closes the tour, from its button and from inside', async ({ open }) => {
  const page = await open('#preset=company');
  await ready(page);
  const opener = button(page, 'Tour');
  for (const place of ['button', 'inside']) {
    await opener.focus();
    await page.keyboard.press('Enter');
    await expect(opener).toHaveAttribute('aria-expanded', 'true');
    // The tour takes the focus in the frame after the one that shows it.
    await expect(page.locator('#tour-task')).toBeFocused();
    if (place === 'button') await opener.focus();
    else await page.locator('.tour').getByRole('button', { name: 'Close', exact: true }).focus();
    await page.keyboard.press('Escape');
    await expect(opener).toHaveAttribute('aria-expanded', 'false');
    await expect(opener).toBeFocused();
  }
});

for (const [width, height] of [[320, 256], [360, 640], [1280, 800]]) {
  test(`nothing that has the focus lies under something else at ${width} x ${height}`, async ({ open }) => {
    const page = await open('#preset=company', { viewport: { width, height } });
    await ready(page);
    if (width !== 360) {
      await button(page, 'Tour').press('Enter');
      await expect(page.locator('#tour-task')).toBeFocused();
    }
    await page.evaluate(() => document.activeElement?.blur());
    const covered = [];
    for (let step = 0; step < 400; step += 1) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate(() => new Promise((done) => {
        // Where it is scrolled to shows in the next frame.
        requestAnimationFrame(() => {
          const at = document.activeElement;
          if (!at || at === document.body) return done(null);
          const box = at.getBoundingClientRect();
          const xs = [box.left + 2, (box.left + box.right) / 2, box.right - 2];
          const ys = [box.top + 2, (box.top + box.bottom) / 2, box.bottom - 2];
          const points = xs.flatMap((x) => ys.map((y) => [x, y]))
            .filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
          const over = (x, y) => document.elementFromPoint(x, y);
          const own = (e) => e && (at.contains(e) || e.contains(at) || e.closest('label')?.contains(at));
          const stuck = (e) => {
            for (let one = e; one; one = one.parentElement) {
              if (/sticky|fixed/.test(getComputedStyle(one).position)) return !one.contains(at);
            }
            return false;
          };
          const isHidden = points.length > 0 && points.every(([x, y]) => !own(over(x, y)) && stuck(over(x, y)));
          return done(isHidden ? at.outerHTML.slice(0, 160) : '');
        });
      }));
      if (found === null) break;
      if (found) covered.push(found);
    }
    expect(covered).toEqual([]);
  });
}

test('the element takes on-error, and follows it', async ({ openHost }) => {
  const page = await openHost(() => demo('preset="company" view="race" on-error="collect" fail="stock:500@0.05" speed="8"'));
  await heard(page, 'ready');
  await page.locator('converge-demo').evaluate((node) => node.run());
  const [{ detail }] = await heard(page, 'end');
  expect(detail.schedules.parallel.outcome).toBe('done');
  await page.locator('converge-demo').evaluate((node) => node.setAttribute('on-error', 'cancel'));
  await page.locator('converge-demo').evaluate((node) => node.run());
  const [, again] = await heard(page, 'end', 2);
  expect(again.detail.schedules.parallel.outcome).toBe('failed');
});
