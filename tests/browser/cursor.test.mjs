// The cursor: where it can be sent, by pointer, touch and keys, while a run goes on and after it,
// and that every view goes with it.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { button, output, ready, status, statusSays, timeline, whole } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const now = async (page) => Number(await time(page).inputValue());
const table = (page) => page.getByRole('table', { name: 'Timeline', exact: true });
const bar = (page, kind, agent) => page.locator(`.track[data-kind=${kind}] .lane`)
  .filter({ has: page.locator(`.lane-name[title="${agent}"]`) }).locator('.bar');

/** A finished run of the company, in little time. */
async function finished(t, address = '', context = {}) {
  const page = await open(t, await serveSite(t), `#preset=company&speed=8&autoplay=1${address}`,
    context);
  await statusSays(page, /^Finished/);
  await whole(page);
  return page;
}

after(quit);

describe('the cursor', () => {
  test('goes to the nearer end of a bar that is clicked', async (t) => {
    const page = await finished(t, '&speed=2', { viewport: { width: 1280, height: 1100 } });
    const rows = await timeline(page);
    const stock = rows.find((row) => row.agent === 'stock' && row.schedule === 'sequential');
    const box = await bar(page, 'sequential', 'stock').boundingBox();
    await page.mouse.click(box.x + box.width * 0.65, box.y + box.height / 2);
    assert.ok(Math.abs((await now(page)) - stock.end) < 0.011, `${await now(page)} ${stock.end}`);
    await page.mouse.click(box.x + box.width * 0.2, box.y + box.height / 2);
    assert.ok(Math.abs((await now(page)) - stock.start) < 0.011);
    await finish(page);
  });

  test('goes to a start or an end in the table, by keys only', async (t) => {
    const page = await finished(t);
    const row = table(page).getByRole('row', { name: /^social parallel/ });
    const [start, end] = await row.getByRole('button').allTextContents();
    await row.getByRole('button').last().focus();
    await page.keyboard.press('Enter');
    assert.ok(Math.abs((await now(page)) - Number(end)) < 0.011);
    await statusSays(page, /^Running/);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    assert.ok(Math.abs((await now(page)) - Number(start)) < 0.011);
    assert.equal(await output(page, 'social').locator('.text').textContent(), '');
    await finish(page);
  });

  test('shows every text on its way into the synthesis at the moment at which that starts', async (t) => {
    const page = await finished(t, '', { viewport: { width: 1280, height: 1100 } });
    const track = page.locator('.track[data-kind=parallel]');
    const start = table(page).getByRole('row', { name: /^synthesis parallel/ }).getByRole('button').first();
    // Once all have arrived only the line is left, where the synthesis begins and nowhere else.
    assert.equal(await track.locator('.join-text').count(), 0);
    const [line, synthesis] = [track.locator('.join-line'), bar(page, 'parallel', 'synthesis')];
    const left = async (of) => (await of.boundingBox()).x;
    assert.ok(Math.abs((await left(line)) - (await left(synthesis))) < 1.5);
    assert.equal(await page.locator('.track[data-kind=sequential] .join-line').count(), 0);
    await start.click();
    await track.locator('.join-text').first().waitFor();
    assert.equal(await track.locator('.join-text').count(), 4);
    // A moment earlier nobody has met anybody.
    await button(page, 'Step back').click();
    await line.waitFor({ state: 'detached' });
    await finish(page);
  });

  test('plays and pauses with the space key wherever that has nothing else to do', async (t) => {
    const page = await finished(t, '&jitter=0');
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('Space');
    await button(page, 'Pause').waitFor();
    await page.keyboard.press('Space');
    await button(page, 'Play').waitFor();
    const before = await now(page);
    assert.ok(before < 5, `played from the beginning and stopped on the way: ${before}`);
    // A button keeps its space key, and a field its letter.
    const topic = page.getByRole('textbox', { name: 'Topic', exact: true });
    await topic.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    assert.match(await topic.inputValue(), / $/);
    assert.equal(await button(page, 'Pause').count(), 0);
    await finish(page);
  });

  test('can be dragged with a finger', async (t) => {
    const page = await finished(t, '', {
      hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 },
    });
    await time(page).scrollIntoViewIfNeeded();
    const box = await time(page).boundingBox();
    const session = await page.context().newCDPSession(page);
    const at = (share) => [{ x: box.x + box.width * share, y: box.y + box.height / 2 }];
    const touch = (type, touchPoints) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints });
    await touch('touchStart', at(0.9));
    await touch('touchMove', at(0.6));
    await touch('touchMove', at(0.3));
    await touch('touchEnd', []);
    const [here, edge] = [await now(page), Number(await time(page).getAttribute('max'))];
    assert.ok(here > edge * 0.2 && here < edge * 0.4, `${here} of ${edge}`);
    await statusSays(page, /^Running/);
    await finish(page);
  });

  test('drags while the rest of the page keeps its place, and is whole when let go', async (t) => {
    const page = await finished(t, '', { viewport: { width: 1280, height: 800 } });
    const height = () => page.evaluate(() => document.documentElement.scrollHeight);
    const before = await height();
    const held = () => page.evaluate(() => document.documentElement.dataset.held ?? '');
    const box = await time(page).boundingBox();
    const at = (share) => [box.x + box.width * share, box.y + box.height / 2];
    await page.mouse.move(...at(0.98));
    await page.mouse.down();
    assert.equal(await held(), '1');
    for (const share of [0.8, 0.6, 0.4]) {
      await page.mouse.move(...at(share));
      assert.ok(Math.abs((await height()) - before) < 60, `${await height()} was ${before}`);
    }
    // Off the slider and off the page's controls: letting go counts anywhere.
    await page.mouse.move(box.x + box.width * 0.3, 5);
    await page.mouse.up();
    assert.equal(await held(), '');
    await statusSays(page, /^Running/);
    assert.match(await page.getByRole('region', { name: 'Data', exact: true }).innerText(), /topic/);
    await finish(page);
  });

  test('does not come to harm in a run that was stopped, or that was over at once', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=0.5');
    await ready(page);
    await button(page, 'Run').click();
    await statusSays(page, /^Running/);
    await time(page).focus();
    await page.keyboard.press('Home');
    await button(page, 'Stop').click();
    await time(page).focus();
    await page.keyboard.press('End');
    await statusSays(page, /^Stopped/);
    for (const key of ['Home', 'ArrowLeft', 'ArrowRight', 'Shift+ArrowRight', 'End']) {
      await page.keyboard.press(key);
    }
    await statusSays(page, /^Stopped/);
    await finish(page);
    // Every agent of this one takes no time at all.
    const instant = await open(t, await serveSite(t), '#preset=fanout&n=1&latency=*:0&autoplay=1');
    await statusSays(instant, /^Finished/);
    await button(instant, 'Step back').click();
    await button(instant, 'Step forward').click();
    await statusSays(instant, /^Finished/);
    await finish(instant);
  });

  test('can be moved in every view that stands alone', async (t) => {
    for (const view of ['flow', 'loop', 'code', 'data']) {
      const page = await finished(t, `&view=${view}`);
      await time(page).focus();
      await page.keyboard.press('Home');
      await statusSays(page, /^Running|^Ready/);
      assert.equal(await button(page, 'Run').count(), 1);
      assert.equal(await status(page).count(), 1);
      await finish(page);
    }
  });
});

test('a block is seen on the thread while it lasts', async (t) => {
  const page = await open(t, await serveSite(t), '#block=news&schedule=parallel&autoplay=1');
  await statusSays(page, /^Finished/);
  await whole(page);
  await time(page).focus();
  await page.keyboard.press('Home');
  for (let presses = 0; presses < 6; presses += 1) await page.keyboard.press('ArrowRight');
  const text = await page.getByRole('region', { name: 'Event loop', exact: true }).innerText();
  const [, busy, length] = text.match(/busy ([\d,]+) ms of ([\d,]+) ms/);
  assert.ok(Math.abs(Number(length) - 600) <= 2, text);
  assert.ok(Number(busy) >= 590, text);
  assert.match(text, /news computes and keeps the thread/);
  await finish(page);
});

test('reduced motion takes away the travel and none of the facts', async (t) => {
  const page = await finished(t);
  // The clock goes on for a moment after the end, until what is under way has arrived.
  await page.evaluate(() => new Promise((resolve) => {
    let last;
    const look = () => {
      const now = document.querySelector('.now').textContent;
      if (now === last) return resolve();
      last = now;
      return requestAnimationFrame(look);
    };
    look();
  }));
  const facts = async () => ({
    words: await page.getByRole('main').innerText(),
    bars: await page.locator('.track .bar:not(.none)').evaluateAll((bars) =>
      bars.map((bar) => bar.getBoundingClientRect().width)),
    written: await page.locator('.edge.written').count(),
  });
  const moves = (reducedMotion) => page.emulateMedia({ reducedMotion });
  const row = table(page).getByRole('row', { name: /^stock parallel/ });
  for (const moment of ['the end', 'half way']) {
    if (moment === 'half way') {
      await row.getByRole('button').last().click();
      await statusSays(page, /^Running/);
    }
    await moves('no-preference');
    const usual = await facts();
    await moves('reduce');
    assert.deepEqual(await facts(), usual, moment);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0, moment);
  }
  assert.ok((await facts()).bars.some((width) => width > 3));
  await finish(page);
});
