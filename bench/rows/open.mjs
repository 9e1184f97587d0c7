// How long a large trace of another tool takes to open, from the choice of the file to the picture: a Chrome
// Trace Event file of 100,000 model calls, eight at once, in the page and in speedscope.

import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTab, ready } from '../../tests/browser/lib/page.mjs';
import { serveSite } from '../../tests/browser/lib/site.mjs';
import { interleaved, visit } from '../lib/chrome.mjs';
import { row } from '../lib/table.mjs';

const AT_ONCE = 8;
const SPEEDSCOPE = dirname(fileURLToPath(import.meta.resolve('speedscope/dist/release/index.html')));

/** A thread each for what is in flight at once. Times are in microseconds. */
function traceEvents(calls) {
  return Array.from({ length: calls }, (_, at) => ({
    ph: 'X',
    pid: 1,
    tid: 1 + (at % AT_ONCE),
    name: `chat worker ${at % 40}`,
    cat: 'gen_ai',
    ts: Math.floor(at / AT_ONCE) * 300_000 + (at % AT_ONCE) * 3_000,
    dur: 200_000 + (at % 13) * 5_000,
    args: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.agent.name': `worker ${at % 40}`,
      'gen_ai.request.model': 'gemini-3-flash',
      'gen_ai.usage.input_tokens': 120,
      'gen_ai.usage.output_tokens': 34,
    },
  }));
}

/** Chooses the file in that page, and waits until it is drawn. */
async function timed(page, button, path, drawn) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
  const began = performance.now();
  await chooser.setFiles(path);
  await drawn.waitFor({ timeout: 120_000 });
  const took = (performance.now() - began) / 1000;
  await page.leave();
  return took;
}

export async function measure({ rounds, smoke }) {
  const calls = smoke ? 1_000 : 100_000;
  const path = join(tmpdir(), `converge-bench-${process.pid}.json`);
  const text = JSON.stringify({ traceEvents: traceEvents(calls) });
  await writeFile(path, text);
  const site = await serveSite();
  const speedscope = await serveSite(undefined, { dist: SPEEDSCOPE });
  const open = {
    converge: async () => {
      const page = await visit(site.url);
      await ready(page);
      await openTab(page, 'Runs');
      const button = page.getByRole('button', { name: 'Open a trace', exact: true });
      return timed(page, button, path, page.getByRole('region', { name: 'Opened trace', exact: true }));
    },
    speedscope: async () => {
      const page = await visit(speedscope.url);
      return timed(page, page.getByText('Browse', { exact: true }), path, page.getByText('Left Heavy'));
    },
  };
  const samples = await interleaved(['converge', 'speedscope'], rounds, (name) => open[name]());
  await speedscope.close();
  await site.close();
  await rm(path);
  return [row({
    figure: `a trace of ${calls.toLocaleString('en-GB')} calls (${(text.length / 1e6).toFixed(0)} MB) opened`,
    unit: 's',
    digits: 2,
    ours: samples.converge,
    rivals: { speedscope: samples.speedscope },
    goal: 'at most 3',
    reached: (own) => own <= 3,
  })];
}
