// Measures how long the page takes from a pointer's move to the picture: `node measure.mjs` prints a
// table. It asserts nothing, since a machine's load is not the page's fault. Scrubbing moves the
// cursor over a run that is over; dragging moves the end of a bar; both once a frame. `work` is what
// the page's one thread does for a frame on average; the rest is from one frame to the next, so that
// 16.7 is a frame in time.

import { open, quit } from './lib/browser.mjs';
import { ready, statusSays } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const LONG = 'word '.repeat(330).trim();
const CASES = [
  ['12 agents', `#preset=fanout&n=11&speed=8&autoplay=1&topic=${encodeURIComponent(LONG)}`],
  ['100 agents', '#preset=fanout&n=99&speed=4&autoplay=1'],
  ['1,000 agents', '#preset=fanout&n=999&speed=1&schedule=parallel&autoplay=1'],
];
const FRAMES = 120;

/** In the page: moves the slider once a frame, and times the frames. */
function moves(label, frames) {
  // Without one nothing moves: what a frame takes on this machine at the moment.
  const slider = document.querySelector(`[aria-label="${label}"]`) ?? document.body;
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const move = (share) => {
    if (slider instanceof HTMLInputElement) {
      set.call(slider, String(Number(slider.max) * share));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    } else if (label) {
      const plot = slider.parentElement.getBoundingClientRect();
      const at = { bubbles: true, pointerId: 1, clientX: plot.left + plot.width * share };
      slider.dispatchEvent(new PointerEvent('pointermove', { ...at, clientY: plot.top }));
    }
  };
  return (async () => {
    slider.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerId: 1 }));
    const taken = [];
    let last = await nextFrame();
    for (let frame = 0; frame < frames; frame += 1) {
      // There and back, and not evenly: as a hand moves.
      move(0.5 + 0.45 * Math.sin(frame / 9));
      const now = await nextFrame();
      taken.push(now - last);
      last = now;
    }
    slider.dispatchEvent(new PointerEvent('pointerup', { bubbles: true, pointerId: 1 }));
    return taken.sort((a, b) => a - b);
  })();
}

const row = (cells) => console.log(cells.map((cell, at) =>
  (at === 0 ? String(cell).padEnd(28) : String(cell).padStart(9))).join(''));

row(['ms from frame to frame', 'work', 'p50', 'p95', 'longest', 'polls']);
const t = { after() {} };
const site = await serveSite(t);
for (const [name, address] of CASES) {
  const page = await open(t, site, address, { viewport: { width: 1280, height: 900 } });
  await ready(page);
  await statusSays(page, /^Finished/, 120_000);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  /** Seconds that the page's main thread has worked. */
  const worked = async () => (await session.send('Performance.getMetrics')).metrics
    .find(({ name }) => name === 'TaskDuration').value;
  const text = await page.getByRole('region', { name: 'Event loop', exact: true }).innerText();
  const polls = [...text.matchAll(/([\d,]+) polls?,/g)]
    .reduce((sum, [, count]) => sum + Number(count.replace(/,/g, '')), 0);
  for (const [what, label] of [['nothing', ''], ['scrub', 'Time'], ['drag', 'task1']]) {
    if (label && await page.locator(`[aria-label="${label}"]`).count() === 0) continue;
    const before = await worked();
    const taken = await page.evaluate(`(${moves})(${JSON.stringify(label)}, ${FRAMES})`);
    const at = (share) => taken[Math.floor((taken.length - 1) * share)].toFixed(1);
    const work = (((await worked()) - before) * 1000 / FRAMES).toFixed(1);
    row([`${name}, ${what}`, work, at(0.5), at(0.95), at(1), polls]);
  }
  await page.context().close();
}
await quit();
process.exit(0);
