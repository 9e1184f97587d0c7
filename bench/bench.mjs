// `cargo xtask bench` runs this once everything is built: measures the built site and its rivals in
// the same Chromium on the same machine, and prints one table.
//
//   node bench.mjs [--rounds N] [--only engine,live,..] [--json FILE] [--markdown FILE] [--smoke]
//
// Every figure is a median of at least five, of rivals that take turns. A machine that does something
// else at the same time gives other figures; how busy it was is printed with them. Nothing here
// fails because a figure is bad: only because it could not be had.

import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { launch, quit } from '../tests/browser/lib/browser.mjs';
import { makeRivals, serveRivals } from './lib/rivals.mjs';
import { table } from './lib/table.mjs';

const ALL = ['engine', 'live', 'bytes', 'start', 'lighthouse', 'frames', 'scrub', 'open', 'tail', 'memory'];
const FEWEST = 5;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: String(FEWEST) },
    only: { type: 'string' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    // Whether the harness works, in a minute: one round, small cases, no Lighthouse.
    smoke: { type: 'boolean', default: false },
  },
});
const { smoke } = values;
const rounds = smoke ? 1 : Math.max(FEWEST, Number.parseInt(values.rounds, 10) || FEWEST);
const names = values.only?.split(',') ?? ALL.filter((name) => !(smoke && name === 'lighthouse'));
const unknown = names.filter((name) => !ALL.includes(name));
if (unknown.length > 0) {
  throw new Error(`--only: there is no ${unknown.join(', ')}; there are ${ALL.join(', ')}`);
}

const busy = [os.loadavg()[0]];
const sizes = await makeRivals();
const served = await serveRivals();
const rivals = { url: served.url, again: serveRivals };
const rows = [];
for (const name of names) {
  const began = performance.now();
  const { measure } = await import(`./rows/${name}.mjs`);
  rows.push(...await measure({ rivals, sizes, rounds, smoke }));
  // To the side, so that the table can be piped.
  console.error(`==> ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
busy.push(os.loadavg()[0]);

const about = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${os.cpus().length} x ${os.cpus()[0].model.trim()}, `
    + `${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()}`,
  browser: `Chromium ${(await launch()).version()}, headless, without a GPU`,
  node: process.version,
  rounds,
  load: busy.map((load) => load.toFixed(1)).join(' before, ') + ' after',
};
await served.close();
await quit();

console.log(Object.entries(about).map(([name, value]) => `${name}: ${value}`).join('\n'));
console.log(`\n${table(rows)}`);
if (values.json) await writeFile(values.json, `${JSON.stringify({ ...about, rows }, undefined, 1)}\n`);
if (values.markdown) await writeFile(values.markdown, `${table(rows, { markdown: true })}\n`);
const empty = rows.filter(({ medians }) => !Number.isFinite(medians.Converge));
if (empty.length > 0) {
  throw new Error(`no figure for ${empty.map(({ figure }) => figure).join('; ')}`);
}
process.exit(0);
