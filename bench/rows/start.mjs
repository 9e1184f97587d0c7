// How soon a click is answered: from the navigation to the picture of what a click on the first button
// that does anything has set going, made as soon as the button is there. On a slow machine (4 times slower than
// this one) and on DevTools' own slow lines. What is left after the program has arrived is a row of
// its own: a bigger one takes longer to come, and need not take longer to begin.

import { serveSite } from '../../tests/browser/lib/site.mjs';
import { variable, visit } from '../lib/chrome.mjs';
import { row } from '../lib/table.mjs';

// Chromium's presets, latency and throughput as it applies them.
const LINES = {
  'fast 3G': { latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 },
  'fast 4G': { latency: 165, downloadThroughput: 1_012_500, uploadThroughput: 168_750 },
};

/** In the page, before anything of its own: clicks, and notes when that was answered. */
function clickFirst() {
  const button = () => [...document.querySelectorAll('button')]
    .find((button) => button.textContent.trim() === 'Run' && !button.disabled);
  // A run that goes on; a count of one. That a click has been noted is no answer yet.
  const answered = () => /^(Running|1$)/.test(document.querySelector('[role=status]')?.textContent);
  const painted = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(0);
  });
  const watch = new MutationObserver(() => {
    if (!button()) return;
    watch.disconnect();
    const there = performance.now();
    setTimeout(() => {
      button().click();
      const look = () => {
        if (!answered()) return painted(look);
        const program = performance.getEntriesByType('resource')
          .filter(({ name }) => name.endsWith('.wasm'))
          .sort((a, b) => a.startTime - b.startTime)[0];
        window.answered = {
          total: performance.now(), there, loaded: program.responseEnd,
        };
      };
      painted(look);
    });
  });
  watch.observe(document, { childList: true, subtree: true });
}

export async function measure({ rivals, rounds, smoke }) {
  const rows = [];
  const site = await serveSite(undefined, { cached: true });
  const theirs = await rivals.again({ cached: true });
  const addresses = { converge: site.url, counter: `${theirs.url}counter.html` };
  for (const line of smoke ? ['fast 4G'] : Object.keys(LINES)) {
    const cold = { converge: [], counter: [] };
    const warm = { converge: [], counter: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const name of round % 2 === 0 ? ['converge', 'counter'] : ['counter', 'converge']) {
        const page = await visit(undefined, { init: clickFirst });
        const session = await page.context().newCDPSession(page);
        await session.send('Network.enable');
        await session.send('Network.emulateNetworkConditions', { offline: false, ...LINES[line] });
        await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
        for (const samples of [cold, warm]) {
          await page.goto(addresses[name], { waitUntil: 'commit' });
          samples[name].push(await variable(page, 'answered'));
          // So that the cache has it, and the next page does not share the line.
          await page.waitForLoadState('networkidle');
        }
        await page.leave();
      }
    }
    const times = (samples, time) => samples.map(time);
    const total = ({ total }) => total;
    const after = ({ total, loaded }) => total - loaded;
    const compare = (figure, samples, time, more = {}) => row({
      figure: `${figure}, ${line}`,
      unit: 'ms',
      digits: 0,
      ours: times(samples.converge, time),
      rivals: { 'Leptos counter': times(samples.counter, time) },
      ...more,
    });
    rows.push(
      compare('first click answered, cold', cold, total),
      compare('the same after the download', cold, after, {
        goal: '1.3 x the counter',
        reached: (ours, { 'Leptos counter': counter }) => ours <= counter * 1.3,
      }),
      compare('first click answered, warm', warm, total, {
        goal: '1.3 x the counter',
        reached: (ours, { 'Leptos counter': counter }) => ours <= counter * 1.3,
      }),
    );
  }
  await site.close();
  await theirs.close();
  return rows;
}
