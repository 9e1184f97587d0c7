// How long the page keeps its main thread: by the processor time of each task, which does not grow
// when other programs run on the machine, as the time on a clock does.

import assert from 'node:assert/strict';

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
  assert.ok(mark, 'the trace knows the page');
  const taken = events
    .filter((event) => event.pid === mark.pid && event.tid === mark.tid)
    .filter((event) => event.name.endsWith('RunTask') && event.tdur !== undefined)
    .map((event) => event.tdur / 1000);
  assert.ok(taken.length > 0, 'the trace has tasks');
  return { longest: Math.max(...taken), count: taken.length };
}

/** What the loop below takes on a machine on which the limits hold as they are, in milliseconds. */
const USUAL = 80;

/**
 * How many times slower than usual this machine is at the moment, and never less than once: machines for
 * hire change their pace by a half within the hour, and a task takes as much longer on them.
 */
export async function slowness(page) {
  const taken = await page.evaluate(() => Array.from({ length: 5 }, () => {
    const began = performance.now();
    let x = 1;
    for (let n = 0; n < 2e7; n += 1) x = (x * 1103515245 + n) | 0;
    return Number.isInteger(x) ? performance.now() - began : NaN;
  }));
  const slow = Math.min(...taken) / USUAL;
  assert.ok(slow > 0, `${taken}`);
  return Math.max(1, slow);
}
