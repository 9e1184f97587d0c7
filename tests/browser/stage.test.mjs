// The stage: answers that wait for the slowest, the join, the axis that is the scrubber, and what is said
// after a failure.

import { button, ready, status, timeline } from './lib/page.mjs';
import { race, seek, time } from './lib/stage.mjs';
import { expect, test } from './lib/test.mjs';

const sees = (page) => race(page).locator('.verdict-line');

/** The middle of an element across, in CSS pixels. */
const middle = async (locator) => {
  const box = await locator.boundingBox();
  return box.x + box.width / 2;
};

/** A finished run whose branches end seconds apart. */
async function finished(open, more = '&speed=8', options = {}) {
  const hash = `#preset=company&latency=news:2,stock:4,social:6,internal:8,synthesis:3&autoplay=1${more}`;
  const page = await open(hash, { viewport: { width: 1280, height: 800 }, ...options });
  await ready(page);
  await expect(status(page)).toHaveText(/^Finished/);
  return page;
}

test.describe('the axis', () => {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    test(`is the scrubber: thumb, playhead and tick agree at ${viewport.width} px`, async ({ open }) => {
      const page = await finished(open, '&speed=8', { viewport });
      const last = Number(await time(page).getAttribute('max'));
      for (const share of [0, 0.25, 0.5, 0.75, 1]) {
        await seek(page, last * share);
        // The thumb is where a pointer would find it: a share of what the slider is wide beyond it.
        const thumb = await time(page).evaluate((slider) => {
          const box = slider.getBoundingClientRect();
          const width = Number.parseFloat(getComputedStyle(slider).getPropertyValue('--thumb'));
          const share = (slider.value - slider.min) / (slider.max - slider.min);
          return box.left + width / 2 + share * (box.width - width);
        });
        const line = await middle(race(page).locator('.playhead .cursor'));
        expect(Math.abs(thumb - line), `at ${share}`).toBeLessThanOrEqual(1);
        // Ticks stand at whole moments: the line goes where the axis says that the moment is.
        const at = Number(await time(page).inputValue());
        const ticks = await race(page).locator('.axis .tick').evaluateAll((ticks) => ticks.map((tick) => {
          const box = tick.getBoundingClientRect();
          return [Number.parseFloat(tick.textContent), box.left + box.width / 2];
        }));
        const [[from, left], [to, right]] = [ticks[0], ticks.at(-1)];
        const axis = left + (at - from) / (to - from) * (right - left);
        expect(Math.abs(axis - line), `the axis at ${share}`).toBeLessThanOrEqual(1);
      }
    });
  }

  test('never shows more than the longest run took, and ends with it', async ({ open }) => {
    const page = await finished(open);
    const rows = await timeline(page);
    const longest = Math.max(...rows.map((row) => row.end));
    const shown = async () => Number(await race(page).locator('.playhead .now').innerText());
    await expect.poll(shown).toBeCloseTo(longest, 1);
    expect(await shown()).toBeLessThanOrEqual(longest + 0.011);
    expect(Number(await time(page).getAttribute('max'))).toBeLessThanOrEqual(longest + 0.011);
  });
});

test.describe('answers', () => {
  test('wait with their tokens at the playhead until the join, and then move down the rail only', async ({ open }) => {
    const page = await finished(open, '&schedule=parallel&speed=2');
    const rows = await timeline(page);
    const end = Object.fromEntries(rows.map((row) => [row.agent, row.end]));
    const tokens = race(page).locator('.join-token');
    const across = () => tokens.evaluateAll((tokens) => tokens.map((token) => {
      const box = token.getBoundingClientRect();
      return box.left + box.width / 2;
    }));
    const line = () => middle(race(page).locator('.playhead .cursor'));
    const between = (one, other) => (end[one] + end[other]) / 2;
    for (const [moment, count] of [[between('news', 'stock'), 1], [between('stock', 'social'), 2], [between('social', 'internal'), 3]]) {
      await seek(page, moment);
      await expect(tokens).toHaveCount(count);
      for (const x of await across()) expect(Math.abs(x - await line())).toBeLessThanOrEqual(1);
    }
    // After the join nothing moves sideways. The way down the rail takes 0.42 s.
    await seek(page, end.internal + 0.05);
    const [rail] = await across();
    for (const later of [0.1, 0.2, 0.3]) {
      await seek(page, end.internal + later);
      for (const x of await across()) expect(Math.abs(x - rail), `${later} s after it`).toBeLessThanOrEqual(1);
    }
    await seek(page, end.internal + 2.5);
    await expect(tokens).toHaveCount(0);
    // Scrubbing back undoes all of it.
    await seek(page, between('news', 'stock'));
    await expect(tokens).toHaveCount(1);
    await seek(page, 0.5);
    await expect(tokens).toHaveCount(0);
    await expect(race(page).locator('.rail')).toHaveCount(0);
  });

  test('open the report in the time that is saved', async ({ open }) => {
    const page = await finished(open);
    const card = race(page).locator('.report-card');
    await expect(card).toContainText(/Report ready at 1[0-2]\.\d s/);
    await expect(race(page).locator('.saved-label')).toHaveText(/\d\.\d s saved/);
    await seek(page, 1);
    await expect(card).toHaveCount(0);
    await expect(race(page).locator('.saved')).toHaveCount(0);
  });

  test('keep the secret until Run, a drag or Show expected', async ({ open }) => {
    const page = await open('#preset=company');
    await ready(page);
    const secret = race(page).locator('.rail, .ring, .saved, .report-card');
    const totals = race(page).getByText(/5\.1 s|2\.3 s|2\.2×/);
    await expect(sees(page)).toContainText('Press Run. Both runs start together.');
    await expect(secret).toHaveCount(0);
    await expect(totals).toHaveCount(0);
    await button(page, 'Show expected').click();
    await expect(totals.first()).toBeVisible();
    await expect(race(page).locator('.ring')).toHaveCount(1);
    await page.reload();
    await ready(page);
    await expect(totals).toHaveCount(0);
    await page.getByRole('slider', { name: 'internal', exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(race(page).getByText(/2\.4 s/).first()).toBeVisible();
  });
});

test.describe('a failure', () => {
  test('is told of both runs, says that it was injected, and nothing is called faster', async ({ open }) => {
    const page = await open('#preset=company&fail=stock:500@0.4&speed=2');
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Failed/);
    await button(page, 'Run').waitFor();
    await expect(sees(page)).toContainText('No comparison: both runs failed. Stock failed (a fault you injected)');
    await expect(sees(page)).not.toContainText('faster');
    const failed = (await timeline(page)).filter((row) => row.outcome === 'failed');
    for (const { end } of failed) await expect(sees(page)).toContainText(`${end.toFixed(1)} s`);
    await expect(race(page).locator('.saved')).toHaveCount(0);
  });
});

test.describe('a crowd', () => {
  test('of a thousand has its verdict, and its parallel run most of the axis', async ({ open }) => {
    const page = await open('#preset=fanout&n=1000', { viewport: { width: 1280, height: 800 } });
    await ready(page);
    await button(page, 'Run').click();
    await expect(sees(page)).toContainText(/faster/);
    await expect(sees(page)).toContainText(/predicted|expected/);
    const plot = await race(page).locator('.axis-plot').boundingBox();
    const line = await race(page).locator('.rail, .ring').first().boundingBox();
    expect(line.x, 'a join is drawn').toBeGreaterThan(plot.x);
    const end = await race(page).locator('.lane[data-name=synthesis] .bar').last().boundingBox();
    expect((end.x + end.width - plot.x) / plot.width).toBeGreaterThanOrEqual(0.6);
  });
});

/** Relative luminance of an `rgb(..)` color, and the contrast of two. */
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

for (const colorScheme of ['light', 'dark']) {
  test(`colors of agents are no states' and can be told from the ground, ${colorScheme}`, async ({ open }) => {
    const page = await open('#preset=company', { colorScheme });
    await ready(page);
    const color = async (token) => page.evaluate((token) => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.color = `var(${token})`;
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color.match(/[\d.]+/g).slice(0, 3).map(Number);
    }, token);
    const agents = await Promise.all([1, 2, 3, 4, 5, 6].map((agent) => color(`--agent-${agent}`)));
    agents.push(await color('--agent-more'));
    const states = await Promise.all(['--failed', '--cancelled', '--retrying', '--waiting', '--join', '--saved', '--done'].map(color));
    const surface = await color('--surface');
    for (const agent of agents) {
      for (const state of states) expect(agent).not.toEqual(state);
      expect(contrast(agent, surface)).toBeGreaterThanOrEqual(3);
    }
    for (const token of ['--ink', '--muted', '--failed', '--saved', '--join']) {
      for (const ground of [surface, await color('--ground')]) {
        expect(contrast(await color(token), ground), token).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
}
