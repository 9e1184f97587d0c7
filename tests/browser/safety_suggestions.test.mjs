// Google's search suggestions are HTML that the model's server sends: whatever is in it, the frame that
// shows it asks for nothing and connects to nobody, and its links do not tell where they were pressed.

import { createServer } from 'node:http';
import { readable } from './lib/api.mjs';
import { button, giveKey, ready, status } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

/** Every way that is known by which a document without scripts reaches a server by itself. */
const reaches = (leak) => [
  ...['preload', 'prefetch', 'prerender', 'compression-dictionary', 'dns-prefetch', 'preconnect',
    'modulepreload', 'stylesheet', 'icon', 'manifest', 'pingback', 'alternate stylesheet',
  ].map((rel) => `<link rel="${rel}" href="${leak}/${rel}" as="image" crossorigin>`),
  ...['image', 'style', 'font', 'script', 'fetch', 'document'].map((as) =>
    `<link rel="preload" as="${as}" href="${leak}/as-${as}">`),
  `<link rel="preload" as="image" imagesrcset="${leak}/set 1x">`,
  `<base href="${leak}/base/"><img src="relative"><a href="relative">relative</a>`,
  `<meta http-equiv="refresh" content="0;url=${leak}/refresh">`,
  `<meta http-equiv="Content-Security-Policy" content="default-src *; report-uri ${leak}/report">`,
  `<img src="${leak}/img" srcset="${leak}/srcset 2x" attributionsrc="${leak}/attribution">`,
  `<picture><source srcset="${leak}/source"><img src="${leak}/picture"></picture>`,
  `<style>@import url(${leak}/import); @font-face { font-family: f; src: url(${leak}/font) }
    body { font-family: f; background: url(${leak}/background) } li { list-style: url(${leak}/list) }
    p::before { content: url(${leak}/content) } p { cursor: url(${leak}/cursor), auto; mask: url(${leak}/mask) }</style>`,
  `<p style="background: url(${leak}/inline)">x</p><ul><li>x</li></ul>`,
  `<video src="${leak}/video" poster="${leak}/poster" autoplay></video><audio src="${leak}/audio" autoplay></audio>`,
  `<iframe src="${leak}/frame"></iframe><iframe srcdoc="<img src='${leak}/srcdoc'>"></iframe>`,
  `<object data="${leak}/object"></object><embed src="${leak}/embed"><input type="image" src="${leak}/input">`,
  `<svg><image href="${leak}/svg" /><use href="${leak}/use#a" /><feImage href="${leak}/fe" /></svg>`,
  `<form action="${leak}/form"><button autofocus>go</button></form><body background="${leak}/body">`,
  `<table background="${leak}/table"><tr><td>x</td></tr></table><script src="${leak}/script"></script>`,
  `<noscript><img src="${leak}/noscript"><link rel="preload" as="image" href="${leak}/noscript-link"></noscript>`,
  `<math><mtext><table><mglyph><style><!--</style><img src="${leak}/mutated">`,
];

const test = base.extend({
  /** Notes who connects and what is asked for: `{ origin, connections, paths, referers }`. */
  startListener: ({ listen }, use) => use(async () => {
    const notes = { connections: 0, paths: [], referers: [] };
    const server = createServer((request, response) => {
      notes.paths.push(request.url);
      notes.referers.push(request.headers.referer);
      response.writeHead(200, { 'Content-Type': 'text/html', 'Access-Control-Allow-Origin': '*' });
      response.end('<!doctype html><link rel="icon" href="data:,"><title>There</title>');
    });
    server.on('connection', () => { notes.connections += 1; });
    return Object.assign(notes, await listen(server));
  }),

  /** A page with a run behind it whose researcher got these suggestions. */
  openWith: ({ listen, open }, use) => use(async (html, { allow = [] } = {}) => {
    const server = readable((request, response) => {
      request.resume();
      const groundingMetadata = { searchEntryPoint: { renderedContent: html } };
      const candidate = { content: { parts: [{ text: 'Found.' }] }, finishReason: 'STOP', groundingMetadata };
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify({ candidates: [candidate] })}\r\n\r\n`);
    });
    const { origin } = await listen(server);
    const hash = `#preset=researchers&schedule=parallel&provider=gemini&base_url=${origin}/v1beta`;
    // What is refused is said by the browser.
    const expected = [/Content Security Policy/, /sandboxed/, /@import/, /preload/, /ERR_BLOCKED_BY_CSP/, /Unsafe attempt to load/];
    const page = await open(hash, { allow: [origin, ...allow], expected });
    await ready(page);
    await giveKey(page, 'AIza-test');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const card = page.getByRole('region', { name: 'EVResearcher', exact: true });
    // A closed card hides what stands below its first lines.
    await card.getByRole('button', { name: 'Show all', exact: true }).click();
    const frame = card.locator('iframe');
    return { page, frame, inside: frame.contentFrame() };
  }),
});

test.describe('search suggestions', () => {
  test('reach nobody, whatever is in them', async ({ openWith, startListener }) => {
    const listener = await startListener();
    const html = `<p id="first">first</p>${reaches(`${listener.origin}/leak`).join('\n')}<p id="last">last</p>`;
    // The listener may be reached, so that whatever passes by the browser's routing is seen as well.
    const { page, frame, inside } = await openWith(html, { allow: [listener.origin] });
    await expect(inside.locator('#first')).toBeVisible();
    await expect(inside.locator('#last')).toBeAttached();
    await expect(inside.locator('link, base, script, iframe, object, embed, form')).toHaveCount(0);
    await expect(frame).toHaveAttribute('srcdoc', /default-src 'none'/);
    // A request that the page makes now comes after all that the frame could have made.
    await page.evaluate(() => new Promise((done) => { setTimeout(done, 0); }));
    await page.evaluate((origin) => fetch(`${origin}/after`), listener.origin);
    expect(listener.paths).toEqual(['/after']);
    expect(listener.connections, 'connections without a request').toBe(1);
    expect(page.account.requests.filter((url) => url.includes('/leak'))).toEqual([]);
  });

  test('have links that open a page which does not know where it was opened', async ({ openWith, startListener }) => {
    const listener = await startListener();
    const html = `<a id="web" href="${listener.origin}/clicked" target="named" rel="opener" ping="${listener.origin}/ping">web</a>
      <a id="bare" href="HTTPS://energy.example/">bare</a>
      <a id="script" href="javascript:top.hacked=1">script</a><a id="data" href="data:text/html,x">data</a>
      <svg><a id="svg" xlink:href="javascript:top.hacked=1"><text>svg</text></a></svg>`;
    const { page, inside } = await openWith(html, { allow: [listener.origin] });
    for (const id of ['web', 'bare']) {
      await expect(inside.locator(`#${id}`)).toHaveAttribute('rel', /noopener noreferrer/);
      await expect(inside.locator(`#${id}`)).toHaveAttribute('target', '_blank');
    }
    for (const id of ['script', 'data', 'svg']) {
      const names = await inside.locator(`#${id}`).evaluate((link) => link.getAttributeNames());
      expect(names.filter((name) => name.endsWith('href'))).toEqual([]);
    }
    const opened = page.context().waitForEvent('page');
    await inside.locator('#web').click();
    const other = await opened;
    await other.waitForLoadState();
    expect(await other.evaluate(() => [window.opener, document.referrer])).toEqual([null, '']);
    expect([listener.paths, listener.referers]).toEqual([['/clicked'], [undefined]]);
  });
});
