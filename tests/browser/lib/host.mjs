// Somebody else's page, on an origin of its own, with figures of the site in it.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from './browser.mjs';
import { listen, serveSite } from './site.mjs';

/** The page's text before and after what a test is about, so that a shift would move something. */
export const TEXT = `<p>${'A figure stands in a text, and the text must not move. '.repeat(6)}</p>`;

/** The element with these attributes. */
export const demo = (attributes = '') => `<converge-demo ${attributes}></converge-demo>`;

/**
 * Opens a page whose body is `body(site.url)`, on another origin than the site's, which `owner`
 * ends with the test. `script` is how it loads embed.js, and `files` what lies beside it, by path. `page.site` is the site, `page.frame(n)` the n-th figure's
 * frame as Playwright has it, `page.shift()` what has moved so far, by the browser's own measure, and
 * `page.leave()` for whoever has no test that ends.
 */
export async function openHost(owner, body, options = {}) {
  const site = options.site ?? await serveSite(owner);
  const {
    script = `<script async src="${site.url}embed.js"></script>`, html = '', files = {}, ...context
  } = options;
  const text = `<!doctype html><html lang="en" ${html}><head><meta charset="utf-8"><title>A host</title>
    <link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    <style>body { margin: 0 auto; max-width: 60rem; padding: 16px; font: 16px/1.5 sans-serif }</style>
    ${script}</head><body>${body(site.url)}</body></html>`;
  const server = createServer((request, response) => {
    const isPage = request.url === '/';
    const found = isPage ? text : files[request.url];
    response.writeHead(found === undefined ? 404 : 200, {
      'Content-Type': isPage ? 'text/html; charset=utf-8' : 'application/json',
    });
    response.end(found);
  });
  const { origin, close } = await listen(owner, server);
  return openBeside(owner, site, { origin, url: `${origin}/`, close }, context);
}

/**
 * Opens a page of a folder of files, on another origin than the site's, with what `openHost` gives.
 * Where they say https://HOST/, the site is meant.
 */
export async function openFolder(owner, folder, path, context) {
  const site = await serveSite(owner);
  const override = async (name) => {
    // The icon that browsers ask for by themselves is nobody's.
    if (name === 'favicon.ico') return { status: 204, body: '' };
    if (!name.endsWith('.html')) return undefined;
    const html = await readFile(join(folder, name), 'utf8');
    const body = html.replaceAll('https://HOST/', site.url);
    return { status: 200, type: 'text/html; charset=utf-8', body };
  };
  const host = await serveSite(owner, { dist: folder, below: '/', override });
  return openBeside(owner, site, { ...host, url: host.url + path }, context);
}

/** Opens the host's page, which may talk to the site. */
async function openBeside(owner, site, host, context) {
  const page = await open(owner, host, '', { allow: [site.origin], init: account, ...context });
  page.site = site;
  page.frame = (n = 0) => page.locator('converge-demo').nth(n).locator('iframe').contentFrame();
  page.shift = () => page.evaluate(() => window.shifts);
  page.leave = () => Promise.all([page.context().close(), host.close()]);
  return page;
}

/** Notes, from the first moment on, what moves in the page and what its figures say. */
function account() {
  if (window.parent !== window) return;
  window.shifts = 0;
  window.heard = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifts += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  for (const type of ['ready', 'start', 'end']) {
    addEventListener(`converge:${type}`, ({ target, detail }) =>
      window.heard.push({ type, id: target.id, detail }), true);
  }
}

/** Waits until a figure has said that. */
export async function heard(page, type, count = 1) {
  await page.waitForFunction(
    ([type, count]) => window.heard.filter((event) => event.type === type).length >= count,
    [type, count], { timeout: 30_000 },
  );
  return page.evaluate((type) => window.heard.filter((event) => event.type === type), type);
}

/**
 * How much two pictures (PNG) differ to an eye: both are drawn small, and the result is the share of
 * points whose brightness differs by more than a tenth. Text is drawn a little differently by every
 * machine, and by one machine at another place; a bar that is missing is not. With `drawn`, only points
 * count at which `other` has something on its ground.
 */
export async function difference(page, one, other, { drawn: only = false } = {}) {
  const share = await page.evaluate(async ([pictures, only]) => {
    const drawn = await Promise.all(pictures.map(async (bytes) => {
      const blob = new Blob([Uint8Array.from(bytes)], { type: 'image/png' });
      const bitmap = await createImageBitmap(blob);
      const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.round(side / 4));
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(bitmap, 0, 0, width, height);
      return { width, height, data: context.getImageData(0, 0, width, height).data };
    }));
    const [a, b] = drawn;
    if (Math.abs(a.width - b.width) > 1 || Math.abs(a.height - b.height) > 1) return 1;
    let [differ, all] = [0, 0];
    const ground = (b.data[0] + b.data[1] + b.data[2]) / 3;
    const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const light = ({ data, width }) => {
          const at = (y * width + x) * 4;
          return (data[at] + data[at + 1] + data[at + 2]) / 3;
        };
        if (only && Math.abs(light(b) - ground) < 13) continue;
        all += 1;
        if (Math.abs(light(a) - light(b)) > 26) differ += 1;
      }
    }
    return differ / all;
  }, [[[...one], [...other]], only]);
  if (!Number.isFinite(share)) throw new Error(`the pictures have nothing to compare: ${share}`);
  return share;
}
