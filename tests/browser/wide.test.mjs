// Very many agents: all of them in one picture, any of them found and looked at, every figure to be
// had, and a page that goes on answering meanwhile.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import axe from 'axe-core';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, status, statusSays, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';
import { slowness, tasks } from './lib/tasks.mjs';

const WIDE = '#preset=fanout&n=10000&schedule=parallel';
const region = (page, name) => page.getByRole('region', { name, exact: true });
const table = (page) => page.getByRole('table', { name: 'Timeline', exact: true });
const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const finder = (page) => page.getByRole('searchbox', { name: 'Find an agent' });
const inView = (page) => page.getByRole('group', { name: 'Agents in view', exact: true });
const pager = (view, what = 'Agents') => view.getByRole('group', { name: `${what}, page by page` });
const laneNames = (page, kind = 'parallel') =>
  page.locator(`.track[data-kind=${kind}] .lane:not(.all-lanes) .lane-name`).allTextContents();

/** No freeze is longer, in milliseconds of the thread's own time. */
const FREEZE = 100;

/** Holds a task to so many milliseconds, and to more on a machine that is slow at the moment. */
async function hold(page, what, longest, most) {
  const slow = await slowness(page);
  const told = `${what}: a task of ${longest.toFixed(0)} ms, on a machine ${slow.toFixed(2)} times as slow as usual`;
  assert.ok(longest <= most * slow, told);
}

async function answers(page, what, act, most = FREEZE) {
  const { longest } = await tasks(page, act);
  await hold(page, what, longest, most);
}

/** Moves the cursor to that share of the run, and waits for the picture. */
const scrub = (page, share) => time(page).evaluate((slider, share) => {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  set.call(slider, String(Number(slider.max) * share));
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  return new Promise((drawn) => { requestAnimationFrame(drawn); });
}, share);

after(quit);

describe('ten thousand agents', () => {
  test('run, and the page answers all the while', async (t) => {
    const site = await serveSite(t);
    // The page that is looked at has to be there before it is looked at.
    const page = await open(t, site, '#preset=company', { viewport: { width: 1280, height: 900 } });
    await ready(page);
    await answers(page, 'making another pipeline wide', async () => {
      await page.goto(`${site.url}${WIDE}`);
      await region(page, 'Race').getByText(/^1\.3 = max\(0\.5, /).waitFor();
    });
    await answers(page, 'opening the page', async () => {
      await page.reload();
      await ready(page);
      await region(page, 'Race').getByText(/^1\.3 = max\(0\.5, /).waitFor();
    });
    await answers(page, 'running', async () => {
      await button(page, 'Run').click();
      // How late so many timers are depends on the machine.
      await statusSays(page, /^Finished: parallel \d\.\d s/, 60_000);
    });
    await answers(page, 'moving the cursor', async () => {
      for (const share of [0.9, 0.3, 0.6, 0.1, 0.5]) await scrub(page, share);
    });
    await answers(page, 'searching', async () => {
      await finder(page).pressSequentially('task7777');
      await pager(region(page, 'Every start and end')).getByText('7,777 to').waitFor();
    });
    await answers(page, 'looking closer', async () => {
      await button(page, 'Closer').click();
      await button(page, 'Closer').click();
      await scrub(page, 0.4);
    });
    await button(page, 'Wider').click();
    await button(page, 'Wider').click();
    await answers(page, 'changing how long one takes', async () => {
      await page.getByRole('slider', { name: 'task7777', exact: true }).focus();
      await page.keyboard.press('Shift+ArrowRight');
      await region(page, 'Race').getByText(/^2\.3 ≈? ?=? ?max\(0\.5, /).waitFor();
    });
    await finish(page);
  });

  test('are all in one picture, and any of them is found by its name', async (t) => {
    const page = await open(t, await serveSite(t), `${WIDE}&latency=task9999:3&autoplay=1`,
      { viewport: { width: 1280, height: 900 } });
    await ready(page);
    await statusSays(page, /^Finished/, 60_000);
    // As many rows as there is room for, and the straggler at the bottom is in it.
    const done = page.locator('.all-lanes path.many-done');
    const drawn = await done.getAttribute('d');
    const rows = new Set([...drawn.matchAll(/M[\d.]+ (\d+)h/g)].map(([, row]) => Number(row)));
    assert.equal(rows.size, 160);
    assert.ok(drawn.length < 20_000, `${drawn.length} letters`);
    const width = (row) => Math.max(...[...drawn.matchAll(new RegExp(`M[\\d.]+ ${row}h([\\d.]+)`, 'g'))]
      .map(([, width]) => Number(width)));
    assert.ok(width(159) > 1.8 * width(80), `${width(159)} and ${width(80)}`);

    assert.equal((await laneNames(page)).length, 8);
    await finder(page).fill('TASK99');
    await inView(page).getByText('1 of 111: task99. Enter for the next one').waitFor();
    assert.equal((await laneNames(page))[0], 'task99');
    await finder(page).press('Enter');
    await inView(page).getByText('2 of 111: task990.').waitFor();
    await finder(page).press('Shift+Enter');
    await finder(page).press('Shift+Enter');
    await inView(page).getByText('111 of 111: task9999.').waitFor();
    // Every view of single agents has come along.
    assert.ok((await laneNames(page)).includes('task9999'));
    await region(page, 'task9999').waitFor();
    await table(page).getByRole('row', { name: /^task9999 parallel/ }).waitFor();
    await region(page, 'Data').getByRole('row', { name: /^result9999/ }).waitFor();
    const found = (await timeline(page)).find((row) => row.agent === 'task9999');
    assert.ok(found.end - found.start > 2.99, `${found.end - found.start}`);
    await finder(page).fill('nobody at all');
    await inView(page).getByText('nobody is called that').waitFor();
    await finish(page);
  });

  test('can be gone through by pointer and by keys', async (t) => {
    const page = await open(t, await serveSite(t), `${WIDE}&view=race`,
      { viewport: { width: 1280, height: 900 } });
    await ready(page);
    const plot = page.locator('.all-lanes .lane-plot');
    const box = await plot.boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const names = await laneNames(page);
    const number = Number(names[0].replace('task', ''));
    assert.ok(number > 4900 && number < 5100, names[0]);
    const slider = page.getByRole('slider', { name: 'First lane in view', exact: true });
    assert.equal(Number(await slider.inputValue()), number);
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    assert.equal((await laneNames(page))[0], `task${number + 1}`);
    await page.keyboard.press('End');
    assert.equal((await laneNames(page)).at(-1), 'synthesis');
    await page.keyboard.press('Home');
    assert.equal((await laneNames(page))[0], 'task1');
    // The bars that are in view can be dragged and stepped like any others.
    const end = page.getByRole('slider', { name: 'task3', exact: true });
    await end.focus();
    await page.keyboard.press('Shift+ArrowRight');
    assert.equal(await end.getAttribute('aria-valuenow'), '1.5');
    await region(page, 'Race').getByText(/^2\.3 = max\(0\.5, 0\.5, 1\.5, /).waitFor();
    await finish(page);
  });

  test('have every figure in the table, page by page, and it says where it is', async (t) => {
    const page = await open(t, await serveSite(t), `${WIDE}&autoplay=1`);
    await ready(page);
    await statusSays(page, /^Finished/, 60_000);
    const numbers = region(page, 'Every start and end');
    assert.equal(await table(page).getAttribute('aria-rowcount'), '10002');
    const rows = await timeline(page);
    assert.deepEqual([rows[0].agent, rows.length], ['task1', 50]);
    await pager(numbers).getByText('Agents 1 to 50 of 10,001').waitFor();
    assert.ok(await pager(numbers).getByRole('button', { name: 'Before' }).isDisabled());
    await pager(numbers).getByRole('button', { name: 'After' }).click();
    await pager(numbers).getByText('Agents 51 to 100 of 10,001').waitFor();
    assert.equal((await timeline(page))[0].agent, 'task51');
    const row = table(page).getByRole('row', { name: /^task51 parallel/ });
    assert.equal(await row.getAttribute('aria-rowindex'), '52');
    await pager(numbers).getByRole('button', { name: 'Last' }).click();
    await table(page).getByRole('row', { name: /^synthesis parallel/ }).waitFor();
    assert.ok((await timeline(page)).every((row) => row.outcome === 'done'));
    assert.ok(await pager(numbers).getByRole('button', { name: 'After' }).isDisabled());
    // What would be too long is cut, and says how much of it there is.
    const prompt = region(page, 'Data').locator('details').last();
    await prompt.locator('summary').click();
    await prompt.getByText(/… and 19,\d{3} more pieces/).waitFor();
    await finish(page);
  });

  test('are looked at closer, where one schedule is a thousandth of the other', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=fanout&n=10000');
    await ready(page);
    // A sequential run of an hour and more beside a parallel one of a second.
    await region(page, 'Race').getByText(/^5000\.8 = /).waitFor({ timeout: 60_000 });
    await region(page, 'Race').getByText(/^1\.3 = max/).waitFor({ timeout: 60_000 });
    await button(page, 'Run').click();
    await statusSays(page, /^Running/, 60_000);
    const width = async () => {
      const path = await page.locator('[data-kind=parallel] .all-lanes path.many-ghost')
        .getAttribute('d');
      return Number(path.match(/h([\d.]+)/)[1]);
    };
    // Closer means around the cursor, which would go on with the run.
    await time(page).focus();
    await page.keyboard.press('Home');
    const before = await width();
    for (let closer = 0; closer < 5; closer += 1) await button(page, 'Closer').click();
    await inView(page).getByText('5.1 s in view').waitFor();
    assert.ok(await width() > 20 * before, `${await width()} was ${before}`);
    await button(page, 'Stop').click();
    // The status is of the moment at the cursor, which stands at the beginning.
    await time(page).focus();
    await page.keyboard.press('End');
    await statusSays(page, /^Stopped/);
    await finish(page);
  });

  test('are not asked of a live model all at once', async (t) => {
    const page = await open(t, await serveSite(t),
      '#preset=fanout&n=10000&provider=compatible&base_url=http://127.0.0.1:9/v1&model=m');
    await ready(page);
    await button(page, 'Run').click();
    await statusSays(page, /10,000 calls at once are more than .* set a concurrency limit/);
    assert.equal(await button(page, 'Stop').count(), 0);
    await finish(page);
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`have nothing that axe objects to, and fit at 320 px, ${colorScheme}`, async (t) => {
      for (const width of [1280, 320]) {
        const page = await open(t, await serveSite(t), '#preset=fanout&n=2000&schedule=parallel',
          { viewport: { width, height: 900 }, colorScheme });
        await ready(page);
        await finder(page).fill('task20');
        await page.evaluate(axe.source);
        const found = await page.evaluate(() => window.axe.run('main'));
        const slips = found.violations.flatMap(({ id, nodes }) =>
          nodes.map((node) => `${id}: ${node.html}`));
        assert.deepEqual(slips, []);
        const wide = await page.evaluate(() =>
          document.scrollingElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${wide} px too wide at ${width}`);
        await finish(page);
      }
    });
  }
});

test('a thousand agents that run and stream leave the thread free', async (t) => {
  const page = await open(t, await serveSite(t), '#preset=fanout&n=999&schedule=parallel&speed=0.25');
  await ready(page);
  const { longest } = await tasks(page, async () => {
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/, 60_000);
  });
  // Processor time on two cores without a GPU: 34 to 36 ms for the run, 20 to 26 ms for a move.
  t.diagnostic(`the longest task of the run: ${longest.toFixed(0)} ms`);
  await hold(page, 'the run', longest, 50);
  const scrubbed = await tasks(page, async () => {
    for (let move = 0; move < 30; move += 1) await scrub(page, 0.5 + 0.45 * Math.sin(move / 4));
  });
  t.diagnostic(`the longest task of a move: ${scrubbed.longest.toFixed(0)} ms`);
  await hold(page, 'a move', scrubbed.longest, 33);
  assert.equal(await status(page).count(), 1);
  await finish(page);
});

test('a small pipeline has none of this', async (t) => {
  const page = await open(t, await serveSite(t), '#preset=company');
  await ready(page);
  assert.equal(await finder(page).count(), 0);
  assert.equal(await page.getByRole('group', { name: /page by page/ }).count(), 0);
  assert.equal(await page.locator('.all-lanes').count(), 0);
  await finish(page);
});
