// The sample article from its first link to its last without a pointer: Tab goes through the text and
// through each figure, in the order in which they are read, and what a pointer can do there can be done.

import { demo, heard } from './lib/host.mjs';
import { expect, measured, test } from './lib/test.mjs';

// A picture of the document for each of hundreds of presses takes longer than the presses.
test.use({ trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false } });

/** More presses than a whole article can need. */
const MOST = 1500;

/**
 * What has the focus, whether that shows, whether it is in a frame, and which figure it is in: -1 for the
 * text around them. One question a key, since there are hundreds. A frame of another origin cannot be
 * looked into, and has the focus as a whole.
 */
const focused = (page) => page.evaluate(() => {
  let element = document.activeElement;
  const figure = [...document.querySelectorAll('converge-demo')].indexOf(element);
  for (;;) {
    const inner = element.shadowRoot?.activeElement ?? element.contentDocument?.activeElement;
    if (!inner) break;
    element = inner;
  }
  const { body, documentElement, defaultView } = element.ownerDocument;
  const { outlineStyle, outlineWidth } = defaultView.getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const name = element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? '';
  return {
    figure,
    isInFrame: defaultView !== window || element.localName === 'iframe',
    name: name.trim(),
    what: `${element.tagName} ${element.getAttribute('class') ?? ''} ${name.trim().slice(0, 40)}`,
    isNothing: element === body || element === documentElement,
    isNamed: Boolean(name.trim() || element.title),
    isMarked: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0,
    isInView: box.bottom > 0 && box.right > 0
      && box.top < defaultView.innerHeight && box.left < defaultView.innerWidth,
    converge: element.dataset.convergeSet,
  };
});

test('an article is read and its figures are run by keys only', async ({ open, site }) => {
  const article = `${site.url}article.html`;
  // Eleven figures are run to their ends.
  const faster = (await (await fetch(article)).text()).replaceAll('<converge-demo ', '<converge-demo speed="8" ');
  const page = await open('', {
    site: { origin: site.origin, url: article },
    viewport: { width: 1000, height: 900 },
    fulfil: (url) => (url.href === article ? { contentType: 'text/html', body: faster } : undefined),
  });
  const figures = page.locator('converge-demo');
  const places = await figures.count();
  const inside = (figure) => figures.nth(figure).locator('iframe').contentFrame();
  const press = (key) => page.keyboard.press(key);
  const until = (text, where = page) => where.getByText(text).first().waitFor({ timeout: 30_000 });

  const seen = [];
  const ran = new Set();
  let last = -1;
  for (let presses = 0; presses < MOST; presses += 1) {
    await press('Tab');
    const here = await focused(page);
    // On the way into a frame.
    if (here.isNothing && here.isInFrame) continue;
    if (here.isNothing) break;
    seen.push(here);
    expect(here.isMarked, `nothing shows that this has the focus: ${here.what}`).toBe(true);
    expect(here.isNamed, `this has no name: ${here.what}`).toBe(true);
    expect(here.isInView, `this has the focus out of view: ${here.what}`).toBe(true);
    const { figure } = here;
    if (figure >= 0) {
      expect(figure, `back in figure ${figure} after ${last}: ${here.what}`).toBeGreaterThanOrEqual(last);
      last = figure;
    }
    if (here.name === 'Run' && !ran.has(figure)) {
      // On a picture it loads the figure and runs that, and the focus goes along.
      await press('Enter');
      ran.add(figure);
      const finished = inside(figure).getByRole('status').filter({ hasText: /^Finished/ });
      // It is said there, and seen in the verdict.
      await finished.waitFor({ state: 'attached', timeout: 60_000 });
      const now = await focused(page);
      expect(now.isInFrame || !now.isNothing, `figure ${figure}: Run lost the focus`).toBe(true);
      if (figure === 0) await until('In your browser, just now');
    }
    if (here.converge === 'preset=fanout&n=3&latency=task1:10,task2:0.1,task3:0.1,synthesis:0') {
      await press('Enter');
      await until('10.0 s', inside(2));
    }
  }
  expect(seen.length, 'Tab never comes to the end').toBeLessThan(MOST);
  expect(last, 'the last figure that Tab came to').toBe(places - 1);
  const links = await page.locator('a[data-converge-set]').count();
  expect(seen.filter(({ converge }) => converge !== undefined)).toHaveLength(links);
  measured(`${seen.length} stops, ${ran.size} figures run`);
  expect(ran.size, 'figures that could be run').toBeGreaterThanOrEqual(8);

  // And back out of a figure, the other way.
  await press('Shift+Tab');
  expect((await focused(page)).isNothing).toBe(false);
});

test('who presses the picture of a figure by keys goes on in the figure', async ({ openHost }) => {
  const page = await openHost(() => `${demo('load="click" view="race"')}<a href="#after">after</a>`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await heard(page, 'ready');
  await expect(page.locator('converge-demo')).toBeFocused();
  await page.keyboard.press('Tab');
  const { isInFrame, figure } = await focused(page);
  expect({ isInFrame, figure }).toEqual({ isInFrame: true, figure: 0 });
});

test('a picture that has the focus when its figure comes still answers Enter', async ({ openHost }) => {
  const page = await openHost(() => demo('load="click" view="race"'));
  await page.keyboard.press('Tab');
  await page.evaluate(() => document.querySelector('converge-demo').load());
  await heard(page, 'ready');
  const here = await focused(page);
  expect([here.name, here.isMarked]).toEqual(['Run', true]);
  await page.keyboard.press('Enter');
  await heard(page, 'start');
  expect((await focused(page)).isInFrame, 'the focus goes along').toBe(true);
});
