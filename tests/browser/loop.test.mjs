// The event loop: one thread, a mark for each poll, and the article's steps as they happen.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { button, makespan, near, ready, statusSays, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const region = (page, name) => page.getByRole('region', { name, exact: true });
const eventLoop = (page) => region(page, 'Event loop');
/** The steps as `[text, state]`. */
const steps = async (page) => (await eventLoop(page).getByRole('listitem').allInnerTexts())
  .map((text) => text.replace(/\s+/g, ' ').trim());
/** How many marks the pictures hold, one number for each row. */
const marks = (page) => eventLoop(page).locator('.row path:first-child').evaluateAll((paths) =>
  paths.map((path) => (path.getAttribute('d').match(/M/g) ?? []).length));

/** Before the page's own scripts: notes every task that kept the thread for more than 50 ms. */
function watch() {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longTasks.push(Math.round(entry.duration));
  }).observe({ type: 'longtask' });
}

after(quit);

describe('the event loop', () => {
  test('has a mark for the polls of every agent, and was almost always free', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company');
    await ready(page);
    assert.ok((await marks(page)).every((count) => count === 0));
    assert.ok((await steps(page)).every((step) => step.endsWith('not yet')));
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    const drawn = await marks(page);
    assert.equal(drawn.length, 12, 'the thread and five agents, twice');
    assert.ok(drawn.every((count) => count > 0), `${drawn}`);
    // The one lane of the thread has everybody's marks in everybody's colour.
    const colours = await eventLoop(page).locator('.thread').first().evaluate((thread) => {
      const rows = Array.from(thread.querySelectorAll('.row'), (row) =>
        Array.from(row.querySelectorAll('path'), (path) =>
          [path.getAttribute('d'), getComputedStyle(path).stroke]));
      return { thread: rows[0].slice(1), own: rows.slice(1).flat() };
    });
    assert.deepEqual(colours.thread, colours.own);
    assert.equal(new Set(colours.own.map(([, colour]) => colour)).size, 5);
    const text = await eventLoop(page).innerText();
    const sentences = [...text.matchAll(/busy ([\d.,]+) ms of ([\d,]+) ms: ([\d.]+) % .* free/g)];
    assert.equal(sentences.length, 2, text);
    for (const [, busy, whole, free] of sentences) {
      const number = (figure) => Number(figure.replace(/,/g, ''));
      assert.ok(number(whole) >= 2300);
      assert.ok(number(busy) < number(whole) / 4, text);
      assert.ok(Math.abs(100 - (100 * number(busy)) / number(whole) - free) < 0.2, text);
    }
    const told = await steps(page);
    assert.equal(told.length, 7);
    assert.ok(told.every((step) => step.endsWith('done')), `${told}`);
    assert.match(told[1], /While news waits: start stock, social, internal/);
    await finish(page);
  });

  test('can be looked at closer, by button and by key', async (t) => {
    // Not faster: browsers tell time by tenths of a millisecond, so that eight times as fast a run's end
    // may be 0.8 ms after its last poll, and out of view where one millisecond is.
    const page = await open(t, await serveSite(t), '#preset=company&view=loop&autoplay=1');
    await statusSays(page, /^Finished/);
    const view = async () => (await eventLoop(page).innerText()).match(/([\d,.]+) ms in view/)[1];
    const whole = await view();
    // The clock goes on a little after the last poll, and one millisecond is soon over.
    await button(page, 'Step back').click();
    for (let closer = 0; closer < 9; closer += 1) await button(page, 'Zoom in').click();
    assert.equal(await view(), '1.0');
    // By now a poll that was measured at all has width: a twentieth of the picture or more.
    const widths = await eventLoop(page).locator('.row path').evaluateAll((paths) =>
      paths.flatMap((path) => Array.from(path.getAttribute('d').matchAll(/M([\d.]+) 0H([\d.]+)/g),
        ([, from, to]) => to - from)));
    assert.ok(widths.length > 0 && widths.every((width) => width === 0 || width > 0.05), `${widths}`);
    const group = eventLoop(page).getByRole('group', { name: /^Polls on the thread/ });
    await group.focus();
    await page.keyboard.press('-');
    assert.notEqual(await view(), '1.0');
    await page.keyboard.press('0');
    assert.equal(await view(), whole);
    const time = page.getByRole('slider', { name: 'Time', exact: true });
    const before = Number(await time.inputValue());
    await page.keyboard.press('ArrowLeft');
    assert.ok(Number(await time.inputValue()) < before);
    await finish(page);
  });
});

describe('blocking the loop', () => {
  const menu = (page) => page.getByRole('combobox', { name: 'Block the loop', exact: true });

  test('with all branches leaves nothing of the speedup, and says why', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company', { init: watch });
    await ready(page);
    await menu(page).selectOption({ label: 'All branches' });
    assert.match(new URL(page.url()).hash, /block=all/);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished: .*\b(0\.9|1\.0|1\.1) times faster/);
    const rows = await timeline(page);
    near(makespan(rows, 'sequential'), 5.1, 0.05, 'sequential makespan');
    near(makespan(rows, 'parallel'), 5.1, 0.05, 'parallel makespan');
    const text = await eventLoop(page).innerText();
    assert.match(text, /The speedup is (0\.9|1\.0|1\.1); if all awaited, 2\.2/);
    assert.match(text, /freezes for less than two seconds/);
    const [, parallel] = [...text.matchAll(/busy ([\d,]+) ms of/g)]
      .map(([, figure]) => Number(figure.replace(/,/g, '')));
    near(parallel, 4300, 0.05, 'the time that the parallel branches had the thread');
    // The page really was frozen, and never for two seconds.
    const freezes = await page.evaluate(() => window.longTasks);
    assert.ok(Math.max(...freezes) > 300 && Math.max(...freezes) < 2000, `${freezes}`);
    await finish(page);
  });

  test('with one branch costs what comes after it', async (t) => {
    const page = await open(t, await serveSite(t), '#block=news&schedule=parallel&autoplay=1');
    await statusSays(page, /^Finished: parallel 3\.[5-7] s/);
    const text = await eventLoop(page).innerText();
    assert.match(text, /news keeps the thread from 0(\.00\d)? s to 1\.2 s/);
    assert.match(text, /stock, social, internal cannot even start/);
    await finish(page);
  });

  test('is what a row of the table runs', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=4');
    await ready(page);
    await button(page, 'Run heavy computation').click();
    await statusSays(page, /^Finished: .*\b(0\.9|1\.0|1\.1) times faster/);
    await button(page, 'Run reading files').click();
    await statusSays(page, /^Finished: .*\b[2-4]\.\d times faster/);
    assert.equal(await menu(page).inputValue(), '');
    // Half a second for a call over the network, then the preset's own for a model.
    await button(page, 'Run network calls').click();
    await statusSays(page, /^Finished: sequential 2\.[1-3] s, parallel 0\.[6-9] s, [23]\.\d times/);
    await button(page, 'Run LLM calls').click();
    await statusSays(page, /^Finished: sequential 5\.[1-3] s, parallel 2\.[3-5] s, 2\.\d times/);
    await finish(page);
  });
});
