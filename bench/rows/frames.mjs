// How smooth the page is while agents run and stream: from frame to frame, by the frames' own times,
// from the click on Run to the end. The rival is a page that does nothing for as long: what this
// machine can do at the moment.

import { button, ready, status } from '../../tests/browser/lib/page.mjs';
import { serveSite } from '../../tests/browser/lib/site.mjs';
import { visit } from '../lib/chrome.mjs';
import { quantile, row } from '../lib/table.mjs';

/** In the page: notes frames and long tasks until it is told to stop. */
function watchFrames() {
  const times = [];
  const tasks = [0];
  let going = true;
  const observer = new PerformanceObserver((list) =>
    tasks.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ entryTypes: ['longtask'] });
  const note = (time) => {
    times.push(time);
    if (going) requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
  window.stopFrames = () => {
    going = false;
    observer.disconnect();
    return { frames: times.slice(1).map((time, at) => time - times[at]), task: Math.max(...tasks) };
  };
}

const SECONDS = 2.8;

export async function measure({ rivals, rounds, smoke }) {
  const site = await serveSite();
  const rows = [];
  for (const agents of smoke ? [12] : [12, 100, 1_000]) {
    const page = await visit(
      `${site.url}#preset=fanout&n=${agents - 1}&schedule=parallel&latency=*:2`);
    await ready(page);
    const idle = await visit(`${rivals.url}frames.html`);
    const ours = [];
    const theirs = [];
    for (let round = 0; round < rounds; round += 1) {
      await idle.bringToFront();
      await idle.evaluate(watchFrames);
      await idle.waitForTimeout(SECONDS * 1000);
      theirs.push(await idle.evaluate('stopFrames()'));

      await page.bringToFront();
      await page.evaluate(watchFrames);
      await button(page, 'Run').click();
      await status(page).filter({ hasText: /^Finished/ }).waitFor({ state: 'attached' });
      ours.push(await page.evaluate('stopFrames()'));
    }
    await page.leave();
    await idle.leave();
    const name = `frame while ${agents.toLocaleString('en-GB')} agents stream`;
    const share = (samples, share) => samples.map(({ frames }) => quantile(frames, share));
    const compare = (figure, of, more = {}) => row({
      figure: `${name}, ${figure}`,
      unit: 'ms',
      ours: of(ours),
      rivals: { 'empty page': of(theirs) },
      ...more,
    });
    rows.push(
      compare('p50', (samples) => share(samples, 0.5)),
      // To a tenth: a frame in time is 16.7, or 16.6, or 16.8.
      compare('p95', (samples) => share(samples, 0.95), {
        goal: '16.7', reached: (own) => own < 16.85,
      }),
      compare('longest task (0: under 50)', (samples) => samples.map(({ task }) => task), {
        digits: 0, goal: 'none over 50', reached: (own) => own <= 50,
      }),
    );
  }
  await site.close();
  return rows;
}
