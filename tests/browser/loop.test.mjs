// The event loop: one thread, a mark for each turn, and the article's steps as they happen.

import { button, makespan, near, openTrace, ready, saveRun, status, timeline } from './lib/page.mjs';
import { TIMING, expect, test } from './lib/test.mjs';

const region = (page, name) => page.getByRole('region', { name, exact: true });
const eventLoop = (page) => region(page, 'Event loop');
const steps = (page) => eventLoop(page).getByRole('listitem');
/** How many marks the pictures hold, one number for each row. */
const marks = (page) => eventLoop(page).locator('.row svg').evaluateAll((rows) => rows.map((row) =>
  Array.from(row.querySelectorAll('path'), (path) => (path.getAttribute('d').match(/M/g) ?? []).length)
    .reduce((sum, count) => sum + count, 0)));

/** Before the page's own scripts: notes every task that kept the thread for more than 50 ms. */
function watch() {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longTasks.push(Math.round(entry.duration));
  }).observe({ type: 'longtask' });
}

test.describe('the event loop', () => {
  test('has a mark for the polls of every agent, and was almost always free', { tag: TIMING }, async ({ open }) => {
    const page = await open('#preset=company&tab=loop');
    await ready(page);
    expect((await marks(page)).filter((count) => count > 0)).toEqual([]);
    await expect(steps(page)).toHaveText(Array(7).fill(/not yet$/));
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    // The thread and five agents, twice.
    await expect.poll(async () => (await marks(page)).filter((count) => count > 0).length).toBe(12);
    // The one lane of the thread has everybody's marks in everybody's colour.
    const colours = await eventLoop(page).locator('.thread').first().evaluate((thread) => {
      const rows = Array.from(thread.querySelectorAll('.row'), (row) =>
        Array.from(row.querySelectorAll('path'), (path) =>
          [path.getAttribute('d'), getComputedStyle(path).fill]));
      return { thread: rows[0], own: rows.slice(1).flat() };
    });
    expect(colours.thread).toEqual(colours.own);
    expect(new Set(colours.own.map(([, colour]) => colour)).size).toBe(5);
    const text = await eventLoop(page).innerText();
    const sentences = [...text.matchAll(/busy ([\d.,]+) ms of ([\d,]+) ms: free ([\d.]+)% of the time/g)];
    expect(sentences, text).toHaveLength(2);
    for (const [, busy, whole, free] of sentences) {
      const number = (figure) => Number(figure.replace(/,/g, ''));
      expect(number(whole)).toBeGreaterThanOrEqual(2300);
      expect(number(busy), text).toBeLessThan(number(whole) / 4);
      expect(Math.abs(100 - (100 * number(busy)) / number(whole) - free), text).toBeLessThan(0.2);
    }
    await expect(steps(page)).toHaveText(Array(7).fill(/done$/));
    const gauges = eventLoop(page).getByRole('meter');
    await expect(gauges).toHaveCount(2);
    for (const gauge of await gauges.all()) {
      const [now, drawn] = await gauge.evaluate((node) => [
        Number(node.ariaValueNow), node.firstElementChild.getBoundingClientRect().width / node.clientWidth]);
      expect(now).toBeLessThan(25);
      expect(Math.abs(drawn - now / 100), 'the gauge is as full as it says, to a pixel').toBeLessThan(0.02);
    }
    await expect(steps(page).nth(1)).toContainText('While News waits: start Stock, Social, Internal');
  });

  test('can be looked at closer, by button and by key', async ({ open }) => {
    // Not faster: browsers tell time by tenths of a millisecond, so that eight times as fast a run's end
    // may be 0.8 ms after its last poll, and out of view where one millisecond is.
    const page = await open('#preset=company&view=loop&autoplay=1');
    await expect(status(page)).toHaveText(/^Finished/);
    const inView = eventLoop(page).getByText(/[\d,.]+ ms in view/).first();
    const view = async () => (await inView.innerText()).match(/([\d,.]+) ms in view/)[1];
    const whole = await view();
    // The clock goes on a little after the last poll, and one millisecond is soon over.
    await button(page, 'Previous event').click();
    for (let closer = 0; closer < 9; closer += 1) await button(page, 'Zoom in').click();
    await expect.poll(view).toBe('1.0');
    // By now a turn that was measured at all has width: a twentieth of the picture or more. The others are
    // a pixel wide, and faint.
    const widths = (kind) => eventLoop(page).locator(`.thread-rows + .thread-rows path.${kind}`).evaluateAll((paths) =>
      paths.flatMap((path) => Array.from(path.getAttribute('d').matchAll(/M([\d.]+) 0H([\d.]+)/g),
        ([, from, to]) => to - from)));
    const measured = await widths('turns');
    expect(measured.filter((width) => width <= 0.05)).toEqual([]);
    expect(measured.length + (await widths('widened')).length).toBeGreaterThan(0);
    const faint = eventLoop(page).locator('.thread-rows + .thread-rows path.widened[d]:not([d=""])');
    for (const mark of await faint.all()) await expect(mark).toHaveCSS('fill-opacity', '0.4');
    // What is magnified is framed in the picture of the whole run.
    await expect(eventLoop(page).locator('.lens:not(.none)')).toHaveCount(2);
    const group = eventLoop(page).getByRole('group', { name: /^Turns on the thread/ });
    await group.focus();
    await page.keyboard.press('-');
    await expect.poll(view).not.toBe('1.0');
    await page.keyboard.press('0');
    await expect.poll(view).toBe(whole);
    const time = page.getByRole('slider', { name: 'Time', exact: true });
    const before = Number(await time.inputValue());
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => Number(await time.inputValue())).toBeLessThan(before);
  });
});

/** The playhead's place in the pictures of the whole run, as fractions of it; `null` out of view. */
const playheads = (page) => eventLoop(page).locator('.thread-head + .thread-rows .cursor').evaluateAll((lines) =>
  lines.map((line) => (line.classList.contains('none') ? null : parseFloat(line.style.left) / 100)));

/** For `init` of `open`: counts the frames that the page waits for. */
function countFrames() {
  const usual = window.requestAnimationFrame;
  window.framesAskedFor = 0;
  window.requestAnimationFrame = (draw) => {
    window.framesAskedFor += 1;
    return usual((time) => {
      window.framesAskedFor -= 1;
      draw(time);
    });
  };
}

test.describe('the event loop\'s playhead', () => {
  test('is where the Time slider is, also when the end has been shown', async ({ open }) => {
    const page = await open('#preset=company&tab=loop', { init: countFrames });
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    // The picture moves on for a moment after the run, and asks for no frame once it stands still.
    await expect.poll(() => page.evaluate(() => window.framesAskedFor)).toBe(0);
    const time = page.getByRole('slider', { name: 'Time', exact: true });
    const [, whole] = (await eventLoop(page).getByText(/ms in view/).innerText()).match(/([\d,.]+) ms in view/);
    const seconds = Number(whole.replace(/,/g, '')) / 1000;
    const end = Number(await time.inputValue());
    expect(await playheads(page)).toHaveLength(2);
    for (const at of await playheads(page)) {
      expect(at, 'in view').not.toBeNull();
      expect(Math.abs(at * seconds - end), `${at} of ${seconds} s, ${end} s`).toBeLessThan(0.02);
    }
    // Magnified, it is in view.
    await button(page, 'Zoom in').click();
    await button(page, 'Zoom in').click();
    await expect(eventLoop(page).locator('.thread > .thread-rows .cursor:not(.none)')).toHaveCount(4);
  });
});

test.describe('the event loop of an opened trace', () => {
  test('says that the file does not record the thread, and nothing of it', async ({ open }) => {
    const page = await open('#preset=company&speed=8&tab=loop');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await openTrace(page, await (await saveRun(page, 'parallel')).path());
    await expect(eventLoop(page)).toContainText('This file does not record what the thread did.');
    await expect(eventLoop(page).getByRole('meter')).toHaveCount(0);
    await expect(eventLoop(page)).not.toContainText(/free [\d.]+%|\d turns?|Every agent awaits|resume/);
    await expect(steps(page).first()).toHaveText(/^News starts/);
    // A run of the page's own is measured again.
    await button(page, 'Run').click();
    // As the file does, it has the parallel run alone.
    await expect(eventLoop(page).getByRole('meter')).toHaveCount(1);
  });
});

test.describe('blocking the loop', () => {
  const menu = (page) => page.getByRole('combobox', { name: 'Block the event loop', exact: true });

  /** Both runs have ended after about the same time, and no speedup is claimed beyond that. */
  const savedNothing = async (page) => {
    await expect(status(page)).toHaveText(/^Finished: sequential [\d.]+ s, parallel [\d.]+ s, (no speedup|1\.1 times faster)$/);
    const [sequential, parallel] = (await status(page).innerText()).match(/[\d.]+(?= s)/g).map(Number);
    near(sequential, parallel, 0.15, 'sequential and parallel');
  };

  test('with all branches leaves nothing of the speedup, and says why', { tag: TIMING }, async ({ open }) => {
    const page = await open('#preset=company&tab=loop', { init: watch });
    await ready(page);
    await menu(page).selectOption({ label: 'All branches' });
    await expect(page).toHaveURL(/block=all/);
    await button(page, 'Run').click();
    await savedNothing(page);
    const rows = await timeline(page);
    near(makespan(rows, 'sequential'), 5.1, 0.05, 'sequential makespan');
    near(makespan(rows, 'parallel'), 5.1, 0.05, 'parallel makespan');
    await expect(eventLoop(page)).toContainText(/Speedup: (0\.9|1\.0|1\.1)\. Without blocking: 2\.2\./);
    await expect(eventLoop(page)).toContainText('Blocking freezes this page too, so the two runs take turns, at 2.3× speed to keep it under two seconds.');
    const text = await eventLoop(page).innerText();
    const [, parallel] = [...text.matchAll(/busy ([\d,]+) ms of/g)]
      .map(([, figure]) => Number(figure.replace(/,/g, '')));
    near(parallel, 4300, 0.05, 'the time that the parallel branches had the thread');
    // The page really was frozen, and never for two seconds.
    const longest = Math.max(...await page.evaluate(() => window.longTasks));
    expect(longest).toBeGreaterThan(300);
    expect(longest).toBeLessThan(2000);
  });

  test('with one branch costs what comes after it', { tag: TIMING }, async ({ open }) => {
    const page = await open('#preset=company&block=news&schedule=parallel&autoplay=1&tab=loop');
    await expect(status(page)).toHaveText(/^Finished: parallel 3\.[5-7] s/);
    await expect(eventLoop(page)).toContainText(/News holds the thread from 0(\.00\d)? s to 1\.2 s/);
    await expect(eventLoop(page)).toContainText('Stock, Social, Internal cannot start');
  });

  test('is what a row of the table runs', { tag: TIMING }, async ({ open }) => {
    const page = await open('#preset=company&speed=4&tab=loop');
    await ready(page);
    await button(page, 'Run heavy computation').click();
    await savedNothing(page);
    await button(page, 'Run file reads').click();
    await expect(status(page)).toHaveText(/^Finished: .*\b[2-4]\.\d times faster/);
    await expect(menu(page)).toHaveValue('');
    // Half a second for a call over the network, then the preset's own for a model.
    await button(page, 'Run network calls').click();
    await expect(status(page)).toHaveText(/^Finished: sequential 2\.\d s, parallel 0\.[5-9] s, [23]\.\d times/);
    await button(page, 'Run LLM calls').click();
    await expect(status(page)).toHaveText(/^Finished: sequential 5\.\d s, parallel 2\.\d s, 2\.\d times/);
  });
});
