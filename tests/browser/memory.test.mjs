// Running again and again in one tab takes no more memory than running a few times.

import { ready } from './lib/page.mjs';
import { holdProgram } from './lib/program.mjs';
import { expect, measured, test } from './lib/test.mjs';

/** How many runs. The history is full after twenty, and then nothing is to grow. */
const RUNS = 200;
const SETTLED = 25;
/** Memory is weighed each time that so many have been made. */
const STEP = 25;
/** What a leak is, in bytes a run: 36 were measured where there is none. */
const LEAK = 500;

/**
 * In the page: how many bytes of its memory the program has in use. The memory never shrinks, and grows
 * by pages of 64 KiB, so that its size tells little: what is free in it is tried out.
 */
function inUse() {
  const { memory, __wbindgen_malloc: take, __wbindgen_free: give } = window.program;
  const [piece, align] = [500, 1];
  const size = memory.buffer.byteLength;
  const taken = [];
  do taken.push(take(piece, align)); while (memory.buffer.byteLength === size);
  for (const place of taken) give(place, piece, align);
  return size - (taken.length - 1) * piece;
}

/**
 * In the page: runs that many times, each to its end, and until the browser has stored the last one. What
 * waits to be stored takes memory too, and is no leak.
 */
async function runs(count) {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await asked(indexedDB.open('converge'));
  // Runs are stored by the moment at which they began.
  const newest = async () => {
    const keys = await asked(database.transaction('runs').objectStore('runs').getAllKeys());
    return Math.max(0, ...keys.map(Number));
  };
  const frame = () => new Promise((drawn) => { requestAnimationFrame(drawn); });
  const control = () => document.querySelector('[data-control=run]');
  let begun;
  for (let ran = 0; ran < count; ran += 1) {
    begun = Date.now();
    control().click();
    do await frame(); while (control().textContent.trim() !== 'Run');
  }
  while ((await newest()) < begun) await frame();
  database.close();
}

/**
 * What a figure grows by with each run: the middle one of the slopes between any two weighings, so that
 * one that came out high or low does not count.
 */
function growth(weighed, figure) {
  const slopes = weighed.flatMap((one, at) => weighed.slice(at + 1).map((other) =>
    (other[figure] - one[figure]) / (other.runs - one.runs)));
  return slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)];
}

test('memory is flat once the history is full', async ({ open }) => {
  test.slow();
  const page = await open('#preset=company&schedule=parallel&latency=*:0,synthesis:0&speed=8', { init: holdProgram });
  await ready(page);
  const session = await page.context().newCDPSession(page);
  const weighed = [];
  for (let done = 0; done < RUNS; done += STEP) {
    await page.evaluate(`(${runs})(${STEP})`);
    if (done + STEP < SETTLED) continue;
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize: heap } = await session.send('Runtime.getHeapUsage');
    const program = await page.evaluate(inUse);
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    weighed.push({ runs: done + STEP, heap, program, nodes });
  }
  const [first, last] = [weighed.at(0), weighed.at(-1)];
  measured(`bytes a run: heap ${growth(weighed, 'heap').toFixed(0)}, program ${growth(weighed, 'program').toFixed(0)}; `
    + `after ${first.runs} and ${last.runs} runs: heap ${first.heap} and ${last.heap}, `
    + `program ${first.program} and ${last.program}, elements ${first.nodes} and ${last.nodes}`);
  for (const part of ['heap', 'program']) {
    expect(growth(weighed, part), `bytes of the ${part} a run`).toBeLessThan(LEAK / 2);
  }
  // Two runs are never of one length, and their axes differ by a mark or two. A leak is one a run.
  expect(last.nodes, 'elements').toBeLessThan(first.nodes + (last.runs - first.runs) / 10);
});
