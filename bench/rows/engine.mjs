// What the engine costs: the time from the start of n branches that sleep 0.2 s each to the end of
// the last one, less those 0.2 s. Ours keeps its whole log while it does that. All in one tab.

import { interleaved, openRivals } from '../lib/chrome.mjs';
import { median, row } from '../lib/table.mjs';

const MILLIS = 200;

export async function measure({ rivals, rounds, smoke }) {
  const page = await openRivals(rivals);
  const rows = [];
  const overheads = {};
  for (const branches of smoke ? [3, 10] : [3, 10, 100, 1_000, 10_000]) {
    const once = (name) => page.evaluate(async ([name, branches, millis]) => {
      const run = window.rivals[name].sleep(branches);
      // What making it has left behind is not what running it costs.
      await new Promise((resolve) => setTimeout(resolve, 100));
      const began = performance.now();
      await run();
      return performance.now() - began - millis;
    }, [name, branches, MILLIS]);
    // The browser compiles what is hot: the first time is nobody's figure.
    for (const name of ['converge', 'promises', 'langchain']) await once(name);
    const samples = await interleaved(['converge', 'promises', 'langchain'], rounds, once);
    overheads[branches] = median(samples.converge);
    rows.push(row({
      figure: `engine overhead, ${branches.toLocaleString('en-GB')} branches`,
      unit: 'ms',
      ours: samples.converge,
      rivals: { 'Promise.all': samples.promises, 'LangChain.js': samples.langchain },
      ...goals[branches],
    }));
  }
  if (!smoke) {
    rows.push(row({
      figure: 'the same for each branch, 1,000 and 10,000 branches',
      unit: 'µs',
      ours: [overheads[10_000] / 10],
      rivals: { 'at 1,000': [overheads[1_000]] },
      goal: 'linear: at most 1.5',
      reached: (ours, { 'at 1,000': small }) => ours <= small * 1.5,
    }));
  }
  await page.leave();
  return rows;
}

const fifth = (ours, { 'LangChain.js': theirs }) => ours <= theirs / 5;
const goals = {
  100: { goal: '1/5 of LangChain.js', reached: fifth },
  1_000: { goal: '1/5 of LangChain.js', reached: fifth },
  10_000: {
    goal: 'below Promise.all, 1/5 of LangChain.js',
    reached: (ours, theirs) => ours < theirs['Promise.all'] && fifth(ours, theirs),
  },
};
