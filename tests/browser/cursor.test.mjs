// The cursor: where it can be sent, by pointer, touch and keys, while a run goes on and after it,
// and that every view goes with it.

import { button, openTab, output, ready, status, timeline, whole } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const now = async (page) => Number(await time(page).inputValue());
const table = (page) => page.getByRole('table', { name: 'Timeline', exact: true });
const bar = (page, kind, agent) =>
  page.locator(`.track[data-kind=${kind}] .lane[data-name="${agent}"] .bar`);

/** The cursor gets to a moment, but for what the table has rounded. */
const isAt = (page, moment) =>
  expect.poll(async () => Math.abs(await now(page) - moment)).toBeLessThan(0.011);

const test = base.extend({
  /** A finished run of the company, in little time. */
  finished: ({ open }, use) => use(async (address = '', context = {}) => {
    const page = await open(`#preset=company&speed=8&autoplay=1${address}`, context);
    await expect(status(page)).toHaveText(/^Finished/);
    await whole(page);
    return page;
  }),
});

test.describe('the cursor', () => {
  test('goes to the nearer end of a bar that is clicked', async ({ finished }) => {
    const page = await finished('&speed=2', { viewport: { width: 1280, height: 1100 } });
    const rows = await timeline(page);
    const stock = rows.find((row) => row.agent === 'stock' && row.schedule === 'sequential');
    const box = await bar(page, 'sequential', 'stock').boundingBox();
    await page.mouse.click(box.x + box.width * 0.65, box.y + box.height / 2);
    await isAt(page, stock.end);
    await page.mouse.click(box.x + box.width * 0.2, box.y + box.height / 2);
    await isAt(page, stock.start);
  });

  test('goes to a start or an end in the table, by keys only', async ({ finished }) => {
    const page = await finished();
    await openTab(page, 'Runs');
    const row = table(page).getByRole('row', { name: /^social parallel/ });
    await expect(row.getByRole('button')).toHaveCount(2);
    const [start, end] = await row.getByRole('button').allTextContents();
    await row.getByRole('button').last().focus();
    await page.keyboard.press('Enter');
    await isAt(page, Number(end));
    await expect(status(page)).toHaveText(/^Running/);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await isAt(page, Number(start));
    await openTab(page, 'Answers');
    await expect(output(page, 'social').locator('.text')).toHaveText('');
  });

  test('shows every text on its way into the synthesis at the moment at which that starts', async ({ finished }) => {
    const page = await finished('&tab=runs', { viewport: { width: 1280, height: 1100 } });
    const track = page.locator('.track[data-kind=parallel]');
    const start = table(page).getByRole('row', { name: /^synthesis parallel/ }).getByRole('button').first();
    // Once all have arrived only the line is left, where the synthesis begins and nowhere else.
    await expect(track.locator('.join-token')).toHaveCount(0);
    const [rail, synthesis] = [track.locator('.rail').first(), bar(page, 'parallel', 'synthesis')];
    const begins = async () => (await synthesis.boundingBox()).x;
    const stands = async () => (await rail.boundingBox()).x + 2;
    await expect.poll(async () => Math.abs(await stands() - await begins())).toBeLessThan(1.5);
    await expect(page.locator('.track[data-kind=sequential] .rail')).toHaveCount(0);
    await start.click();
    await track.locator('.join-token').first().waitFor();
    await expect(track.locator('.join-token')).toHaveCount(4);
    // A moment earlier no answer has met another one.
    await button(page, 'Previous event').click();
    await expect(track.locator('.rail')).toHaveCount(0);
  });

  test('plays and pauses with the space key wherever that has nothing else to do', async ({ finished }) => {
    const page = await finished('&jitter=0');
    // Slowly, so that it is not over before the second press.
    await page.getByRole('combobox', { name: 'Speed', exact: true }).selectOption('0.1');
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('Space');
    await button(page, 'Pause').waitFor();
    await page.keyboard.press('Space');
    await button(page, 'Play').waitFor();
    expect(await now(page), 'played from the beginning and stopped on the way').toBeLessThan(5);
    // A button keeps its space key, and a field its letter.
    const topic = page.getByRole('textbox', { name: 'Topic', exact: true });
    await topic.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await expect(topic).toHaveValue(/ $/);
    await expect(button(page, 'Pause')).toHaveCount(0);
  });

  test('can be dragged with a finger', async ({ finished }) => {
    const page = await finished('', {
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
    const share = async () => await now(page) / Number(await time(page).getAttribute('max'));
    await expect.poll(share).toBeLessThan(0.4);
    expect(await share()).toBeGreaterThan(0.2);
    await expect(status(page)).toHaveText(/^Running/);
  });

  test('drags while the rest of the page keeps its place, and is whole when let go', async ({ finished }) => {
    const page = await finished('', { viewport: { width: 1280, height: 800 } });
    const height = () => page.evaluate(() => document.documentElement.scrollHeight);
    // What is out of view keeps the height that it was last drawn with, so it has to have been drawn.
    await page.evaluate(() => new Promise((drawn) => {
      requestAnimationFrame(() => requestIdleCallback(drawn));
    }));
    const before = await height();
    const root = page.locator('html');
    const box = await time(page).boundingBox();
    const at = (share) => [box.x + box.width * share, box.y + box.height / 2];
    await page.mouse.move(...at(0.98));
    await page.mouse.down();
    await expect(root).toHaveAttribute('data-held', '1');
    for (const share of [0.8, 0.6, 0.4]) {
      await page.mouse.move(...at(share));
      await expect.poll(async () => Math.abs(await height() - before)).toBeLessThan(60);
    }
    // Off the slider and off the page's controls: letting go counts anywhere.
    await page.mouse.move(box.x + box.width * 0.3, 5);
    await page.mouse.up();
    await expect(root).not.toHaveAttribute('data-held');
    await expect(status(page)).toHaveText(/^Running/);
    await expect(page.getByRole('tabpanel')).toHaveText(/News/, { useInnerText: true });
  });

  test('does not come to harm in a run that was stopped, or that was over at once', async ({ open }) => {
    const page = await open('#preset=company&speed=0.5');
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Running/);
    await time(page).focus();
    await page.keyboard.press('Home');
    await button(page, 'Stop').click();
    await time(page).focus();
    await page.keyboard.press('End');
    await expect(status(page)).toHaveText(/^Stopped/);
    for (const key of ['Home', 'ArrowLeft', 'ArrowRight', 'Shift+ArrowRight', 'End']) {
      await page.keyboard.press(key);
    }
    await expect(status(page)).toHaveText(/^Stopped/);
    await page.context().close();
    // Every agent of this one takes no time at all.
    const instant = await open('#preset=fanout&n=1&latency=*:0&autoplay=1');
    await expect(status(instant)).toHaveText(/^Finished/);
    await button(instant, 'Previous event').click();
    await button(instant, 'Next event').click();
    await expect(status(instant)).toHaveText(/^Finished/);
  });

  test('can be moved in every view that stands alone', async ({ finished }) => {
    for (const view of ['flow', 'loop', 'code', 'data']) {
      const page = await finished(`&view=${view}`);
      await time(page).focus();
      await page.keyboard.press('Home');
      await expect(status(page)).toHaveText(/^Running|^Press Run/);
      await expect(button(page, 'Run')).toHaveCount(1);
      await expect(status(page)).toHaveCount(1);
      await page.context().close();
    }
  });
});

test('a block is seen on the thread while it lasts', async ({ open }) => {
  const page = await open('#preset=company&block=news&schedule=parallel&autoplay=1&tab=loop');
  await expect(status(page)).toHaveText(/^Finished/);
  await whole(page);
  await time(page).focus();
  await page.keyboard.press('Home');
  for (let presses = 0; presses < 6; presses += 1) await page.keyboard.press('ArrowRight');
  const loop = page.getByRole('region', { name: 'Event loop', exact: true });
  await expect(loop).toContainText('News blocks the thread');
  await expect(loop).toContainText(/busy [\d,]+ ms of (598|599|600|601|602) ms/);
  const [, busy] = (await loop.innerText()).match(/busy ([\d,]+) ms of/);
  expect(Number(busy)).toBeGreaterThanOrEqual(590);
});

test('reduced motion takes away the travel and none of the facts', async ({ finished }) => {
  const page = await finished('&tab=runs');
  // The history lists the run once it is kept.
  await button(page, 'Delete all').waitFor();
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
      await expect(status(page)).toHaveText(/^Running/);
    }
    await moves('no-preference');
    const usual = await facts();
    await moves('reduce');
    expect(await facts(), moment).toEqual(usual);
    expect(await page.evaluate(() => document.getAnimations().length), moment).toBe(0);
  }
  expect(Math.max(...(await facts()).bars)).toBeGreaterThan(3);
});
