// Very many agents: all of them in one picture, any of them found and looked at, every figure to be
// had, and a page that goes on answering meanwhile.

import { violations } from './lib/axe.mjs';
import { button, openTab, ready, status, timeline, tooWide } from './lib/page.mjs';
import { slowness, tasks } from './lib/tasks.mjs';
import { TIMING, expect, measured, test } from './lib/test.mjs';

const WIDE = '#preset=fanout&n=10000&schedule=parallel';
const region = (page, name) => page.getByRole('region', { name, exact: true });
const table = (page) => page.getByRole('table', { name: 'Timeline', exact: true });
const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const finder = (page) => page.getByRole('searchbox', { name: 'Find an agent' });
const inView = (page) => page.getByRole('group', { name: 'Agents in view', exact: true });
const pager = (view, what = 'Agents') => view.getByRole('group', { name: `${what}, page by page` });
const laneNames = (page) => page.locator('.in-view .lane .label b');
/** Shows what is expected, and what the verdict rests on. */
async function reveal(page) {
  await button(page, 'Show expected').click();
  await button(page, 'Why?').click();
}

/** No freeze is longer, in milliseconds of the thread's own time. */
const FREEZE = 100;

/** Holds a task to so many milliseconds, and to more on a machine that is a little slow at the moment. */
async function hold(page, what, longest, most) {
  const slow = await slowness(page);
  const pace = `on a machine ${slow.toFixed(2)} times as slow as usual`;
  measured(`${what}: a task of ${longest.toFixed(0)} ms, ${pace}`);
  expect(longest, `${what}: ms of the longest task, ${pace}`).toBeLessThanOrEqual(most * slow);
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

test.describe('ten thousand agents', () => {
  test('run, and the page answers all the while', { tag: TIMING }, async ({ open, site }) => {
    // The page that is looked at has to be there before it is looked at.
    const page = await open('#preset=company', { viewport: { width: 1280, height: 900 } });
    await ready(page);
    await reveal(page);
    await answers(page, 'making another pipeline wide', async () => {
      await page.goto(`${site.url}${WIDE}`);
      await region(page, 'Race').getByText(/^1\.3 = max\(0\.5, /).waitFor();
    });
    await answers(page, 'opening the page', async () => {
      await page.reload();
      await ready(page);
      await reveal(page);
      await region(page, 'Race').getByText(/^1\.3 = max\(0\.5, /).waitFor();
    });
    await answers(page, 'running', async () => {
      await button(page, 'Run').click();
      // How late so many timers are depends on the machine.
      await expect(status(page)).toHaveText(/^Finished: parallel \d\.\d s/, { timeout: 60_000 });
    });
    await answers(page, 'moving the cursor', async () => {
      for (const share of [0.9, 0.3, 0.6, 0.1, 0.5]) await scrub(page, share);
    });
    await answers(page, 'searching', async () => {
      await finder(page).pressSequentially('task7777');
      await inView(page).getByText('found').waitFor();
    });
    await answers(page, 'looking closer', async () => {
      await button(page, 'Zoom in').click();
      await button(page, 'Zoom in').click();
      await scrub(page, 0.4);
    });
    await button(page, 'Zoom out').click();
    await button(page, 'Zoom out').click();
    await answers(page, 'changing how long one takes', async () => {
      await page.getByRole('slider', { name: 'task7777', exact: true }).focus();
      await page.keyboard.press('Shift+ArrowRight');
      await region(page, 'Race').getByText(/^2\.3 = max\(0\.5, /).waitFor();
    });
  });

  test('are all in one picture, and any of them is found by its name', async ({ open }) => {
    const page = await open(`${WIDE}&latency=task9999:6&autoplay=1`, { viewport: { width: 1280, height: 900 } });
    await ready(page);
    await expect(status(page)).toHaveText(/^Finished/, { timeout: 60_000 });
    // As many rows as there is room for, and the straggler at the bottom is in it.
    const done = page.locator('.track[data-kind=parallel] .crowd-block path.many-done');
    const drawn = await done.getAttribute('d');
    const rows = new Set([...drawn.matchAll(/M[\d.]+ (\d+)h/g)].map(([, row]) => Number(row)));
    expect(rows.size).toBe(120);
    expect(drawn.length, 'letters').toBeLessThan(20_000);
    const width = (row) => Math.max(...[...drawn.matchAll(new RegExp(`M[\\d.]+ ${row}h([\\d.]+)`, 'g'))]
      .map(([, width]) => Number(width)));
    expect(width(119)).toBeGreaterThan(1.8 * width(60));

    await expect(laneNames(page)).toHaveCount(8);
    await finder(page).fill('TASK99');
    await inView(page).getByText('1 of 111: task99. Press Enter for the next').waitFor();
    await expect(laneNames(page).first()).toHaveText('Task 99');
    await finder(page).press('Enter');
    await inView(page).getByText('2 of 111: task990.').waitFor();
    await finder(page).press('Shift+Enter');
    await finder(page).press('Shift+Enter');
    await inView(page).getByText('111 of 111: task9999.').waitFor();
    // Every view of single agents has come along.
    await expect(laneNames(page).getByText('Task 9999', { exact: true })).toHaveCount(1);
    await region(page, 'task9999').waitFor();
    await table(page).getByRole('row', { name: /^task9999 parallel/ }).waitFor();
    await openTab(page, 'Prompts');
    await region(page, 'Prompts').getByRole('row', { name: /^result9999/ }).waitFor();
    const found = (await timeline(page)).find((row) => row.agent === 'task9999');
    expect(found.end - found.start).toBeGreaterThan(2.99);
    await finder(page).fill('nobody at all');
    await inView(page).getByText('no agent has that name').waitFor();
  });

  test('can be gone through by pointer and by keys', async ({ open }) => {
    const page = await open(`${WIDE}&view=race`, { viewport: { width: 1280, height: 900 } });
    await ready(page);
    const plot = page.locator('.track[data-kind=parallel] .crowd-block');
    const box = await plot.boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const first = async () => Number((await laneNames(page).first().innerText()).replace('Task ', ''));
    await expect.poll(first).toBeGreaterThan(4900);
    const number = await first();
    expect(number).toBeLessThan(5100);
    const slider = page.getByRole('slider', { name: 'First lane in view', exact: true });
    await expect(slider).toHaveValue(String(number));
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await expect(laneNames(page).first()).toHaveText(`Task ${number + 1}`);
    await page.keyboard.press('End');
    await expect(laneNames(page).last()).toHaveText('Synthesis');
    await page.keyboard.press('Home');
    await expect(laneNames(page).first()).toHaveText('Task 1');
    // The bars that are in view can be dragged and stepped like any others.
    const end = page.getByRole('slider', { name: 'task3', exact: true });
    await end.focus();
    await page.keyboard.press('Shift+ArrowRight');
    await expect(end).toHaveAttribute('aria-valuenow', '1.5');
    await button(page, 'Why?').click();
    await region(page, 'Race').getByText(/^2\.3 = max\(0\.5, 0\.5, 1\.5, /).waitFor();
  });

  test('have every figure in the table, page by page, and it says where it is', async ({ open }) => {
    const page = await open(`${WIDE}&autoplay=1`);
    await ready(page);
    await expect(status(page)).toHaveText(/^Finished/, { timeout: 60_000 });
    await openTab(page, 'Runs');
    const numbers = region(page, 'Start and end of every agent');
    await expect(table(page)).toHaveAttribute('aria-rowcount', '10002');
    const rows = await timeline(page);
    expect([rows[0].agent, rows.length]).toEqual(['task1', 50]);
    await pager(numbers).getByText('Agents 1 to 50 of 10,001').waitFor();
    await expect(pager(numbers).getByRole('button', { name: 'Previous' })).toBeDisabled();
    await pager(numbers).getByRole('button', { name: 'Next' }).click();
    await pager(numbers).getByText('Agents 51 to 100 of 10,001').waitFor();
    await expect.poll(async () => (await timeline(page))[0].agent).toBe('task51');
    const row = table(page).getByRole('row', { name: /^task51 parallel/ });
    await expect(row).toHaveAttribute('aria-rowindex', '52');
    await pager(numbers).getByRole('button', { name: 'Last' }).click();
    await table(page).getByRole('row', { name: /^synthesis parallel/ }).waitFor();
    await expect.poll(async () => new Set((await timeline(page)).map((row) => row.outcome))).toEqual(new Set(['done']));
    await expect(pager(numbers).getByRole('button', { name: 'Next' })).toBeDisabled();
    // What would be too long is cut, and says how much of it there is.
    await openTab(page, 'Prompts');
    const prompts = region(page, 'Prompts');
    await prompts.getByRole('combobox', { name: 'Agent', exact: true }).selectOption({ label: 'Synthesis' });
    await prompts.getByRole('article', { name: /^Prompt of /i }).getByText(/… and 19,\d{3} more pieces/).waitFor();
  });

  test('are looked at closer, beside a sequential run that is only predicted', async ({ open }) => {
    // Slowly, so that the run of a second is still seen to go on.
    const page = await open('#preset=fanout&n=10000&speed=0.25');
    await ready(page);
    await reveal(page);
    // A sequential run of an hour and more beside a parallel one of a second.
    await region(page, 'Race').getByText(/^5000\.8 = /).waitFor({ timeout: 60_000 });
    await region(page, 'Race').getByText(/^1\.3 = max/).waitFor({ timeout: 60_000 });
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Running/, { timeout: 60_000 });
    const width = async () => {
      const path = await page.locator('[data-kind=parallel] .crowd-block path.many-ghost')
        .getAttribute('d');
      return Number(path.match(/h([\d.]+)/)[1]);
    };
    // Closer means around the cursor, which would go on with the run.
    await time(page).focus();
    await page.keyboard.press('Home');
    const before = await width();
    await button(page, 'Zoom in').click();
    await inView(page).getByText('0.5 s in view').waitFor();
    await expect.poll(width).toBeGreaterThan(3 * before);
    await button(page, 'Run').waitFor({ timeout: 60_000 });
    // The status is of the moment at the cursor, which stands at the beginning.
    await time(page).focus();
    await page.keyboard.press('End');
    await expect(status(page)).toHaveText(/^Finished: sequential 5000\.8 s \(predicted\), parallel/);
  });

  test('are not predicted any longer once the page is about something else', async ({ open }) => {
    const page = await open('#preset=fanout&n=10000');
    await ready(page);
    await reveal(page);
    const expected = (length) => region(page, 'Race').getByText(new RegExp(`^${length} = `));
    await expected('5000\\.8').waitFor({ timeout: 60_000 });
    await page.evaluate(async () => {
      window.shown = new Set();
      new MutationObserver(() => {
        const found = document.body.innerText.match(/^\d+\.\d(?= = )/gm) ?? [];
        found.forEach((length) => window.shown.add(length));
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
      const isTaken = new Promise((taken) => {
        addEventListener('hashchange', () => setTimeout(taken), { once: true });
      });
      location.hash = '#preset=fanout&n=9000';
      await isTaken;
      // Its prediction has begun, which takes dozens of tasks.
      location.hash = '#preset=fanout&n=2000';
    });
    await expected('1000\\.8').waitFor({ timeout: 60_000 });
    // As long again as what was given up would have gone on.
    await page.evaluate(() => { location.hash = '#preset=fanout&n=9500'; });
    await expected('4750\\.8').waitFor({ timeout: 60_000 });
    const shown = await page.evaluate(() => [...window.shown]);
    expect(shown).toEqual(expect.arrayContaining(['1000.8', '4750.8']));
    expect(shown).not.toContain('4500.8');
  });

  test('are not asked of a live model all at once', async ({ open }) => {
    const page = await open('#preset=fanout&n=10000&provider=compatible&base_url=http://127.0.0.1:9/v1&model=m');
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/10,000 calls at once are more than .* set a concurrency limit/);
    await expect(button(page, 'Stop')).toHaveCount(0);
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`have nothing that axe objects to, and fit at 320 px, ${colorScheme}`, async ({ open }) => {
      for (const width of [1280, 320]) {
        const page = await open('#preset=fanout&n=2000&schedule=parallel', { viewport: { width, height: 900 }, colorScheme });
        await ready(page);
        await finder(page).fill('task20');
        expect(await violations(page, { within: 'main' })).toEqual([]);
        await expect.poll(() => tooWide(page), `at ${width} px`).toBeLessThanOrEqual(0);
        await page.context().close();
      }
    });
  }
});

test('a thousand agents that run and stream leave the thread free', { tag: TIMING }, async ({ open }) => {
  const page = await open('#preset=fanout&n=999&schedule=parallel&speed=0.25');
  await ready(page);
  const { longest } = await tasks(page, async () => {
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/, { timeout: 60_000 });
  });
  // Processor time on two cores without a GPU: 34 to 36 ms for the run, 20 to 26 ms for a move.
  await hold(page, 'the run', longest, 50);
  const scrubbed = await tasks(page, async () => {
    for (let move = 0; move < 30; move += 1) await scrub(page, 0.5 + 0.45 * Math.sin(move / 4));
  });
  await hold(page, 'a move', scrubbed.longest, 33);
  await expect(status(page)).toHaveCount(1);
});

test('a small pipeline has none of this', async ({ open }) => {
  const page = await open('#preset=company');
  await ready(page);
  await expect(finder(page)).toHaveCount(0);
  await expect(page.getByRole('group', { name: /page by page/ })).toHaveCount(0);
  await expect(page.locator('.crowd-block')).toHaveCount(0);
});
