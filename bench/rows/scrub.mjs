// How soon the picture follows the hand: from a pointer event's arrival in the page to the end of the
// frame that it caused, while the cursor is drawn over a run that is over. Real input, at the rate
// of a mouse.

import { ready, status } from '../../tests/browser/lib/page.mjs';
import { serveSite } from '../../tests/browser/lib/site.mjs';
import { openRivals, visit } from '../lib/chrome.mjs';
import { quantile, row } from '../lib/table.mjs';

const words = (count) => encodeURIComponent('word '.repeat(count).trim());
const SMALL = `preset=fanout&n=11&schedule=parallel&topic=${words(230)}`;
const LARGE = `preset=fanout&n=250&schedule=parallel&latency=*:4&topic=${words(390)}`;
const CASES = [
  { name: 'scrub at 3,000 events', slider: 'Time', goal: 16.7, fragment: SMALL },
  { name: 'scrub at 100,000 events', slider: 'Time', goal: 33, fragment: LARGE },
  // It predicts the run anew with every move.
  { name: 'drag a bar at 3,000 events', slider: 'task1', goal: 16.7, fragment: SMALL },
];
const MOVES = 150;

/** In the page, from now on: how long each pointer's move takes until its frame has been painted. */
function watchMoves() {
  window.taken = [];
  let first;
  addEventListener('pointermove', () => {
    // Several in one frame are one to the eye; it began with the first.
    if (first !== undefined) return;
    first = performance.now();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        window.taken.push(performance.now() - first);
        first = undefined;
      };
      port2.postMessage(0);
    });
  }, { capture: true });
}

export async function measure({ rivals, rounds, smoke }) {
  const site = await serveSite();
  const bench = await openRivals(rivals);
  const rows = [];
  for (const { name, slider, goal, fragment } of smoke ? CASES.slice(0, 1) : CASES) {
    const events = await bench.evaluate((fragment) =>
      new window.rivals.Logs(fragment).events(), fragment);
    const page = await visit(`${site.url}#${fragment}&autoplay=1`);
    await ready(page);
    await status(page).filter({ hasText: /^Finished/ }).waitFor({ state: 'attached', timeout: 120_000 });
    await page.evaluate(watchMoves);
    const handle = page.getByRole('slider', { name: slider, exact: true });
    await handle.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await handle.boundingBox();
    // A bar's end is narrow, and moves over the plot from where it stands.
    const [from, range] = width > 200 ? [x, width] : [x + width / 2 - 285, 300];
    const at = (share) => [from + range * share, y + height / 2];
    const samples = [];
    for (let round = 0; round < rounds; round += 1) {
      await page.mouse.move(...at(0.95));
      await page.mouse.down();
      await page.evaluate('taken.length = 0');
      for (let move = 0; move < MOVES; move += 1) {
        // There and back, and not evenly: as a hand moves.
        await page.mouse.move(...at(0.5 + 0.45 * Math.cos(move / 9)));
      }
      const taken = await page.evaluate('taken');
      // Back to where the next round takes hold of it.
      await page.mouse.move(...at(0.95));
      await page.mouse.up();
      // Moves that draw nothing come many to a frame: then the pointer was not on the handle.
      if (taken.length < MOVES / 2) throw new Error(`${name}: ${taken.length} frames in ${MOVES} moves`);
      samples.push(quantile(taken, 0.95));
    }
    await page.leave();
    rows.push(row({
      figure: `${name} (${events.toLocaleString('en-GB')}), pointer to paint, p95`,
      unit: 'ms',
      ours: samples,
      goal: String(goal),
      reached: (own) => own <= goal,
    }));
  }
  await bench.leave();
  await site.close();
  return rows;
}
