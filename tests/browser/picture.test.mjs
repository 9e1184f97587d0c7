// The picture that Export saves is the stage as it stands: drawn by the browser beside the page's own stage,
// its marks are in the same places, and its pixels are nearly the same.

import { readFile } from 'node:fs/promises';
import { button, openMenu, ready, status } from './lib/page.mjs';
import { race, seek } from './lib/stage.mjs';
import { expect, measured, test } from './lib/test.mjs';

/** Around the stage in a picture. */
const MARGIN = 16;

/** A run that has ended, with the playhead at that moment; at its end without one. */
async function stage(open, hash, { width = 1280, theme = 'light', at } = {}) {
  const page = await open(`#${hash}&theme=${theme}&speed=8&autoplay=1`, { viewport: { width, height: 900 } });
  await ready(page);
  await expect(status(page)).toHaveText(/^(Finished|Failed)/);
  if (at !== undefined) await seek(page, at);
  return page;
}

/** What Export saves as that format. */
async function saved(page, label) {
  await openMenu(page);
  await button(page, 'Export').click();
  const download = page.waitForEvent('download');
  await button(page, label).click();
  const file = await download;
  await page.keyboard.press('Escape');
  return readFile(await file.path());
}

/** The marks of the page's stage: what each is, and its box from the stage's own corner. */
const marksOfStage = (page) => race(page).locator('.tracks:not(.in-view)').evaluate((tracks) => {
  const origin = tracks.getBoundingClientRect();
  const marks = (kind, selector, text) => [...tracks.querySelectorAll(selector)].map((node) => {
    const { left, top, width, height } = node.getBoundingClientRect();
    return {
      kind,
      text: text ? node.textContent.trim() : '',
      box: [left - origin.left, top - origin.top, width, height],
    };
  }).filter(({ box }) => box[2] > 0 && box[3] > 0);
  return [
    ...marks('bar', '.bar:not(.none)'),
    ...marks('label', '.label b', true),
    ...marks('label', '.label .part:not(:empty)', true),
    ...marks('heading', '.track-head h3', true),
    ...marks('heading', '.track-head .figure:not(:empty)', true),
    ...marks('rail', '.rail'),
    ...marks('ring', '.ring'),
    ...marks('token', '.join-token'),
    ...marks('topic', '.topic-pill'),
    ...marks('tick', '.tick', true),
    ...marks('saved', '.saved-label', true),
    ...marks('playhead', '.playhead .cursor'),
    ...marks('time', '.playhead .now'),
    ...marks('card', '.report-card'),
    ...marks('limit', '.limit-line'),
  ];
});

/** The elements of a picture, as the browser has them: their boxes from the corner of the stage in it. */
const marksOfPicture = (page, svg) => page.evaluate(([text, margin]) => {
  // The page allows no style sheet but its own: what this one says is set by hand.
  const plain = text.replace(/<style>.*<\/style>/, '');
  const picture = document.importNode(new DOMParser().parseFromString(plain, 'image/svg+xml').documentElement, true);
  Object.assign(picture.style, { position: 'fixed', left: 0, top: 0, fontVariantNumeric: 'tabular-nums' });
  document.body.append(picture);
  const marks = [...picture.querySelectorAll('rect, circle, line, path, text, tspan')].map((node) => {
    const { left, top, width, height } = node.getBoundingClientRect();
    const stroke = Number(node.getAttribute('stroke-width') ?? 0);
    const grow = ['rect', 'circle'].includes(node.tagName) ? stroke / 2 : 0;
    // A box of a shape does not have its border in it.
    return {
      tag: node.tagName,
      text: node.textContent.trim(),
      box: [left - margin - grow, top - margin - grow, width + 2 * grow, height + 2 * grow],
    };
  });
  picture.remove();
  return marks;
}, [svg, MARGIN]);

/** The marks of the stage that the picture has nowhere within that many pixels. */
function missing(stage, picture, within = 2) {
  const near = (one, other, count) => one.slice(0, count).every((value, at) => Math.abs(value - other[at]) <= within);
  return stage.filter(({ kind, text, box }) => !picture.some((mark) => {
    if (text) {
      // A line of text has the height that its font has, and the page gives it more.
      const middle = ([x, y, width, height]) => [x, y + height / 2, width];
      return mark.text === text && near(middle(box), middle(mark.box), kind === 'saved' ? 0 : 3);
    }
    if (kind === 'limit') return mark.tag === 'line' && near(box, mark.box, 2);
    return ['rect', 'circle'].includes(mark.tag) && near(box, mark.box, 4);
  })).map(({ kind, text, box }) => `${kind} ${text} at ${box.map(Math.round)}`);
}

/**
 * The share of the stage that looks different in a picture. Both are looked at from a distance, four pixels
 * as one, since letters and edges need not be smoothed alike.
 */
async function difference(page, picture) {
  const tracks = race(page).locator('.tracks:not(.in-view)');
  // What is there for a hand only is in no picture.
  await page.mouse.move(1, 1);
  await tracks.evaluate((node) => node.querySelectorAll('.read, .bracket, .handle').forEach((control) => {
    control.style.visibility = 'hidden';
  }));
  const shot = await tracks.screenshot({ animations: 'disabled' });
  const share = await page.evaluate(async ([shot, svg, margin]) => {
    const load = async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      return image;
    };
    const [stage, picture] = await Promise.all([
      load(`data:image/png;base64,${shot}`), load(`data:image/svg+xml,${encodeURIComponent(svg)}`),
    ]);
    const [width, height] = [stage.naturalWidth, stage.naturalHeight];
    const pixels = (image, left, top) => {
      const whole = Object.assign(document.createElement('canvas'), { width, height });
      whole.getContext('2d').drawImage(image, -left, -top);
      const small = Object.assign(document.createElement('canvas'), { width: width >> 2, height: height >> 2 });
      const context = small.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(whole, 0, 0, small.width, small.height);
      return context.getImageData(0, 0, small.width, small.height).data;
    };
    const [one, other] = [pixels(stage, 0, 0), pixels(picture, margin, margin)];
    let differ = 0;
    for (let at = 0; at < one.length; at += 4) {
      if ([0, 1, 2].some((part) => Math.abs(one[at + part] - other[at + part]) > 40)) differ += 1;
    }
    return differ / (one.length / 4);
  }, [shot.toString('base64'), picture, MARGIN]);
  measured(`${(100 * share).toFixed(2)} % differ`);
  return share;
}

/** The same picture looks different in so small a share at most, and another one in a larger one. */
const SAME = 0.015;

const FAILING = 'preset=company&fail=stock:500@0.4&on_error=collect';

test.describe('the picture', () => {
  for (const [what, hash, options] of [
    ['a finished race', 'preset=company', {}],
    ['a finished race in dark colors', 'preset=company', { theme: 'dark' }],
    ['the middle of a race', 'preset=company', { at: 1.5 }],
    ['the middle of a race in dark colors', 'preset=company', { theme: 'dark', at: 1.5 }],
    ['a narrow stage', 'preset=researchers', { width: 360 }],
    ['the middle of a race on a narrow stage', 'preset=company', { width: 360, theme: 'dark', at: 1.5 }],
    ['a failure', FAILING, {}],
    ['a limit', 'preset=company&limit=2', { at: 1.9 }],
    ['a retry', 'preset=company&fail=stock:500x1&retries=1', {}],
    ['a crowd', 'preset=fanout&n=100', {}],
    ['the middle of a crowd', 'preset=fanout&n=100', { at: 1, theme: 'dark' }],
  ]) {
    test(`of ${what} is the stage`, async ({ open }) => {
      const page = await stage(open, hash, options);
      const svg = (await saved(page, 'SVG')).toString();
      const marks = await marksOfStage(page);
      expect(marks.length).toBeGreaterThan(10);
      expect(missing(marks, await marksOfPicture(page, svg))).toEqual([]);
      expect(await difference(page, svg), 'the share that differs').toBeLessThan(SAME);
    });
  }

  test('of another moment, another run or another theme is told from it', async ({ open }) => {
    const page = await stage(open, 'preset=company', { at: 1.5 });
    const own = (await saved(page, 'SVG')).toString();
    const marks = await marksOfStage(page);
    expect(await difference(page, own)).toBeLessThan(SAME);
    const others = [];
    await seek(page, 0.8);
    others.push((await saved(page, 'SVG')).toString());
    await seek(page, 1.5);
    for (const [hash, options] of [[FAILING, {}], ['preset=company&latency=news:2', {}], ['preset=company', { theme: 'dark' }]]) {
      const other = await stage(open, hash, { at: 1.5, ...options });
      others.push((await saved(other, 'SVG')).toString());
    }
    const shares = [];
    for (const other of others) shares.push(await difference(page, other));
    for (const share of shares) expect(share, `${shares}`).toBeGreaterThan(2 * SAME);
    for (const other of others.slice(0, 3)) {
      expect(missing(marks, await marksOfPicture(page, other)).length).toBeGreaterThan(2);
    }
  });
});
