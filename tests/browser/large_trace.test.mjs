// A trace of 100,000 calls: how long opening it holds the page at most, and how much memory that takes.

import { stat, writeFile } from 'node:fs/promises';
import { openTab, ready } from './lib/page.mjs';
import { holdProgram } from './lib/program.mjs';
import { slowness, tasks } from './lib/tasks.mjs';
import { TIMING, expect, measured, test } from './lib/test.mjs';
import { otlp } from './lib/traces.mjs';

const CALLS = 100_000;
/** No task is longer, in milliseconds of the thread's own time. */
const FREEZE = 100;
/** The program's memory grows by no more than so many times the size of the file. */
const TIMES_THE_FILE = 6;

/** When a call begins and ends, in milliseconds, where so many are in flight at once. */
const SHAPES = {
  8: (at) => {
    const start = Math.floor(at / 8) * 300 + (at % 8) * 3;
    return [start, start + 200 + (at % 13) * 5];
  },
  1000: (at) => {
    const start = (at * 7) % 50_000;
    return [start, start + 200 + (at % 13) * 50];
  },
};

for (const [atOnce, times] of Object.entries(SHAPES)) {
  test(`${CALLS} calls, ${atOnce} at once, open while the page answers`, { tag: TIMING }, async ({ open }, info) => {
    const path = info.outputPath('large.json');
    await writeFile(path, otlp(Array.from({ length: CALLS }, (_, at) => [`worker ${at % 40}`, ...times(at)])));
    const { size } = await stat(path);
    const page = await open('', { init: holdProgram, viewport: { width: 1280, height: 900 } });
    await ready(page);
    await openTab(page, 'Runs');
    const memory = () => page.evaluate('program.memory.buffer.byteLength');
    const before = await memory();
    const runs = page.getByRole('region', { name: 'Runs', exact: true });
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      runs.getByRole('button', { name: 'Open a trace', exact: true }).click(),
    ]);
    const began = performance.now();
    let took;
    const { longest } = await tasks(page, async () => {
      await chooser.setFiles(path);
      const opened = page.getByRole('region', { name: 'Opened trace', exact: true });
      await expect(opened).toContainText(`${CALLS + 1} spans, 40 agents`, { timeout: 120_000 });
      took = performance.now() - began;
      await expect(page.getByRole('slider', { name: 'Time', exact: true })).toBeEnabled();
    });
    const grown = (await memory()) - before;
    expect(grown / size, 'times the size of the file').toBeLessThanOrEqual(TIMES_THE_FILE);
    const slow = await slowness(page);
    measured(`${(size / 1e6).toFixed(1)} MB opened in ${(took / 1000).toFixed(2)} s, with a task of ${longest.toFixed(0)} ms and `
      + `${(grown / size).toFixed(2)} times its size in memory, on a machine ${slow.toFixed(2)} times as slow as usual`);
    expect(longest, 'ms of the longest task').toBeLessThanOrEqual(FREEZE * slow);
  });
}
