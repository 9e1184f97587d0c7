// The race with the simulated model: both schedules run for real on the browser's event loop, and
// the page says what came of it, in the status and in the table that is the picture's twin.

import { button, makespan, output, ready, status, timeline } from './lib/page.mjs';
import { FIRST_DUE, UNSTEADY, watchTimers } from './lib/tasks.mjs';
import { TIMING, expect, measured, test } from './lib/test.mjs';

const COMPANY = ['internal', 'news', 'social', 'stock', 'synthesis'];
const SECONDS = { sequential: 5.1, parallel: 2.3 };
/** Timers one after the other that a run waits for, in seconds each: the longest chain of its agents. */
const CHAIN = { sequential: 5, parallel: 2 };
/** How often a run is repeated in which timers were late. */
const MOST_RUNS = 10;
/** Where no bare timer is later than this, in milliseconds, nothing stands between a run and the article's own figures. */
const PUNCTUAL = 8;
const FINISHED = {
  both: /^Finished: sequential 5\.1 s, parallel 2\.3 s, 2\.2 times faster/,
  sequential: /^Finished: sequential 5\.1 s(?!.*(sequential|parallel))/,
  parallel: /^Finished: parallel 2\.3 s(?!.*(sequential|parallel))/,
};
/** The table's figures are rounded, so a start may look a little earlier than the end before it. */
const ROUNDING = 0.011;

test.describe('the race', () => {
  test('runs on a click and reads 5.1 s, 2.3 s, 2.2 times faster', { tag: TIMING }, async ({ open }) => {
    await onTime(async () => {
      const page = await open('#preset=company');
      await ready(page);
      const late = await watchTimers(page, FIRST_DUE);
      await button(page, 'Run').click();
      return { page, late };
    });
  });

  test('runs by itself when the address says autoplay=1', { tag: TIMING }, async ({ open }) => {
    await onTime(() => watched(open('#preset=company&autoplay=1')));
  });

  for (const schedule of Object.keys(SECONDS)) {
    test(`schedule=${schedule} runs that one only`, { tag: TIMING }, async ({ open }) => {
      await onTime(() => watched(open(`#preset=company&schedule=${schedule}&autoplay=1`)), [schedule]);
    });
  }

  test('takes the same seconds at eight times the speed', { tag: TIMING }, async ({ open }) => {
    // A thread that was kept for longer than a frame is shown as what it is, which no bare timer tells
    // exactly: so the shortest of some runs is taken. If time did not wait for timers, none would be short.
    const shortest = { sequential: Infinity, parallel: Infinity };
    const isLate = ([schedule, seconds]) => shortest[schedule] > seconds * 1.01;
    for (let run = 0; run < MOST_RUNS && Object.entries(SECONDS).some(isLate); run += 1) {
      const page = await open('#preset=company&speed=8');
      await ready(page);
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished: /);
      const rows = await timeline(page);
      for (const [schedule, seconds] of Object.entries(SECONDS)) {
        const length = makespan(rows, schedule);
        measured(`${schedule}: ${length} s`);
        expect(length, `${schedule} is not early`).toBeGreaterThanOrEqual(seconds * 0.99);
        shortest[schedule] = Math.min(shortest[schedule], length);
      }
    }
    expect(Object.entries(SECONDS).filter(isLate), JSON.stringify(shortest)).toEqual([]);
  });

  test('the clock ends with the longest run, and never shows more', async ({ open }) => {
    const page = await open('#preset=company&speed=8');
    await ready(page);
    await page.evaluate(() => {
      const [now, time] = ['.now', '[aria-label=Time]'].map((part) => document.querySelector(part));
      window.shown = [];
      const note = () => window.shown.push([Number.parseFloat(now.textContent), Number(time.max)]);
      new MutationObserver(note).observe(now, { childList: true, subtree: true, characterData: true });
    });
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished: /);
    const longest = makespan(await timeline(page), 'sequential');
    // The picture goes on for a moment, so the last figure is waited for.
    await expect.poll(() => page.evaluate(() => window.shown.at(-1)[0])).toBeCloseTo(longest, 1);
    const most = await page.evaluate(() => Math.max(...window.shown.flat()));
    expect(most).toBeLessThanOrEqual(longest + ROUNDING);
    const time = page.getByRole('slider', { name: 'Time', exact: true });
    const spoken = async () => (await time.getAttribute('aria-valuetext')).match(/[\d.]+/g).map(Number);
    for (const seconds of await spoken()) expect(Math.abs(seconds - longest)).toBeLessThan(0.06);
  });

  test('Stop ends every open bar as canceled and keeps what was done', async ({ open }) => {
    const page = await open('#preset=company&speed=0.25');
    await ready(page);
    await button(page, 'Run').click();
    const outcomes = async () => (await timeline(page)).map((row) => row.outcome);
    await expect.poll(outcomes).toEqual(expect.arrayContaining(['done', 'running']));
    await button(page, 'Stop').click();
    await expect.poll(outcomes).toContain('canceled');
    await expect(status(page)).toHaveText(/^Stopped/);
    expect(await outcomes(), 'no bar is left open').not.toContain('running');
    expect(await outcomes(), 'what was done stays done').toContain('done');
    // And it can be run again, to the end.
    await page.getByRole('combobox', { name: 'Speed', exact: true }).selectOption('8');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished: /);
  });

  test('a topic typed into the page reaches what the agents say', async ({ open }) => {
    const page = await open('#preset=topic&speed=8');
    await ready(page);
    const topic = page.getByLabel('Topic', { exact: true });
    await topic.fill('lighthouses of Brittany');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished: /);
    await expect(output(page, 'synthesis')).toHaveText(/lighthouses of Brittany/);
  });

  test('a setting that makes no sense falls back and is named', async ({ open }) => {
    const page = await open('#preset=nope&speed=banana&unknown=1');
    await ready(page);
    for (const bad of ['nope', 'banana']) await expect(status(page)).toContainText(bad);
    await expect(status(page), 'unknown keys are ignored').not.toContainText('unknown');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Three researchers, then one report');
  });
});

/** A page that has begun by itself, and how late its timers are from then on. */
async function watched(opening) {
  const page = await opening;
  return { page, late: await watchTimers(page, FIRST_DUE) };
}

/**
 * Starts a run and holds it to its figures: never early, and late by one per cent at most, or by as much
 * as bare timers in the same page at the same time, where a slow machine makes those later.
 */
async function onTime(start, schedules = Object.keys(SECONDS)) {
  const { page, late } = await start();
  await expect(status(page)).toHaveText(/^Finished: /);
  const most = await late();
  test.skip(most > UNSTEADY, `a bare timer was ${most.toFixed(1)} ms late here`);
  const rows = await timeline(page);
  checkOrder(rows, schedules);
  for (const schedule of schedules) {
    const [length, seconds] = [makespan(rows, schedule), SECONDS[schedule]];
    measured(`${schedule}: ${length} s; a bare timer was ${most.toFixed(1)} ms late`);
    expect(length, `${schedule} is not early`).toBeGreaterThanOrEqual(seconds - ROUNDING);
    const allowed = Math.max(0.01 * seconds, CHAIN[schedule] * most / 1000);
    expect(length, `${schedule} is not late`).toBeLessThanOrEqual(seconds + allowed);
  }
  if (most <= PUNCTUAL) {
    await expect(status(page)).toHaveText(FINISHED[schedules.length > 1 ? 'both' : schedules[0]]);
  }
  // The sentence says what the table says.
  const told = schedules.map((schedule) => `${schedule} ${makespan(rows, schedule).toFixed(1)} s`);
  if (schedules.length > 1) {
    const times = makespan(rows, 'sequential') / makespan(rows, 'parallel');
    told.push(`${times.toFixed(1)} times faster`);
  }
  await expect(status(page)).toContainText(`Finished: ${told.join(', ')}`);
  await expect(status(page)).toHaveText(schedules.length > 1 ? / times faster/ : /^(?!.*faster)/);
}

/** Every agent ran, in these schedules and no other, in the order that a schedule's name says. */
function checkOrder(rows, schedules) {
  expect(rows.length, 'a row for each agent and schedule').toBe(COMPANY.length * schedules.length);
  expect([...new Set(rows.map((row) => row.outcome))]).toEqual(['done']);
  for (const schedule of schedules) {
    const own = rows.filter((row) => row.schedule === schedule).sort((a, b) => a.start - b.start);
    expect(own.map((row) => row.agent).sort()).toEqual(COMPANY);
    if (schedule === 'sequential') {
      for (const [i, row] of own.slice(1).entries()) {
        expect(row.start, `${row.agent} waited for its turn`).toBeGreaterThanOrEqual(own[i].end - ROUNDING);
      }
      continue;
    }
    const synthesis = own.at(-1);
    const branches = own.slice(0, -1);
    expect(synthesis.agent).toBe('synthesis');
    const firstEnd = Math.min(...branches.map((row) => row.end));
    for (const row of branches) expect(row.start, `${row.agent} started at once`).toBeLessThan(firstEnd);
    const lastEnd = Math.max(...branches.map((row) => row.end));
    expect(synthesis.start, 'the synthesis waited for the last branch').toBeGreaterThanOrEqual(lastEnd - ROUNDING);
  }
}
