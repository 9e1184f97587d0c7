// What a tab keeps after many runs, when garbage has been collected: JavaScript's heap, and the
// program's own memory, which only grows. And what an event of the log takes of it, measured by
// keeping copies of a whole log.

import { button, ready } from '../../tests/browser/lib/page.mjs';
import { holdProgram } from '../../tests/browser/lib/program.mjs';
import { serveSite } from '../../tests/browser/lib/site.mjs';
import { openRivals, visit } from '../lib/chrome.mjs';
import { row } from '../lib/table.mjs';

const MEGA = 1e6;

/** How many runs follow each other at once, and how long the page is left alone then, in milliseconds:
 * a second after each run it is stored, and until then it takes memory that is no leak. */
const IN_ONE_GO = 10;
const STORED_BY_THEN = 1_500;

/** In the page: runs that many times, one after the other. */
async function runTimes(times) {
  const run = [...document.querySelectorAll('button')]
    .find((button) => button.textContent.trim() === 'Run');
  const says = () => document.querySelector('[role=status]').textContent;
  const until = async (pattern) => {
    while (!pattern.test(says())) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  for (let at = 0; at < times; at += 1) {
    run.click();
    await until(/Running/);
    await until(/Finished/);
  }
}

export async function measure({ rivals, smoke }) {
  const site = await serveSite();
  const page = await visit(`${site.url}#schedule=parallel&latency=*:0.02,synthesis:0.02`, {
    init: holdProgram,
  });
  await ready(page);
  const session = await page.context().newCDPSession(page);
  const weigh = async () => {
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return { heap: usedSize, wasm: await page.evaluate('program.memory.buffer.byteLength') };
  };
  const after = {};
  let done = 0;
  for (const runs of smoke ? [1, 3] : [1, 10, 100, 1_000]) {
    while (done < runs) {
      const next = Math.min(runs, done + IN_ONE_GO);
      await page.evaluate(runTimes, next - done);
      await page.waitForTimeout(STORED_BY_THEN);
      done = next;
    }
    after[runs] = await weigh();
  }
  await page.leave();
  await site.close();

  const rows = [];
  const tenth = after[10] ?? after[1];
  for (const [runs, { heap, wasm }] of Object.entries(after)) {
    for (const [what, bytes, early] of [['heap', heap, tenth.heap], ['wasm', wasm, tenth.wasm]]) {
      rows.push(row({
        figure: `${what} after ${Number(runs).toLocaleString('en-GB')} runs`,
        unit: 'MB',
        digits: 2,
        ours: [bytes / MEGA],
        // A tenth of room: the heap is never twice the same.
        ...Number(runs) > 10 && {
          goal: 'as after the tenth', reached: () => bytes <= early * 1.1,
        },
      }));
    }
  }
  // What is lost with every run shows here, however much there is besides.
  const [from, to] = smoke ? [1, 3] : [100, 1_000];
  for (const what of ['heap', 'wasm']) {
    rows.push(row({
      figure: `${what} for each of runs ${from} to ${to.toLocaleString('en-GB')}`,
      unit: 'B',
      digits: 0,
      ours: [(after[to][what] - after[from][what]) / (to - from)],
      ...!smoke && { goal: 'below 500', reached: (own) => own < 500 },
    }));
  }
  rows.push(await eventSize(rivals));
  return rows;
}

async function eventSize(rivals) {
  const bench = await openRivals(rivals);
  const size = await bench.evaluate(() => {
    const { Logs, wasmBytes } = window.rivals;
    const logs = new Logs('preset=fanout&n=999&schedule=parallel');
    // What making the first one has freed is used up by then.
    logs.keep(4);
    const before = wasmBytes();
    const copies = 40;
    logs.keep(copies);
    return (wasmBytes() - before) / copies / logs.events();
  });
  await bench.leave();
  return row({
    figure: 'an event of the log, its text included',
    unit: 'B',
    digits: 0,
    ours: [size],
    goal: 'at most 200',
    reached: (own) => own <= 200,
  });
}
