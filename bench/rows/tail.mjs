// How fast many runs are drawn: runs of four branches and a synthesis with log-normal latencies, each to
// the percentiles of one branch, of the sequential run and of the parallel run. numpy does the same with
// arrays, in Python beside the browser.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { interleaved, openRivals } from '../lib/chrome.mjs';
import { row } from '../lib/table.mjs';

const BRANCHES = 4;
const [MEDIAN, SYNTHESIS, SIGMA] = [1, 0.8, 0.5];
const FRAGMENT = `preset=fanout&n=${BRANCHES}&latency=*:${MEDIAN},synthesis:${SYNTHESIS}&spread=lognormal:${SIGMA}`;
const SCRIPT = fileURLToPath(new URL('../lib/tail.py', import.meta.url));
/** Both draw the same distribution, so their percentiles are as close as chance allows. */
const APART = 0.02;

/** Draws that many runs with numpy; nothing where there is no numpy. */
function numpy(runs) {
  const figures = [runs, BRANCHES, MEDIAN, SYNTHESIS, SIGMA].map(String);
  try {
    return JSON.parse(execFileSync(process.env.CONVERGE_NUMPY || 'python3', [SCRIPT, ...figures], {
      encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
    }));
  } catch {
    return undefined;
  }
}

export async function measure({ rivals, rounds, smoke }) {
  const runs = smoke ? 10_000 : 1_000_000;
  const page = await openRivals(rivals);
  const has = numpy(1_000) !== undefined;
  const p95 = {};
  const draw = {
    converge: async () => {
      const drawn = await page.evaluate(([fragment, runs]) => {
        const tail = new window.rivals.Tail(fragment);
        const began = performance.now();
        const p95 = tail.draw(runs);
        return { seconds: (performance.now() - began) / 1000, p95 };
      }, [FRAGMENT, runs]);
      p95.converge = drawn.p95;
      return runs / drawn.seconds / 1e6;
    },
    numpy: () => {
      const drawn = numpy(runs);
      p95.numpy = drawn.p95;
      return runs / drawn.seconds / 1e6;
    },
  };
  // The browser compiles what is hot: the first time is no one's figure.
  await draw.converge();
  const samples = await interleaved(has ? ['converge', 'numpy'] : ['converge'], rounds, (name) => draw[name]());
  await page.leave();
  if (has && !smoke && Math.abs(p95.converge / p95.numpy - 1) > APART) {
    throw new Error(`they draw different runs: p95 is ${p95.converge} and ${p95.numpy} s`);
  }
  return [row({
    figure: `runs of 4 + 1 agents drawn in a second${has ? '' : ' (no numpy on this machine to compare with)'}`,
    unit: 'million',
    digits: 2,
    ours: samples.converge,
    rivals: has ? { numpy: samples.numpy } : {},
    goal: 'at least 1',
    reached: (own) => own >= 1,
  })];
}
