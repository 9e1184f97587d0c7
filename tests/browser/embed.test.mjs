// The figure in somebody else's page: it keeps the room it needs, follows the page's theme, loads
// late, says what happened, and does nothing that it should not, whoever asks.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { demo, difference, heard, TEXT } from './lib/host.mjs';
import { button, ready, status } from './lib/page.mjs';
import { DIST } from './lib/site.mjs';
import { expect, test as base } from './lib/test.mjs';

/** A figure keeps at most this much more room than it takes, in pixels. */
const MOST_SPARE = 40;

const frames = (page, count = 20) => page.evaluate((n) => new Promise((done) => {
  const next = () => (n-- > 0 ? requestAnimationFrame(next) : done());
  next();
}), count);
const run = (page, n = 0) => page.locator('converge-demo').nth(n).evaluate((node) => node.run());
const set = (page, wishes, n = 0) =>
  page.locator('converge-demo').nth(n).evaluate((node, wishes) => node.set(wishes), wishes);
const poster = (page, n = 0) => page.locator('converge-demo').nth(n).getByRole('link', { name: /^Run/ });

const test = base.extend({
  /** The snippet that the page gives for the race. */
  snippet: ({ open }, use) => use(async () => {
    const page = await open('#preset=company&view=race');
    await ready(page);
    await button(page, 'Embed').click();
    const field = page.getByLabel('Snippet', { exact: true });
    await expect(field).toHaveValue(/<converge-demo /);
    const code = await field.inputValue();
    await page.context().close();
    // With `async`, a text that is painted before the script has arrived moves once. Where the script is
    // there first, nothing does.
    return code.replace('<script async ', '<script ').replace('<converge-demo ', '<converge-demo id="figure" ');
  }),
});

test('embed.js is small', async () => {
  const bytes = brotliCompressSync(await readFile(join(DIST, 'embed.js'))).length;
  expect(bytes).toBeLessThan(4_000);
});

test.describe('a figure', () => {
  for (const width of [1280, 768, 360]) {
    for (const colorScheme of ['light', 'dark']) {
      test(`looks as it does by itself, and moves nothing, at ${width} px, ${colorScheme}`, async ({ snippet, openHost, open }) => {
        const code = await snippet();
        const context = { viewport: { width, height: 1500 }, colorScheme };
        const page = await openHost(() => TEXT + code + TEXT, { ...context, script: '' });
        await heard(page, 'ready');
        await frames(page);
        expect(await page.shift(), 'layout shift').toBe(0);
        const element = page.locator('converge-demo');
        const inner = await page.frame().locator('body').evaluate((body) => body.offsetHeight);
        const kept = () => element.evaluate((node) => node.offsetHeight);
        expect(await kept(), 'pixels kept').toBeGreaterThanOrEqual(inner);
        expect(await kept(), 'pixels kept').toBeLessThanOrEqual(inner + MOST_SPARE);

        // Out of view it becomes as high as it is.
        await page.setViewportSize({ width, height: 400 });
        await page.evaluate(() => {
          document.body.style.paddingBottom = '9000px';
          scrollTo(0, 8000);
        });
        await expect.poll(async () => Math.abs(await kept() - inner)).toBeLessThanOrEqual(1);
        await page.evaluate(() => scrollTo(0, 0));
        await page.setViewportSize({ width, height: 1500 });
        await frames(page);
        const { width: wide } = await element.boundingBox();
        const alone = await open(`#embed=1&preset=company&view=race&theme=${colorScheme}`, {
          ...context, viewport: { width: Math.round(wide), height: inner },
        });
        await ready(alone);
        // A browser paints its own ground behind a page, which a frame does not have.
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        expect(ground).toBe('rgba(0, 0, 0, 0)');
        const pictures = [await element.screenshot(), await alone.screenshot()];
        const share = await difference(page, ...pictures);
        expect(share, 'how much of it looks different').toBeLessThan(0.03);
        await alone.context().close();

        await page.evaluate(() => { window.shifts = 0; });
        await run(page);
        await heard(page, 'end');
        await frames(page);
        expect(await page.shift(), 'layout shift of a run').toBe(0);
      });
    }
  }

  // At most so high, in pixels, in a column of that width.
  const HIGHEST = {
    720: { race: 430, flow: 330, loop: 460, code: 480, data: 560, lab: 680, tail: 520 },
    360: { race: 500 },
  };
  for (const [width, views] of Object.entries(HIGHEST)) {
    for (const [view, highest] of Object.entries(views)) {
      for (const preset of view === 'race' ? ['researchers', 'company'] : ['researchers']) {
        test(`of the ${view} of ${preset} is at most ${highest} px high in ${width} px, and keeps that room from the start`, async ({ openHost, site }) => {
          const page = await openHost(() => TEXT + demo(`view="${view}" preset="${preset}" speed="8"`) + TEXT, {
            script: `<script src="${site.url}embed.js"></script>`,
            viewport: { width: Number(width) + 32, height: 1500 },
          });
          const element = page.locator('converge-demo');
          await expect(element).toHaveJSProperty('offsetWidth', Number(width));
          const kept = await element.evaluate((node) => node.offsetHeight);
          await heard(page, 'ready');
          await frames(page);
          const height = () => page.frame().locator('body').evaluate((body) => body.offsetHeight);
          const idle = await height();
          expect(idle).toBeLessThanOrEqual(highest);
          expect(kept - idle, 'room kept too much').toBeLessThanOrEqual(MOST_SPARE);
          expect(kept - idle, 'room kept too little').toBeGreaterThanOrEqual(0);
          await run(page);
          await heard(page, 'end');
          await frames(page);
          expect(Math.abs(await height() - idle), 'from idle to end').toBeLessThanOrEqual(8);
          expect(await page.shift(), 'layout shift').toBe(0);
        });
      }
    }
  }

  test('moves nothing without a room of its own either, where its script comes first', async ({ openHost, site }) => {
    const script = `<script src="${site.url}embed.js"></script>`;
    for (const width of [1280, 360]) {
      const page = await openHost(() => TEXT + demo('preset="company" view="race"') + TEXT, {
        script, viewport: { width, height: 1500 },
      });
      await heard(page, 'ready');
      await frames(page);
      expect(await page.shift(), 'layout shift').toBe(0);
      await page.context().close();
    }
  });

  test('is a picture until it nears the view, and then runs', async ({ openHost }) => {
    const far = '<div style="height: 6000px"></div>';
    const page = await openHost(() => TEXT + far + demo('preset="company" view="race"') + TEXT);
    await poster(page).waitFor();
    await frames(page);
    const own = () => page.account.requests.filter((url) => url.startsWith(page.site.origin))
      .map((url) => url.slice(page.site.url.length).replace(/#.*/, '')).sort();
    await expect.poll(own).toEqual(['embed.js', 'posters/company.svg']);
    await expect(page.locator('converge-demo iframe')).toHaveCount(0);
    await page.locator('converge-demo').scrollIntoViewIfNeeded();
    await heard(page, 'ready');
    await expect(poster(page)).toBeHidden();
    await button(page.frame(), 'Run').click();
    await heard(page, 'end');
  });

  test('starts when its picture is pressed', async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" view="race" load="click" speed="8"'));
    await poster(page).waitFor();
    await frames(page);
    await expect(page.locator('converge-demo iframe')).toHaveCount(0);
    await poster(page).focus();
    await page.keyboard.press('Enter');
    await heard(page, 'end');
  });

  test('shows no figures of a preset that its settings make wrong', async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" load="click"') + demo('preset="company" load="click" latency="news:9"')
      + demo('load="click" preset="travel" theme="dark"'));
    await poster(page, 2).waitFor();
    const pictures = await page.locator('converge-demo').evaluateAll((all) =>
      all.map((node) => node.shadowRoot.querySelector('img')?.src.replace(/.*\//, '')));
    expect(pictures).toEqual(['company.svg#light', undefined, 'travel.svg#dark']);
  });

  test('never gets lower under a reader while it runs', async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" view="flow"') + TEXT);
    await heard(page, 'ready');
    await page.evaluate(() => {
      window.heights = [];
      new ResizeObserver(([{ contentRect }]) => window.heights.push(contentRect.height))
        .observe(document.querySelector('converge-demo'));
    });
    await run(page);
    await heard(page, 'start');
    await set(page, { view: 'data', speed: 8 });
    await set(page, { view: 'flow' });
    await heard(page, 'end');
    const heights = await page.evaluate(() => window.heights);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
  });

  test('comes and goes, and comes in numbers', async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" id="a" view="race" speed="8"')
      + demo('id="b" view="race" preset="topic" speed="8"'));
    await heard(page, 'ready', 2);
    await page.evaluate(() => {
      const a = document.getElementById('a');
      a.remove();
      document.body.append(a);
    });
    await heard(page, 'ready', 3);
    await expect(page.locator('converge-demo iframe')).toHaveCount(2);
    await page.evaluate(() => document.getElementById('a').run());
    const [{ id, detail }] = await heard(page, 'end');
    expect([id, detail.preset]).toEqual(['a', 'company']);
    await page.evaluate(() => {
      const late = document.createElement('converge-demo');
      late.id = 'c';
      late.setAttribute('preset', 'email');
      document.body.prepend(late);
    });
    await heard(page, 'ready', 4);
  });

  for (const [how, script] of [
    ['a module', (url) => `<script type="module" src="${url}embed.js"></script>`],
    ['a script that blocks', (url) => `<script src="${url}embed.js"></script>`],
    ['two scripts', (url) => `<script async src="${url}embed.js"></script>`.repeat(2)],
    ['an import', (url) => `<script type="module">import('${url}embed.js');</script>`],
  ]) {
    test(`loads by ${how}`, async ({ serve, openHost }) => {
      // Browsers load a module of another site only where that one allows it.
      const site = await serve({ headers: { 'Access-Control-Allow-Origin': '*' } });
      const page = await openHost(() => demo('preset="company" view="race"'), { site, script: script(site.url) });
      await heard(page, 'ready');
    });
  }

  test('loads after all else, under a policy that allows little', async ({ openHost, site }) => {
    const policy = `default-src 'none'; script-src ${site.origin}; frame-src ${site.origin}; `
      + `img-src ${site.origin} data:; style-src 'unsafe-inline'`;
    const script = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
    const late = (url) => `${demo('preset="company"')}<script src="${url}embed.js"></script>`;
    const page = await openHost(late, { script });
    await heard(page, 'ready');
  });

  test('is a link where scripts are off', async ({ openHost }) => {
    const body = (url) => `<converge-demo><a href="${url}">Run it</a></converge-demo>
      <a data-converge-set="latency=news:10" href="${url}#latency=news:10">slower</a>`;
    const page = await openHost(body, { javaScriptEnabled: false });
    await expect(page.getByRole('link', { name: 'Run it' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'slower' })).toHaveAttribute('href', `${page.site.url}#latency=news:10`);
  });

  test('works as a plain iframe', async ({ openHost }) => {
    const body = (url) => `<iframe src="${url}#embed=1&preset=company&speed=8" title="x" width="100%" height="620"></iframe>`;
    const page = await openHost(body, { script: '' });
    const frame = page.frameLocator('iframe');
    await button(frame, 'Run').click();
    await expect(status(frame)).toHaveText(/^Finished/);
  });
});

test.describe('the theme', () => {
  const WAYS = {
    'data-theme of al-folio, Docusaurus, Starlight, pydata': ['documentElement', 'data-theme', 'dark', 'light'],
    "mdBook's coal": ['documentElement', 'class', 'js coal sidebar-visible', 'js light sidebar-visible'],
    "mdBook's navy": ['documentElement', 'class', 'navy', 'rust'],
    "mdBook's ayu": ['documentElement', 'class', 'ayu', 'light'],
    "Quarto's": ['body', 'class', 'nav-fixed quarto-dark', 'nav-fixed quarto-light'],
    "Material's": ['body', 'data-md-color-scheme', 'slate', 'default'],
    "Bootstrap's": ['documentElement', 'data-bs-theme', 'dark', 'light'],
    "Tailwind's": ['documentElement', 'class', 'dark', ''],
  };
  for (const [name, [where, attribute, dark, light]] of Object.entries(WAYS)) {
    test(`follows ${name}`, async ({ openHost }) => {
      const page = await openHost(() => demo('preset="company" view="race"'), { colorScheme: 'light' });
      await heard(page, 'ready');
      const be = (value) => page.evaluate(([where, attribute, value]) =>
        document[where].setAttribute(attribute, value), [where, attribute, value]);
      const is = (theme) => page.frame().locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
      await is('light');
      await be(dark);
      await is('dark');
      await be(light);
      await is('light');
    });
  }

  test("follows the reader's system where the page says nothing, and its own attribute always", async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" view="race"') + demo('preset="company" view="race" theme="light"'), { colorScheme: 'dark' });
    await heard(page, 'ready', 2);
    const is = (n, theme) =>
      page.frame(n).locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
    await is(0, 'dark');
    await is(1, 'light');
    await page.emulateMedia({ colorScheme: 'light' });
    await is(0, 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await is(0, 'dark');
    await page.locator('converge-demo').nth(1).evaluate((node) => node.removeAttribute('theme'));
    await is(1, 'dark');
  });

  // A frame whose scheme is not its element's is given an opaque ground by the browser.
  test("lets the page's own ground through", async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" view="race"'), {
      colorScheme: 'light', html: 'data-theme="dark" style="background: #004400"',
    });
    await heard(page, 'ready');
    await frames(page);
    const box = await page.locator('converge-demo').boundingBox();
    // The panel has round corners, and what is in the corner is the page's.
    const clip = { x: box.x, y: box.y, width: 2, height: 2 };
    const corner = await page.screenshot({ clip });
    const pixel = await page.evaluate(async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
      const context = new OffscreenCanvas(2, 2).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return [...context.getImageData(0, 0, 1, 1).data];
    }, [...corner]);
    expect(pixel).toEqual([0, 0x44, 0, 255]);
  });
});

test.describe('messages', () => {
  test('tell how a run went, in the words of the contract', async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" view="race" speed="4"'));
    const [{ detail: first }] = await heard(page, 'ready');
    expect(first).toEqual({ preset: 'company', provider: 'simulated' });
    await run(page);
    const [{ detail }] = await heard(page, 'end');
    expect((await heard(page, 'start'))[0].detail).toEqual(first);
    expect(Object.keys(detail).sort()).toEqual(['guess_ms', 'preset', 'provider', 'schedules', 'speedup']);
    expect([detail.preset, detail.provider, detail.guess_ms]).toEqual(['company', 'simulated', null]);
    expect(Object.keys(detail.schedules).sort()).toEqual(['parallel', 'sequential']);
    for (const [name, { makespan_ms: took, outcome, trace, ...rest }] of Object.entries(detail.schedules)) {
      expect(rest).toEqual({});
      expect(outcome).toBe('done');
      expect(trace.format).toBe('converge-trace');
      expect(trace.schedule.name).toBe(name);
      expect(trace.metrics.makespan_us).toBe(took * 1000);
      expect(trace.spans.length).toBe(5);
      expect(trace.started).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }
    const { sequential, parallel } = detail.schedules;
    expect(Math.abs(detail.speedup - sequential.makespan_ms / parallel.makespan_ms)).toBeLessThan(1e-9);
    expect(detail.speedup).toBeGreaterThan(1);
  });

  test('start, stop and set', async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" view="race"'));
    await heard(page, 'ready');
    await set(page, { latency: 'news:30', speed: 2 });
    await button(page.frame(), 'Run').waitFor();
    await run(page);
    await heard(page, 'start');
    await page.locator('converge-demo').evaluate((node) => node.stop());
    const [{ detail }] = await heard(page, 'end');
    expect(detail.schedules.parallel.outcome).toBe('cancelled');
    expect(detail.speedup).toBe(null);
    // As an attribute does, and as null does.
    await page.locator('converge-demo').evaluate((node) => node.setAttribute('preset', 'topic'));
    await page.frame().locator('[data-name=key_terms]').first().waitFor();
    await set(page, { preset: null });
    await page.frame().getByText('Carbon capture').first().waitFor();
  });

  test('of others are nobody\'s business', async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" view="race"') + '<iframe id="other" srcdoc="x"></iframe>');
    await heard(page, 'ready');
    const frame = page.frame();
    // To the host: from itself, and from a frame that is not the figure's.
    await page.evaluate(() => {
      const end = { type: 'converge:end', schedules: {} };
      postMessage(end, '*');
      const other = document.getElementById('other').contentWindow;
      other.eval('').valueOf;
      const script = other.document.createElement('script');
      script.textContent = 'parent.postMessage({ type: "converge:end", schedules: {} }, "*");'
        + 'parent.postMessage({ type: "converge:height", height: 9000 }, "*");'
        // To the figure, from somebody who is not its parent.
        + 'for (const f of parent.frames) f.postMessage({ type: "converge:run" }, "*");';
      other.document.body.append(script);
    }).catch(() => {});
    // To the figure, from itself.
    await frame.locator('body').evaluate(() => postMessage({ type: 'converge:run' }, '*'));
    await frames(page, 30);
    expect(await page.evaluate(() => window.heard.length)).toBe(1);
    await expect(status(frame)).toHaveText(/^Press Run/);
    expect((await page.locator('converge-demo').boundingBox()).height).toBeLessThan(2000);
  });

  test('of a wrong shape, and too many of them, change nothing', async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" view="race" speed="8"'));
    await heard(page, 'ready');
    const frame = page.frame();
    const before = await frame.locator('body').evaluate(() => location.hash);
    await page.evaluate(() => {
      const to = document.querySelector('converge-demo').shadowRoot.querySelector('iframe').contentWindow;
      const round = {};
      round.round = round;
      const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, 'v']));
      const shapes = [
        null, undefined, 7, 'converge:run', 'converge:set', [], ['converge:run'], {}, round, new Map(),
        10n, { type: null }, { type: 7 }, { type: ['converge:run'] }, { type: { toString: 'converge:run' } },
        { type: 'run' }, { type: 'converge:' }, { type: 'CONVERGE:RUN' }, { type: 'converge:end' },
        { type: 'converge:set' }, { type: 'converge:set', topic: {} }, { type: 'converge:set', topic: ['x'] },
        { type: 'converge:set', speed: round }, { type: 'converge:set', ...wide },
        { type: 'converge:set', topic: 'x'.repeat(3_000_000) },
        { type: 'converge:set', provider: 'openai', base_url: 'https://evil.example', api_key: 'sk-1' },
        { type: 'converge:set', base_url: 'https://evil.example' }, { type: 'converge:set', embed: '0' },
        { type: 'converge:set', autoplay: '1' }, { type: 'converge:' + 'x'.repeat(1_000_000) },
      ];
      for (const shape of shapes) to.postMessage(shape, '*');
      for (let i = 0; i < 20_000; i += 1) to.postMessage(shapes[i % 20], '*');
    });
    await frames(page, 30);
    await expect(status(frame)).toHaveText(/^Press Run/);
    expect(await frame.locator('body').evaluate(() => location.hash)).toBe(before);
    // A flood of what it may do comes to the last of it. Only the last forty are read in any case: more
    // where the machine is quick enough.
    await page.evaluate(() => {
      const demo = document.querySelector('converge-demo');
      for (let i = 0; i < 5_000; i += 1) {
        demo.set({ topic: `topic ${i}`, latency: `news:${1 + i % 3}` });
        if (i % 5 === 4) demo.run();
      }
    });
    await heard(page, 'end');
    await frames(page, 30);
    const starts = await page.evaluate(() => window.heard.filter(({ type }) => type === 'start').length);
    expect(starts, 'runs').toBeLessThan(60);
    await expect.poll(() => frame.locator('body').evaluate(() => location.hash)).toMatch(/topic=topic\+4999/);
  });

  test('are answered in their order, also while what reads an edited pipeline is on its way', async ({ serve, openHost }) => {
    let arrive;
    const gate = new Promise((resolve) => { arrive = resolve; });
    const part = /\/converge-edited-/;
    const site = await serve({
      override: async (name) => { if (part.test(`/${name}`)) await gate; },
    });
    const page = await openHost(() => demo('view="race" speed="8"'), { site });
    await heard(page, 'ready');
    const asked = page.waitForRequest(part);
    await set(page, { p: '1company.NmRYDAbiGU_XtX6rnjar80GMKIWRRHoD5WttDReO' });
    await asked;
    await run(page);
    await set(page, { topic: 'Tides' });
    await frames(page);
    await expect(status(page.frame())).toHaveText(/^Press Run/);
    arrive();
    const [{ detail }] = await heard(page, 'end');
    expect(detail.preset).toBe('company');
    expect(await page.frame().locator('body').evaluate(() => location.hash)).toMatch(/p=2company.*topic=Tides/);
  });

  test('never start a live run', async ({ openHost }) => {
    const attributes = 'view="race" provider="compatible" base_url="http://127.0.0.1:9/v1" model="m"';
    const page = await openHost(() => demo(attributes));
    await heard(page, 'ready');
    await run(page);
    await frames(page, 30);
    expect(await page.evaluate(() => window.heard.map(({ type }) => type))).toEqual(['ready']);
    expect(page.account.requests.filter((url) => url.includes(':9/'))).toEqual([]);
  });
});

test.describe('a link in the prose', () => {
  test('drives the figure beside it', async ({ openHost }) => {
    const body = (url) => `<section>${TEXT}
        <a id="one" data-converge-set="latency=news:10" href="${url}#latency=news:10">a slow one</a>
        ${demo('preset="company" id="a" view="race"')}</section>
      <section>${demo('preset="company" id="b" view="race"')}
        <a id="two" data-converge-set="preset=topic&speed=8" data-converge-run href="${url}#preset=topic">another</a></section>`;
    const page = await openHost(body);
    await heard(page, 'ready', 2);
    await page.locator('#one').click();
    // How long each agent takes is seen before a run; the news of the other figure is as it was.
    await page.frame(0).getByText('10.0 s').first().waitFor();
    await expect(page.frame(1).getByText('1.2 s').first()).toBeVisible();
    await expect(page.frame(1).getByText('10.0 s')).toHaveCount(0);
    // From the keyboard, and with a run.
    await page.locator('#two').focus();
    await page.keyboard.press('Enter');
    const [{ id, detail }] = await heard(page, 'end');
    expect([id, detail.preset]).toEqual(['b', 'topic']);
    expect(page.url(), 'the page has stayed where it was').not.toContain('#');
  });

  test('is a plain link with a modifier, and sets a figure that has not loaded', async ({ openHost }) => {
    const body = (url) => `<a data-converge-set="preset=email&speed=8" href="${url}#preset=email">mail</a>
      ${demo('preset="company" load="click" view="race"')}`;
    const page = await openHost(body);
    await poster(page).waitFor();
    const prevented = () => page.evaluate(() => new Promise((done) => {
      const link = document.querySelector('a');
      addEventListener('click', (event) => {
        done(event.defaultPrevented);
        event.preventDefault();
      }, { once: true });
      link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey: true }));
    }));
    expect(await prevented()).toBe(false);
    await page.getByRole('link', { name: 'mail' }).click();
    await poster(page).click();
    const [{ detail }] = await heard(page, 'end');
    expect(detail.preset).toBe('email');
  });
});
