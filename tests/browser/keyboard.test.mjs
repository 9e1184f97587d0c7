// The sample article from its first link to its last without a pointer: Tab goes through the text and
// through each figure, in the order in which they are read, and what a pointer can do there can be done.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { demo, heard, openHost } from './lib/host.mjs';
import { serveSite } from './lib/site.mjs';

after(quit);

/** More presses than a whole article can need. */
const MOST = 1500;

/** The frame that has the focus, and in it the element. */
async function focused(page) {
  let frame = page.mainFrame();
  for (;;) {
    const handle = await frame.evaluateHandle(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element;
    });
    const element = handle.asElement();
    const inner = await element?.contentFrame();
    if (!inner) return { frame, element };
    frame = inner;
  }
}

/** In the page: what it is that has the focus, and whether that shows. */
function look(element) {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const name = element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? '';
  return {
    name: name.trim(),
    what: `${element.tagName} ${element.getAttribute('class') ?? ''} ${name.trim().slice(0, 40)}`,
    isNothing: element === document.body || element === document.documentElement,
    isNamed: Boolean(name.trim() || element.title),
    isMarked: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0,
    isInView: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    converge: element.dataset.convergeSet,
  };
}

test('an article is read and its figures are run by keys only', async (t) => {
  const site = await serveSite(t);
  const page = await open(t, { origin: site.origin, url: `${site.url}article.html` }, '', {
    viewport: { width: 1000, height: 900 },
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
    const { frame, element } = await focused(page);
    const here = await element.evaluate(look);
    // On the way into a frame.
    if (here.isNothing && frame !== page.mainFrame()) continue;
    if (here.isNothing) break;
    seen.push(here);
    assert.ok(here.isMarked, `nothing shows that this has the focus: ${here.what}`);
    assert.ok(here.isNamed, `this has no name: ${here.what}`);
    assert.ok(here.isInView, `this has the focus out of view: ${here.what}`);
    // Which figure it is in, or -1 for the text around them.
    const owner = frame === page.mainFrame() ? element : await frame.frameElement();
    const figure = await owner.evaluate((node) => {
      const host = node.getRootNode().host ?? node;
      return [...document.querySelectorAll('converge-demo')].indexOf(host);
    });
    if (figure >= 0) {
      assert.ok(figure >= last, `back in figure ${figure} after ${last}: ${here.what}`);
      last = figure;
    }
    if (here.name === 'Run' && !ran.has(figure)) {
      // On a picture it loads the figure and runs that, and the focus goes along.
      await press('Enter');
      ran.add(figure);
      const finished = inside(figure).getByRole('status').filter({ hasText: /^Finished/ });
      await finished.waitFor({ timeout: 60_000 });
      const now = await focused(page);
      const kept = now.frame !== page.mainFrame() || !(await now.element.evaluate(look)).isNothing;
      assert.ok(kept, `figure ${figure}: Run lost the focus`);
      if (figure === 0) await until('In your browser, just now');
    }
    if (here.converge === 'preset=fanout&n=3&latency=task1:10,task2:0.1,task3:0.1,synthesis:0') {
      await press('Enter');
      await until('10.2', inside(2));
    }
  }
  assert.ok(seen.length < MOST, 'Tab never comes to the end');
  assert.equal(last, places - 1, 'the last figure that Tab came to');
  const links = await page.locator('a[data-converge-set]').count();
  assert.equal(seen.filter(({ converge }) => converge !== undefined).length, links);
  t.diagnostic(`${seen.length} stops, ${ran.size} figures run`);
  assert.ok(ran.size >= 8, `${ran.size} figures could be run`);

  // And back out of a figure, the other way.
  await press('Shift+Tab');
  assert.ok(!(await (await focused(page)).element.evaluate(look)).isNothing);
  await finish(page);
});

test('who presses the picture of a figure by keys goes on in the figure', async (t) => {
  const page = await openHost(t, () => `${demo('load="click" view="race"')}<a href="#after">after</a>`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await heard(page, 'ready');
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'converge-demo');
  await page.keyboard.press('Tab');
  const { frame } = await focused(page);
  assert.equal(await (await frame.frameElement()).evaluate((node) => node.getRootNode().host.localName), 'converge-demo');
  await finish(page);
});

test('a picture that has the focus when its figure comes still answers Enter', async (t) => {
  const page = await openHost(t, () => demo('load="click" view="race"'));
  await page.keyboard.press('Tab');
  await page.evaluate(() => document.querySelector('converge-demo').load());
  await heard(page, 'ready');
  const { element } = await focused(page);
  const here = await element.evaluate(look);
  assert.deepEqual([here.name, here.isMarked], ['Run', true]);
  await page.keyboard.press('Enter');
  await heard(page, 'start');
  const { frame } = await focused(page);
  assert.notEqual(frame, page.mainFrame(), 'the focus goes along');
  await finish(page);
});
