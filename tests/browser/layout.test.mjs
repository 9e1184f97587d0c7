// Where the parts of the stage are: on the first screen, without one text over another, and as high
// before a run as after it.

import { button, openTab, ready, status } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const race = (page) => page.getByRole('region', { name: 'Race', exact: true });
const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const SCENARIOS = ['researchers', 'company', 'topic', 'feedback', 'travel', 'email', 'validation',
  'multimodal', 'headlines', 'fanout'];

async function seek(page, share) {
  await time(page).evaluate((slider, share) => {
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    set.call(slider, String(Number(slider.max) * share));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    return new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); });
  }, share);
}

/** Texts of the stage that lie over another text, a handle that is shown, or a rail. */
const meetings = (page) => race(page).evaluate((stage) => {
  const picture = stage.querySelector('.tracks');
  const boxes = [];
  const walker = document.createTreeWalker(picture, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const own = text.parentElement;
    if (!text.data.trim() || own.closest('.visually-hidden, .playhead')) continue;
    const style = getComputedStyle(own);
    if (style.visibility !== 'visible' || style.display === 'none' || Number(style.opacity) === 0) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const clip = own.closest('.report-card, .topic-pill, .label')?.getBoundingClientRect();
    for (const box of range.getClientRects()) {
      const [left, right] = clip ? [Math.max(box.left, clip.left), Math.min(box.right, clip.right)] : [box.left, box.right];
      const [top, bottom] = clip ? [Math.max(box.top, clip.top), Math.min(box.bottom, clip.bottom)] : [box.top, box.bottom];
      if (right > left && bottom > top) boxes.push({ name: text.data.trim(), own, left, right, top, bottom });
    }
  }
  const marks = Array.from(picture.querySelectorAll('.rail, .ring, .handle:not(.none)'), (mark) => {
    const { left, right, top, bottom } = mark.getBoundingClientRect();
    return { name: mark.className, own: mark, left, right, top: mark.matches('.handle') ? top + 3 : top, bottom };
  });
  // Glyphs are lower than their line.
  const meet = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3;
  const found = [];
  boxes.forEach((one, at) => {
    for (const other of [...boxes.slice(at + 1), ...marks]) {
      if (one.own !== other.own && meet(one, other)) found.push(`${one.name} / ${other.name}`);
    }
  });
  return found;
});

test.describe('labels meet no other text, no handle and no rail', () => {
  for (const preset of SCENARIOS) {
    test(preset, async ({ open }) => {
      for (const width of [1280, 768, 360]) {
        const page = await open(`#preset=${preset}&n=12&speed=8`, { viewport: { width, height: 900 } });
        await ready(page);
        const found = { idle: await meetings(page) };
        await button(page, 'Run').click();
        await expect(status(page)).toHaveText(/^Finished/);
        for (const share of [1, 0.6, 0.45, 0.2]) {
          await seek(page, share);
          found[share] = await meetings(page);
        }
        expect(found, `${preset} at ${width} px`).toEqual({ idle: [], 1: [], 0.6: [], 0.45: [], 0.2: [] });
        await page.context().close();
      }
    });
  }
});

test('what an earlier run took meets nothing either', async ({ open }) => {
  for (const width of [1280, 768, 360]) {
    const page = await open('#preset=company&speed=8', { viewport: { width, height: 900 } });
    await ready(page);
    for (let run = 0; run < 2; run += 1) {
      await button(page, 'Run').click();
      await expect(button(page, 'Stop')).toHaveCount(0);
      await expect(status(page)).toHaveText(/^Finished/);
    }
    await openTab(page, 'Runs');
    await button(page, 'Compare').last().click();
    await expect(race(page).locator('.then:not(:empty)')).toHaveCount(2);
    expect(await meetings(page), `at ${width} px`).toEqual([]);
    const covered = await race(page).evaluate((stage) => {
      const boxes = (parts) => [...stage.querySelectorAll(parts)].map((part) => part.getBoundingClientRect());
      return boxes('.then').filter((one) => boxes('.bar').some((bar) => bar.left < one.right && one.left < bar.right
        && bar.top < one.bottom - 3 && one.top + 3 < bar.bottom)).length;
    });
    expect(covered, `over a bar at ${width} px`).toBe(0);
    await page.context().close();
  }
});

/** Whether an element is wholly in the window. */
const inView = async (page, locator, what) => {
  const box = await locator.boundingBox();
  const { width, height } = page.viewportSize();
  expect(box, what).not.toBe(null);
  expect(box.x, what).toBeGreaterThanOrEqual(0);
  expect(box.y, what).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width, what).toBeLessThanOrEqual(width + 1);
  expect(box.y + box.height, what).toBeLessThanOrEqual(height);
  return box;
};

/** Nothing sticky lies over an element. */
const uncovered = (locator) => locator.evaluate((element) => {
  const box = element.getBoundingClientRect();
  const top = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const fixed = top.filter((hit) => ['fixed', 'sticky'].includes(getComputedStyle(hit).position) && !hit.contains(element));
  return fixed.map((hit) => hit.className);
});

test.describe('the first screen', () => {
  test('shows the whole stage and the answers after Run, at 1280x800', async ({ open }) => {
    const page = await open('#speed=4', { viewport: { width: 1280, height: 800 } });
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const stage = race(page);
    await inView(page, button(page, 'Run'), 'Run');
    for (const [what, part] of [['input', '.topic-pill'], ['join', '.ring'], ['axis', '.axis-plot'], ['verdict', '.verdict-line']]) {
      await inView(page, stage.locator(part).first(), what);
    }
    for (const kind of ['sequential', 'parallel']) {
      const lanes = stage.locator(`.track[data-kind=${kind}] .lane`);
      for (const lane of await lanes.all()) await inView(page, lane, `a lane of ${kind}`);
    }
    await inView(page, page.getByRole('tablist'), 'tabs');
    const answers = await page.getByRole('tabpanel').boundingBox();
    expect(800 - answers.y, 'of the answers').toBeGreaterThanOrEqual(160);
  });

  test('shows both tracks, the join and the verdict, under nothing, at 360x740', async ({ open }) => {
    const page = await open('#speed=4', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const parts = ['.track[data-kind=sequential] .lane', '.track[data-kind=parallel] .lane', '.ring', '.verdict-line'];
    for (const part of parts) {
      for (const own of await race(page).locator(part).all()) {
        await inView(page, own, part);
        expect(await uncovered(own), part).toEqual([]);
      }
    }
  });

  test('keeps Run, pause, the race and the time at hand once the stage is out of sight', async ({ open }) => {
    const page = await open('#speed=0.1&tab=code', { viewport: { width: 1280, height: 500 } });
    await ready(page);
    await button(page, 'Run').click();
    await expect(page.locator('.mini-race')).toHaveCount(0);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const bar = page.locator('.transport');
    await expect(page.locator('.mini-race')).toBeVisible();
    await inView(page, bar, 'the bar');
    await expect.poll(async () => {
      const { y, height } = await bar.boundingBox();
      return [y, height];
    }).toEqual([0, 56]);
    await inView(page, button(page, 'Stop'), 'Stop');
    await inView(page, button(page, 'Pause'), 'Pause');
    await button(page, 'Stop').click();
    await expect(status(page)).toHaveText(/^Stopped/);
    await page.evaluate(() => scrollTo(0, 0));
    await expect(page.locator('.mini-race')).toHaveCount(0);
  });

  // Below 340 px the transport has two rows where it stands, and one where it floats.
  for (const width of [320, 360, 768]) {
    test(`moves nothing below the stage when that goes out of sight, at ${width} px`, async ({ open }) => {
      const page = await open('#tab=data', { viewport: { width, height: 400 } });
      await ready(page);
      const below = () => page.evaluate(() =>
        [document.querySelector('#tab-panel').getBoundingClientRect().top + scrollY, document.scrollingElement.scrollHeight]);
      const before = await below();
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await expect(page.locator('.mini-race')).toBeVisible();
      expect(await below()).toEqual(before);
      await page.evaluate(() => scrollTo(0, 0));
      await expect(page.locator('.mini-race')).toHaveCount(0);
      expect(await below()).toEqual(before);
    });
  }
});

test.describe('a run moves nothing', () => {
  for (const width of [1280, 768, 640, 360]) {
    test(`at ${width} px`, async ({ open }) => {
      const page = await open('#speed=4', { viewport: { width, height: 800 } });
      await ready(page);
      const places = () => page.evaluate(() => ['h1', '.stage', '[role=tablist]', '.card', '.report-answer', '.colophon'].map((part) => {
        const { top, height } = document.querySelector(part).getBoundingClientRect();
        return `${part}: ${Math.round(top + scrollY)}, ${Math.round(height)} high`;
      }));
      const idle = await places();
      await button(page, 'Run').click();
      await expect(button(page, 'Stop')).toBeVisible();
      expect(await places(), 'while it runs').toEqual(idle);
      await expect(status(page)).toHaveText(/^Finished/);
      await page.getByRole('group', { name: 'Tour offer', exact: true }).waitFor();
      expect(await places(), 'at its end').toEqual(idle);
    });
  }
});

test('a page of answers of a crowd is at most 3200 px high at 360 px', async ({ open }) => {
  const page = await open('#preset=fanout&n=100&speed=8', { viewport: { width: 360, height: 740 } });
  await ready(page);
  const height = () => page.evaluate(() => document.scrollingElement.scrollHeight);
  expect(await height()).toBeLessThanOrEqual(3200);
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText(/^Finished/);
  expect(await height()).toBeLessThanOrEqual(3200);
});

test('what is longer than the axis has no end on it, and the outline is around its lanes', async ({ open }) => {
  const page = await open('#preset=fanout&n=100&speed=8', { viewport: { width: 1280, height: 900 } });
  await ready(page);
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText(/^Finished/);
  const saved = race(page).locator('.saved');
  await expect(saved).toHaveCSS('border-inline-end-width', '0px');
  const broken = await race(page).locator('.crowd-block').evaluateAll((blocks) =>
    blocks.map((block) => getComputedStyle(block, '::after').content !== 'none'));
  expect(broken, 'the sequential bar is broken, the parallel block is whole').toEqual([true, false]);
  const beyond = await race(page).evaluate((stage) => {
    const ends = [...stage.querySelectorAll('.in-view .bar')].map((bar) => bar.getBoundingClientRect().right);
    return stage.querySelector('.bracket').getBoundingClientRect().right - Math.max(...ends);
  });
  expect(Math.abs(beyond), 'from the end of its lanes').toBeLessThanOrEqual(8);
});

for (const view of ['flow', 'loop', 'data', 'code', 'tail']) {
  test(`an embedded ${view} is as high before the run as after it at 360 px`, async ({ open }) => {
    const page = await open(`#embed=1&view=${view}&speed=8`, { viewport: { width: 360, height: 800 } });
    await ready(page);
    const height = () => page.evaluate(() => document.body.getBoundingClientRect().height);
    const idle = await height();
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(Math.abs(await height() - idle)).toBeLessThanOrEqual(8);
  });
}

test('the boxes of an embedded flow have their whole names at 360 px', async ({ open }) => {
  const page = await open('#embed=1&view=flow', { viewport: { width: 360, height: 800 } });
  await ready(page);
  const cut = await page.locator('.flow-label').evaluateAll((labels) => labels.flatMap((label) => {
    const own = label.getBoundingClientRect();
    const box = label.closest('.flow-node').getBoundingClientRect();
    const isWhole = label.scrollHeight <= label.clientHeight && label.scrollWidth <= label.clientWidth
      && own.top >= box.top && own.bottom <= box.bottom;
    return isWhole ? [] : [label.textContent];
  }));
  expect(cut).toEqual([]);
});

test.describe('an embedded race', () => {
  for (const [width, most] of [[720, 430], [360, 500]]) {
    test(`is at most ${most} px high at ${width} px, and as high before the run as after it`, async ({ open }) => {
      const page = await open('#embed=1&view=race&speed=4', { viewport: { width, height: 800 } });
      // The first paint has a Run as well.
      await ready(page);
      const height = () => page.evaluate(() => document.body.getBoundingClientRect().height);
      await expect.poll(height).toBeLessThanOrEqual(most);
      const idle = await height();
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      await expect.poll(height).toBeLessThanOrEqual(most);
      expect(Math.abs(await height() - idle)).toBeLessThanOrEqual(8);
    });
  }
});
