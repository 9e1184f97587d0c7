// What starts a run, and what does not: a live one takes the reader's own press, and whatever starts by
// itself goes by the settings in force then. A start runs what has just been set, once.

import { gate } from './lib/api.mjs';
import { demo, heard } from './lib/host.mjs';
import { button, closeProvider, openProvider, openTab, ready, status } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const ANSWERS = [[/./, 'The sea keeps time.']];
const live = (api) => `#preset=topic&schedule=parallel&provider=compatible&model=m&base_url=${api.baseUrl}`;

const follow = (page, hash) => page.evaluate((hash) => { location.hash = hash; }, hash);
/** Presses it as a script does. */
const press = (page, name) => button(page, name).evaluate((node) => node.click());
/** Waits until the browser has told all who watch what is in view. */
const settled = (page) => page.evaluate(() => new Promise((done) => {
  const seen = new IntersectionObserver(() => {
    seen.disconnect();
    setTimeout(done);
  });
  seen.observe(document.querySelector('.panel'));
}));

test.describe('a live run', () => {
  for (const [how, show] of [
    ['is scrolled into view', (page) => button(page, 'Run').scrollIntoViewIfNeeded()],
    ['comes into view with another size of the window', (page) =>
      page.setViewportSize({ width: 320, height: 2000 })],
  ]) {
    test(`does not start when a figure that became live ${how}`, async ({ open, startApi }) => {
      const api = await startApi({ answers: ANSWERS });
      const page = await open('#preset=topic&autoplay=visible', {
        allow: [api.origin], viewport: { width: 900, height: 100 },
      });
      await ready(page);
      await follow(page, `${live(api)}&autoplay=visible`);
      await page.getByRole('button', { name: 'Provider: OpenAI-compatible server' }).waitFor({ state: 'attached' });
      await show(page);
      await expect(button(page, 'Run')).toBeInViewport();
      await settled(page);
      await expect(status(page)).toHaveText(/^Press Run/);
      expect(api.calls).toHaveLength(0);
      // The reader's own press is what starts it.
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      expect(api.calls).toHaveLength(4);
    });
  }

  test('does not start by a press that no program has seen', async ({ open, serve, startApi }) => {
    const api = await startApi({ answers: ANSWERS });
    let arrive;
    const gate = new Promise((resolve) => { arrive = resolve; });
    const site = await serve({ override: async (name) => { if (name.endsWith('.wasm')) await gate; } });
    const page = await open('', { site, allow: [api.origin] });
    await button(page, 'Run').click();
    await button(page, 'Starting').waitFor();
    await follow(page, live(api));
    arrive();
    await expect(status(page)).toHaveText(/A live model is called only when you press the button yourself/);
    await ready(page);
    expect(api.calls).toHaveLength(0);
  });

  test('does not start by a script that presses the buttons', async ({ open, startApi }) => {
    const api = await startApi({ answers: ANSWERS });
    const page = await open(`${live(api)}&fail=questions:500`, { allow: [api.origin] });
    await ready(page);
    await openTab(page, 'Runs');
    for (const name of ['Run', 'Test connection', /^Repeat|^Measure/]) {
      if (name === 'Test connection') await openProvider(page);
      else await closeProvider(page);
      await page.getByRole('button', { name, exact: true }).first().evaluate((node) => node.click());
      await expect(status(page)).toHaveText(/only when you press the button yourself/);
    }
    await page.evaluate(() => {
      for (const type of ['pointerdown', 'mousedown', 'click']) {
        document.querySelector('.transport .primary').dispatchEvent(new MouseEvent(type, { bubbles: true }));
      }
    });
    expect(api.calls).toHaveLength(0);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(api.calls).toHaveLength(4);
    // What the sequential run would take can be measured by hand, and by hand alone.
    const measure = page.getByRole('button', { name: /^Measure it/ });
    await measure.evaluate((node) => node.click());
    await expect(status(page)).toHaveText(/only when you press the button yourself/);
    expect(api.calls).toHaveLength(4);
  });

  test('is not tried again by a script', async ({ open, startFormat, openOn }) => {
    let fails = true;
    const server = await startFormat('openai', (agent) =>
      (agent === 'questions' && fails ? { status: 400, body: { error: { message: 'No.' } } } : undefined));
    const page = await openOn('openai', server, '&retries=0&on_error=collect');
    page.account.expect(/Failed to load resource/);
    await button(page, 'Run').click();
    const again = page.getByRole('button', { name: /^Run again$|^Retry failed$/ });
    await again.waitFor();
    const before = server.of('questions').length;
    fails = false;
    await again.evaluate((node) => node.click());
    await expect(status(page)).toHaveText(/only when you press the button yourself/);
    expect(server.of('questions')).toHaveLength(before);
    await again.click();
    await expect.poll(() => server.of('questions').length).toBe(before + 1);
  });

  test('is not repeated for another model than the one it was asked for', async ({ open, startApi }) => {
    // Answered once the model is another one, which is then in the middle of the first time.
    const changed = gate();
    const api = await startApi({ answers: ANSWERS, until: () => changed.passed });
    const page = await open(live(api), { allow: [api.origin] });
    await ready(page);
    await openTab(page, 'Runs');
    await page.getByRole('button', { name: /^Repeat|^Measure/ }).click();
    await expect.poll(() => api.calls.length).toBe(3);
    await follow(page, live(api).replace('model=m', 'model=dear'));
    changed.open();
    await expect(button(page, 'Run')).toBeVisible();
    await expect(status(page)).toHaveText(/^Finished/);
    const models = api.calls.map(({ body }) => JSON.parse(body).model);
    expect(new Set(models)).toEqual(new Set(['m']));
    expect(models).toHaveLength(4);
  });
});

test.describe('a start', () => {
  const both = ['parallel', 'sequential'];
  const told = (page) => page.evaluate(() => window.heard.map(({ type }) => type));
  const frames = (page, count = 20) => page.evaluate((n) => new Promise((done) => {
    const next = () => (n-- > 0 ? requestAnimationFrame(next) : done());
    next();
  }), count);

  test('runs what was set in the same go, and ends once', async ({ openHost }) => {
    const page = await openHost(() => demo('view="race"'));
    await heard(page, 'ready');
    await page.locator('converge-demo').evaluate((node) => {
      node.set({ preset: 'topic', speed: 8 });
      node.run();
    });
    const [{ detail }] = await heard(page, 'end');
    expect(Object.keys(detail.schedules).sort()).toEqual(both);
    for (const { outcome, trace } of Object.values(detail.schedules)) {
      expect(outcome).toBe('done');
      expect(trace.spans.map(({ name }) => name)).toContain('key_terms');
    }
    await frames(page);
    expect(await told(page)).toEqual(['ready', 'start', 'end']);
    await expect(status(page.frame())).toHaveText(/^Finished: sequential .* s, parallel .* s/);
  });

  test('by a link that sets and runs has what ran', async ({ openHost }) => {
    const page = await openHost((url) => `<a data-converge-set="latency=news:30,stock:20&speed=8" data-converge-run
      href="${url}#preset=company&latency=news:0.4">run it so</a> ${demo('preset="company" view="race"')}`);
    await heard(page, 'ready');
    await page.getByRole('link', { name: 'run it so' }).click();
    const [{ detail }] = await heard(page, 'end');
    expect(Object.keys(detail.schedules).sort()).toEqual(both);
    const { spans } = detail.schedules.parallel.trace;
    const length = (agent) => {
      const { start_us: start, end_us: end } = spans.find(({ name }) => name === agent);
      return (end - start) / 1e6;
    };
    expect(length('stock')).toBeGreaterThanOrEqual(20);
    expect(length('news')).toBeGreaterThanOrEqual(30);
    expect(detail.speedup).toBeGreaterThan(1);
    await frames(page);
    expect(await told(page)).toEqual(['ready', 'start', 'end']);
  });

  test('is one, however long Enter is held', async ({ openHost }) => {
    const page = await openHost(() => demo('view="race" latency="*:60"'));
    await heard(page, 'ready');
    const frame = page.frame();
    await button(frame, 'Run').focus();
    // The first is the press, and each further one is what the keyboard repeats while it is held.
    for (let times = 0; times < 5; times += 1) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    await expect(status(frame)).toHaveText(/^Running/);
    // Another press is one.
    await page.keyboard.press('Enter');
    await heard(page, 'end');
    await expect(status(frame)).toHaveText(/^Stopped/);
    expect(await told(page)).toEqual(['ready', 'start', 'end']);
  });
});
