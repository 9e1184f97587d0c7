// Runs programs side by side, each in a worker of this one process. Argument: how many at once. Reads a
// list of paths from standard input and writes for each how it ended and what it printed. A program is
// run as `node program.mjs` would.

import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

// No program of these takes long; one that waits for ever is ended, and says so.
const LONGEST_MS = 60_000;

async function run(path) {
  const program = new Worker(pathToFileURL(path), { stdout: true, stderr: true });
  const timer = setTimeout(() => program.terminate(), LONGEST_MS);
  let failure = '';
  program.on('error', (error) => { failure = `${error?.stack ?? error}\n`; });
  const [code, out, err] = await Promise.all([
    new Promise((resolve) => { program.on('exit', resolve); }),
    text(program.stdout),
    text(program.stderr),
  ]);
  clearTimeout(timer);
  return { code, out, err: err + failure };
}

const paths = JSON.parse(await text(process.stdin));
const waiting = paths[Symbol.iterator]();
const done = {};

async function runNext() {
  for (const path of waiting) done[path] = await run(path);
}

await Promise.all(Array.from({ length: Number(process.argv[2]) }, runNext));
process.stdout.write(JSON.stringify(done));
