// The picture that links to the page show elsewhere: the poster of the default preset under the page's
// name, 1200 by 630 pixels.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { open } from './browser.mjs';
import { listen } from './site.mjs';

/** Where a file of `public/` is. */
export const published = (path) => fileURLToPath(new URL(`../../../public/${path}`, import.meta.url));

/** Draws it with that preset's poster, as PNG; without letters, if so asked. `owner` is as for `open`. */
export async function drawPreview(preset = 'researchers', { letters = true, owner } = {}) {
  const whole = await readFile(published(`posters/${preset}.svg`), 'utf8');
  const poster = letters ? whole : whole.replace(/<text /g, '<text visibility="hidden" ');
  const html = `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; height: 630px; display: grid; grid-template-columns: 21rem 1fr; gap: 3rem;
      align-items: center; padding: 0 3.5rem; box-sizing: border-box; background: #ffffff; color: #17181c;
      font: 700 40px/1.2 system-ui, sans-serif; letter-spacing: -0.015em; }
    small { display: block; margin-bottom: 1.2rem; font: 700 26px system-ui, sans-serif; }
    img { width: 100%; }
  </style><p><small>Converge</small>Watch agents run in parallel and converge</p>
  <img src="poster.svg#light" alt="">`;
  const server = createServer((request, response) => {
    const isPoster = request.url === '/poster.svg';
    response.writeHead(200, { 'Content-Type': isPoster ? 'image/svg+xml' : 'text/html' });
    response.end(isPoster ? poster : html);
  });
  const { origin, close } = await listen(undefined, server);
  const viewport = { width: 1200, height: 630 };
  const page = await open(owner, { origin, url: `${origin}/` }, '', { viewport, colorScheme: 'light' });
  await page.locator('img').evaluate((image) => image.decode());
  if (!letters) await page.locator('p').evaluate((words) => { words.style.visibility = 'hidden'; });
  const picture = await page.screenshot();
  await page.context().close();
  await close();
  return picture;
}
