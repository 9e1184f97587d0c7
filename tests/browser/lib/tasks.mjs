// How long the page keeps its main thread: by the processor time of each task, which does not grow
// when other programs run on the machine, as the time on a clock does.

import { expect, test } from '@playwright/test';

const CATEGORIES = ['toplevel', 'blink.user_timing'];
const MARK = 'the thread that is looked at';

/**
 * Does what `act` does and answers with the longest task of the page's main thread meanwhile, in
 * milliseconds of processor time, and with how many tasks there were.
 */
export async function tasks(page, act) {
  const session = await page.context().browser().newBrowserCDPSession();
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => { events.push(...value); });
  const over = new Promise((resolve) => { session.on('Tracing.tracingComplete', resolve); });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES },
  });
  try {
    await act();
    await page.evaluate((mark) => performance.mark(mark), MARK);
  } finally {
    await session.send('Tracing.end');
    await over;
    await session.detach();
  }
  const mark = events.find((event) => event.name === MARK);
  expect(mark, 'the mark in the trace').toBeDefined();
  const taken = events
    .filter((event) => event.pid === mark.pid && event.tid === mark.tid)
    .filter((event) => event.name.endsWith('RunTask') && event.tdur !== undefined)
    .map((event) => event.tdur / 1000);
  expect(taken, 'tasks in the trace').not.toEqual([]);
  return { longest: Math.max(...taken), count: taken.length };
}

/** What the loop below takes on a machine on which the limits hold as they are, in milliseconds. */
const USUAL = 80;

/** On a machine that is slower than so many times the usual, how long a task takes tells nothing. */
const TOO_SLOW = 2;

/**
 * How many times slower than usual this machine is at the moment, and never less than once: machines for
 * hire change their pace by a half within the hour, and a task takes as much longer on them. The test is
 * skipped, and says so, where that is too much.
 */
export async function slowness(page) {
  const taken = await page.evaluate(() => Array.from({ length: 5 }, () => {
    const began = performance.now();
    let x = 1;
    for (let n = 0; n < 2e7; n += 1) x = (x * 1103515245 + n) | 0;
    return Number.isInteger(x) ? performance.now() - began : NaN;
  }));
  const slow = Math.min(...taken) / USUAL;
  expect(slow, `${taken}`).toBeGreaterThan(0);
  test.skip(slow > TOO_SLOW, `this machine is ${slow.toFixed(1)} times as slow as usual, and ${TOO_SLOW} is the most`);
  return Math.max(1, slow);
}

/** Soon after that, in milliseconds from the beginning of the company's run, the first agent's timer is due. */
export const FIRST_DUE = 500;
/** Where bare timers are later than this, two frames in milliseconds, a run tells of the machine only. */
export const UNSTEADY = 2 * 1000 / 60;

/** A probe is due this often, in milliseconds. */
const PROBE = 10;

/**
 * Watches how late the page's timers are while a run goes on, from `from` milliseconds after its beginning
 * on: its first frames are long, and do no harm where no agent's timer is due yet. `await late()` is the
 * most that one was, in milliseconds: no run in the page can be more punctual than a bare timer beside it.
 */
export async function watchTimers(page, from) {
  await page.evaluate(([every, from]) => {
    window.latest = 0;
    let begun;
    let due = performance.now() + every;
    const probe = () => {
      const now = performance.now();
      if (/^Running/.test(document.querySelector('[role=status]')?.textContent)) {
        begun ??= now;
        if (now - begun > from) window.latest = Math.max(window.latest, now - due);
      }
      due = now + every;
      setTimeout(probe, every);
    };
    setTimeout(probe, every);
  }, [PROBE, from]);
  return () => page.evaluate(() => window.latest);
}
