// The page inside other pages: what it tells them of a live run, what it asks before one, and which
// keys it knows there.

import { createServer } from 'node:http';
import { demo, heard } from './lib/host.mjs';
import { button, openProvider, ready, status } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

const SAID = 'The sea keeps time, said the model.';
const TOPIC = 'tides of the reader';
const KEY = 'sk-test-5f1c9e-not-a-real-key';
const live = (api) => `provider=compatible&model=own-model&base_url=${api.baseUrl}&preset=topic&topic=${TOPIC}`;
const attributes = (settings) => [...new URLSearchParams(settings)].map(([name, value]) => `${name}="${value}"`).join(' ');
const question = (frame) => frame.getByRole('group', { name: 'Confirm the call', exact: true });

/** Presses the button that names who is called, as a reader does: once it is in view and can be pressed. */
async function pressSecond(frame, name = /^Call/) {
  const second = question(frame).getByRole('button', { name, exact: true });
  await second.scrollIntoViewIfNeeded();
  await expect(second).toBeEnabled();
  await second.click();
}
const frames = (page, count = 20) => page.evaluate((n) => new Promise((done) => {
  const next = () => (n-- > 0 ? requestAnimationFrame(next) : done());
  next();
}), count);

const test = base.extend({
  /** A server with one HTML page, on an origin of its own. */
  page_at: ({ listen }, use) => use(async (body) => {
    const server = createServer((request, response) => {
      const is_page = request.url === '/';
      response.writeHead(is_page ? 200 : 204, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(is_page ? `<!doctype html><title>A page</title>${body}` : undefined);
    });
    const { origin } = await listen(server);
    return { origin, url: `${origin}/` };
  }),
});

test.describe('a live run inside another site', () => {
  test('takes a second press that names the host, and tells that site figures only', async ({ openHost, site, startApi }) => {
    const api = await startApi({ answers: [[/./, SAID]], ttft: 100 });
    const page = await openHost(() => demo(`view="race" ${attributes(live(api))}`), { allow: [site.origin, api.origin] });
    await heard(page, 'ready');
    const frame = page.frame();
    await button(frame, 'Run').click();
    await expect(question(frame)).toContainText(new URL(api.origin).host);
    expect(api.calls).toHaveLength(0);
    await pressSecond(frame, `Call ${new URL(api.origin).host}`);
    const [{ detail }] = await heard(page, 'end');
    expect(api.calls).toHaveLength(8);
    await expect(question(frame)).toHaveCount(0);

    const told = JSON.stringify(await page.evaluate(() => window.heard));
    for (const text of [SAID, 'sea', TOPIC, 'tides', 'own-model', api.origin, 'key_terms', 'Summarize']) {
      expect(told, text).not.toContain(text);
    }
    for (const schedule of ['sequential', 'parallel']) {
      const { makespan_ms: took, outcome, input_tokens: input, output_tokens: output, ...rest } = detail.schedules[schedule];
      expect(rest).toEqual({});
      expect(outcome).toBe('done');
      expect(took).toBeGreaterThan(100);
      expect(Number.isInteger(input) && Number.isInteger(output)).toBe(true);
    }
    const { sequential, parallel } = detail.schedules;
    expect(detail.speedup).toBeCloseTo(sequential.makespan_ms / parallel.makespan_ms, 1);
  });

  test('tells no word of what a server refuses with', async ({ openHost, site, startFixed }) => {
    const body = JSON.stringify({ error: { message: 'No credit left for reader@example.net' } });
    const api = await startFixed({ status: 402, type: 'application/json', body });
    const page = await openHost(() => demo(`view="race" ${attributes(live(api))}`), {
      allow: [site.origin, api.origin], expected: [/Failed to load resource/],
    });
    await heard(page, 'ready');
    const frame = page.frame();
    await button(frame, 'Run').click();
    await pressSecond(frame);
    const [{ detail }] = await heard(page, 'end');
    expect(detail.schedules.parallel.outcome).toBe('failed');
    expect(JSON.stringify(await page.evaluate(() => window.heard))).not.toMatch(/credit|example\.net|402/);
    await expect(status(frame)).toHaveText(/No credit left/);
  });

  test('cannot be pressed under something else', async ({ openHost, site, startApi }) => {
    const api = await startApi({ answers: [[/./, SAID]] });
    const cover = '<div id="cover" style="position: absolute; inset: 0 0 auto 0; height: 900px; background: #ccca; pointer-events: none"></div>';
    const below = '<div style="position: absolute; top: 1500px; left: 0; right: 0">';
    const figure = (id) => demo(`id="${id}" view="race" ${attributes(live(api))}`);
    const page = await openHost(() => `${figure('covered')}${cover}${below}${figure('plain')}</div>`, {
      allow: [site.origin, api.origin], viewport: { width: 1280, height: 3000 },
    });
    await heard(page, 'ready', 2);
    const call = (n) => question(page.frame(n)).getByRole('button', { name: /^Call/ });
    for (const n of [0, 1]) {
      await button(page.frame(n), 'Run').click();
      await question(page.frame(n)).waitFor();
    }
    // The one that is seen is ready, and the one that was there before it is not.
    await expect(call(1)).toBeEnabled();
    await expect(call(0)).toBeDisabled();
    const { x, y, width, height } = await call(0).boundingBox();
    await page.mouse.click(x + width / 2, y + height / 2);
    await call(0).evaluate((node) => { node.disabled = false; node.click(); });
    await page.evaluate(() => document.getElementById('cover').remove());
    expect(api.calls).toHaveLength(0);
    await call(0).evaluate((node) => { node.disabled = true; });
    await button(page.frame(0), 'Cancel').click();
    await button(page.frame(0), 'Run').click();
    await call(0).click();
    await heard(page, 'end');
    expect(api.calls).toHaveLength(8);
  });

  test('is asked anew when where it goes changes', async ({ open, page_at, site, startApi }) => {
    const [one, other] = [await startApi({ answers: [[/./, SAID]] }), await startApi({ answers: [[/./, SAID]] })];
    const address = (api) => `${site.url}#embed=1&view=race&schedule=parallel&${live(api)}`;
    const around = await page_at(`<iframe src="${address(one).replaceAll('&', '&amp;')}" width="900" height="800"></iframe>`);
    const page = await open('', { site: around, allow: [site.origin, one.origin, other.origin] });
    const frame = page.frameLocator('iframe');
    await frame.locator('html[data-whole]').waitFor();
    await button(frame, 'Run').click();
    await expect(question(frame)).toContainText(new URL(one.origin).host);
    await page.evaluate((to) => { document.querySelector('iframe').src = to; }, address(other));
    await expect(question(frame)).toHaveCount(0);
    await button(frame, 'Run').click();
    await expect(question(frame)).toContainText(new URL(other.origin).host);
    await pressSecond(frame);
    await expect(status(frame)).toHaveText(/^Finished/);
    expect([one.calls.length, other.calls.length]).toEqual([0, 4]);
  });

  test('tries no connection by one press either', async ({ open, page_at, site, startApi }) => {
    const api = await startApi({ answers: [[/./, SAID]] });
    const address = `${site.url}#${live(api)}`.replaceAll('&', '&amp;');
    const around = await page_at(`<iframe src="${address}" width="1000" height="1200"></iframe>`);
    const page = await open('', { site: around, allow: [site.origin, api.origin], viewport: { width: 1100, height: 1300 } });
    const frame = page.frameLocator('iframe');
    await frame.locator('html[data-whole]').waitFor();
    await openProvider(frame);
    await button(frame, 'Test connection').click();
    await question(frame).waitFor();
    expect(api.calls).toHaveLength(0);
    await pressSecond(frame);
    await openProvider(frame);
    await frame.getByRole('group', { name: 'Connection', exact: true }).getByText(/^Connected/).waitFor();
  });
});

test('a page of our own hears all of a live run, and is not asked twice', async ({ open, serve, startApi }) => {
  const api = await startApi({ answers: [[/./, SAID]] });
  const site = await serve({
    override: (name) => (name === 'around.html' ? {
      status: 200,
      type: 'text/html; charset=utf-8',
      body: `<!doctype html><title>Ours</title><script>
        heard = [];
        addEventListener('message', ({ data }) => heard.push(data));
      </script><iframe src="./#embed=1&amp;view=race&amp;${live(api).replaceAll('&', '&amp;')}" width="900" height="900"></iframe>`,
    } : undefined),
  });
  const page = await open('around.html', { site, allow: [api.origin], expected: [/favicon/, /404/] });
  const frame = page.frameLocator('iframe');
  await frame.locator('html[data-whole]').waitFor();
  await button(frame, 'Run').click();
  await expect(status(frame)).toHaveText(/^Finished/);
  await expect(question(frame)).toHaveCount(0);
  const end = () => page.evaluate(() => window.heard.find(({ type }) => type === 'converge:end'));
  await expect.poll(end).toBeTruthy();
  const { schedules } = await end();
  expect(schedules.parallel.trace.spans.map(({ output }) => output)).toContain(SAID);
});

test.describe('a key', () => {
  test('that the tab keeps is not known in a frame of a frame of another site', async ({ open, page_at, serve }) => {
    const OPENAI = '#preset=topic&schedule=parallel&provider=openai';
    let middle;
    const site = await serve({
      override: (name) => (name === 'around.html' ? {
        status: 200,
        type: 'text/html; charset=utf-8',
        body: `<!doctype html><title>Ours</title><iframe src="${middle.url}" width="1000" height="1000"></iframe>`,
      } : undefined),
    });
    middle = await page_at(`<iframe src="${site.url}${OPENAI.replaceAll('&', '&amp;')}" width="900" height="900"></iframe>`);
    const page = await open(OPENAI, { site, allow: [middle.origin], expected: [/favicon/, /404/], viewport: { width: 1200, height: 1300 } });
    await ready(page);
    await openProvider(page);
    await page.getByLabel('API key', { exact: true }).fill(KEY);
    await page.getByRole('checkbox', { name: /this tab/ }).check();
    await page.goto(`${site.url}around.html`);
    const inner = page.frameLocator('iframe').frameLocator('iframe');
    await inner.locator('html[data-whole]').waitFor();
    // The tab does keep it, and that frame could read it.
    const kept = await inner.locator('html').evaluate(() => JSON.stringify({ ...sessionStorage }));
    expect(kept).toContain(KEY);
    await expect(inner.locator('input[type=password]')).toHaveCount(0);
    await button(inner, 'Run').click();
    await expect(status(inner)).toHaveText(/OpenAI needs an API key\. Open Converge in its own tab to use yours/);
    await inner.getByText('Open Converge itself with these settings').filter({ visible: true }).first().waitFor();
    await frames(page);
    expect(page.account.foreign).toEqual([]);
  });
});
