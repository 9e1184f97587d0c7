// Time in the reader's hands: bars that can be dragged, lessons, and a guess before the run.

import { button, openTab, ready, status } from './lib/page.mjs';
import { TIMING, expect, test } from './lib/test.mjs';

const end = (page, agent) => page.getByRole('slider', { name: agent, exact: true });
const race = (page) => page.getByRole('region', { name: 'Race', exact: true });
const raceSays = (page, text) => race(page).getByText(text).first().waitFor();
/** Shows what is expected before any run, and what the verdict rests on. */
async function reveal(page) {
  await button(page, 'Show expected').click();
  await button(page, 'Why?').click();
}

/** The field of an agent's latency, in its tab. */
async function latency(page, agent) {
  await openTab(page, 'What if');
  return page.getByLabel(`Latency of ${agent}, in seconds`, { exact: true });
}

test.describe('a simulated bar', () => {
  test('can be dragged, and sums, maximum and speedup follow before any run', async ({ open }) => {
    const page = await open('#preset=company', { viewport: { width: 1280, height: 1100 } });
    await ready(page);
    await reveal(page);
    await raceSays(page, '2.3 = max(1.2, 0.9, 0.7, 1.5) + 0.8');
    await expect(end(page, 'internal')).toHaveAttribute('aria-valuenow', '1.5');
    // By as many pixels as a second has on this axis: the bar is 1.5 s long.
    const box = await end(page, 'internal').boundingBox();
    const plot = await end(page, 'internal').locator('..').boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const second = (x - plot.x) / 1.5;
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + second / 2, y, { steps: 4 });
    await page.mouse.move(x + second, y, { steps: 4 });
    // Still held: the axis stands, and everything has followed.
    await raceSays(page, '3.3 = max(1.2, 0.9, 0.7, 2.5) + 0.8');
    await raceSays(page, '6.1 = 1.2 + 0.9 + 0.7 + 2.5 + 0.8');
    await page.mouse.up();
    await expect(end(page, 'internal')).toHaveAttribute('aria-valuenow', '2.5');
    await expect(page).toHaveURL(/latency=internal/);
  });

  test('takes everything along within the frame in which it is moved', async ({ open }) => {
    const page = await open('#preset=company', { viewport: { width: 1280, height: 1100 } });
    await ready(page);
    await reveal(page);
    // What one frame shows: told by the page itself, before the next one.
    const look = (share) => page.evaluate(async (share) => {
      const frame = () => new Promise((drawn) => { requestAnimationFrame(drawn); });
      const track = document.querySelector('.track[data-kind=parallel]');
      const lane = (agent) => track.querySelector(`.lane[data-name="${agent}"]`);
      const handle = document.querySelector('[role=slider][aria-label=social]');
      const plot = handle.parentElement.getBoundingClientRect();
      if (share !== null) {
        const at = { bubbles: true, pointerId: 1, clientY: plot.top };
        handle.dispatchEvent(new PointerEvent('pointerdown', { ...at, clientX: plot.left }));
        await frame();
        handle.dispatchEvent(new PointerEvent('pointermove',
          { ...at, clientX: plot.left + plot.width * share }));
        await frame();
      }
      const seen = {
        ghost: lane('social').querySelector('.ghost').style.width,
        synthesis: lane('synthesis').querySelector('.ghost').style.left,
        sums: Array.from(document.querySelectorAll('.sums dd'), (sum) => sum.textContent),
        speedup: document.querySelector('.speedup strong').textContent,
        detail: document.querySelector('.verdict-line .detail').textContent,
        advice: document.querySelector('.advice').textContent,
      };
      handle.dispatchEvent(new PointerEvent('pointerup', { bubbles: true, pointerId: 1 }));
      return seen;
    }, share);
    const before = await look(null);
    expect([before.speedup, before.detail]).toEqual(['2.2×', 'Internal (1.5 s) + Synthesis (0.8 s)']);
    expect(before.advice).toMatch(/Best possible speedup: 2\.2×\. Internal and Synthesis must run back to back/i);
    expect(before.advice).toMatch(/Biggest win: a faster Synthesis \(up to 0\.8 s\)\./i);
    expect(before.advice).toMatch(/Social has 0\.8 s of slack\./i);
    const after = await look(0.6);
    const [, longest] = after.sums[1].match(/= max\(1\.2, 0\.9, ([\d.]+), 1\.5\) \+ 0\.8$/).map(Number);
    expect(longest).toBeGreaterThan(2.5);
    expect(longest).toBeLessThan(4);
    const add = (...figures) => figures.reduce((sum, figure) => sum + figure).toFixed(1);
    expect(after.sums[1].split(' ')[0]).toBe(add(longest, 0.8));
    expect(after.sums[0].split(' ')[0]).toBe(add(1.2, 0.9, longest, 1.5, 0.8));
    expect(after.detail).toBe(`Social (${longest.toFixed(1)} s) + Synthesis (0.8 s)`);
    expect(after.advice).toMatch(/Biggest win: a faster Social/i);
    expect(after.ghost).not.toBe(before.ghost);
    expect(after.synthesis, 'the synthesis waits for the longest').toBe(after.ghost);
  });

  test('can be stepped by keys and typed as a number, and the run keeps to it', { tag: TIMING }, async ({ open }) => {
    const page = await open('#preset=company&schedule=parallel&speed=2');
    await ready(page);
    await end(page, 'news').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowRight');
    await expect(end(page, 'news')).toHaveAttribute('aria-valuenow', '2.3');
    const field = await latency(page, 'social');
    await field.fill('0.2');
    await field.press('Enter');
    await button(page, 'Why?').click();
    await raceSays(page, '3.1 = max(2.3, 0.9, 0.2, 1.5) + 0.8');
    await field.fill('-1');
    await field.press('Enter');
    await expect(field).toHaveValue('0.2');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished: parallel 3\.[12] s/);
  });

  test('stays within bounds, whatever is typed or dragged', async ({ open }) => {
    const page = await open('#preset=company', { viewport: { width: 1280, height: 1100 } });
    await ready(page);
    const field = await latency(page, 'news');
    for (const [typed, holds, said] of [
      ['0', '0', null],
      ['3600', '60', /A latency is at most 60 s\./],
      ['-2', '60', /A latency is a number of seconds from 0 to 60\./],
      ['', '60', /A latency is a number of seconds/],
      ['1e3', '60', /A latency is a number of seconds/],
      ['1.2', '1.2', null],
    ]) {
      await field.fill(typed);
      await field.press('Enter');
      await expect(field, `typed ${typed}`).toHaveValue(holds);
      await expect(end(page, 'news')).toHaveAttribute('aria-valuenow', holds);
      if (said) await expect(status(page)).toHaveText(said);
      else await expect(status(page)).not.toHaveText(/latency/);
    }
    // Off the axis, to the left and to the right.
    const drag = async (x) => {
      await end(page, 'news').scrollIntoViewIfNeeded();
      const box = await end(page, 'news').boundingBox();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(x, box.y, { steps: 3 });
      await page.mouse.up();
    };
    const value = async () => Number(await end(page, 'news').getAttribute('aria-valuenow'));
    await drag(2);
    await expect.poll(value).toBe(0);
    await drag(1278);
    await expect.poll(value).toBeGreaterThan(1);
    expect(await value()).toBeLessThanOrEqual(60);
    // What an address asks for makes no more sense than what a person types.
    await page.evaluate(() => { location.hash = 'preset=company&latency=news:NaN'; });
    await expect(status(page)).toHaveText(/Ignored latency=news:NaN/);
    await expect(end(page, 'news')).toHaveAttribute('aria-valuenow', '1.2');
  });

  test('is not there for a live model, whose time is its own', async ({ open }) => {
    const page = await open('#provider=compatible');
    await ready(page);
    await expect(end(page, 'news')).toHaveCount(0);
  });
});

test('the three lessons are one click each', async ({ open }) => {
  const page = await open('#preset=company');
  await ready(page);
  await reveal(page);
  await openTab(page, 'What if');
  for (const [lesson, sum, speedup] of [
    ['Equal branches', '2.0 = max(2.0, 2.0, 2.0)', '3.0×'],
    ['One slow branch', '10.0 = max(10.0, 0.1, 0.1)', '1.0×'],
    ['A long synthesis', '4.0 = max(1.0, 1.0, 1.0) + 3.0', '1.5×'],
  ]) {
    await button(page, lesson).click();
    await raceSays(page, sum);
    await raceSays(page, speedup);
  }
});

test('a guess hides what is expected until the run has told', async ({ open }) => {
  const page = await open('#preset=company');
  await ready(page);
  await reveal(page);
  const sum = race(page).getByText('2.3 = max(1.2, 0.9, 0.7, 1.5) + 0.8');
  await sum.waitFor();
  await button(page, 'Guess the parallel time').click();
  await expect(sum).toBeHidden();
  await expect(race(page).getByText(/2\.3 s/)).toHaveCount(0);
  await page.getByRole('slider', { name: 'Your guess', exact: true }).fill('4');
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText(/^Finished/);
  const verdict = race(page).getByText(/^You guessed 4\.0 s\. Actual: [\d.]+ s, [\d.]+ s faster\.$/);
  const [, took, less] = (await verdict.innerText()).match(/Actual: ([\d.]+) s, ([\d.]+) s faster/).map(Number);
  expect(took).toBeGreaterThanOrEqual(2.3);
  expect((took + less).toFixed(1)).toBe('4.0');
});
