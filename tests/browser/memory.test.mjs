// Running again and again in one tab takes no more memory than running a few times.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { ready } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

/** How many runs; the history is full after twenty. RUNS in the environment makes them more. */
const RUNS = Number(process.env.RUNS ?? 125);
const SETTLED = 25;

/** Before the page's own scripts: keeps hold of the program's memory. */
function hold() {
  const seen = (memory) => {
    if (memory instanceof WebAssembly.Memory) window.programMemory = memory;
  };
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const usual = WebAssembly[name];
    WebAssembly[name] = async (...all) => {
      const made = await usual.apply(WebAssembly, all);
      Object.values((made.instance ?? made).exports).forEach(seen);
      return made;
    };
  }
}

/**
 * In the page: runs that many times, each to its end and until the browser has stored it. What waits
 * to be stored takes memory too, and is no leak.
 */
async function runs(count) {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await asked(indexedDB.open('converge'));
  const newest = async () => {
    const keys = await asked(database.transaction('runs').objectStore('runs').getAllKeys());
    return Math.max(0, ...keys.map(Number));
  };
  const frame = () => new Promise((drawn) => { requestAnimationFrame(drawn); });
  const control = () => document.querySelector('[data-control=run]');
  for (let ran = 0; ran < count; ran += 1) {
    const before = await newest();
    control().click();
    do await frame(); while (control().textContent.trim() !== 'Run');
    while ((await newest()) <= before) await frame();
  }
  database.close();
}

after(quit);

test('memory is flat once the history is full', async (t) => {
  const page = await open(t, await serveSite(t),
    '#preset=company&schedule=parallel&latency=*:0,synthesis:0&speed=8', { init: hold });
  await ready(page);
  const session = await page.context().newCDPSession(page);
  const used = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const program = await page.evaluate(() => window.programMemory.buffer.byteLength);
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    return { heap: usedSize / 1e6, program: program / 1e6, nodes };
  };
  await page.evaluate(`(${runs})(${SETTLED})`);
  const before = await used();
  await page.evaluate(`(${runs})(${RUNS - SETTLED})`);
  const after = await used();
  t.diagnostic(`after ${SETTLED} and ${RUNS} runs: ${JSON.stringify([before, after])}`);
  // It grows by pages of 64 KiB, and where they are needed is a matter of order: three, and no more.
  assert.ok(after.program <= before.program + 0.2, `${after.program} MB was ${before.program} MB`);
  assert.ok(after.heap <= before.heap * 1.2 + 1, `${after.heap} MB was ${before.heap} MB`);
  // Two runs are never of one length, and their axes differ by a mark or two. A leak is one a run.
  const leak = (RUNS - SETTLED) / 10;
  assert.ok(after.nodes < before.nodes + leak, `${after.nodes} elements were ${before.nodes}`);
  await finish(page);
});
