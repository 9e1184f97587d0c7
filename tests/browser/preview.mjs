// Draws public/preview.png, which links to the page show elsewhere: the poster of the default preset
// under the page's name, 1200 by 630 pixels.
//
//   node tests/browser/preview.mjs
//
// Run it when the posters have changed; that they are true is the host tests' business.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { open, quit } from './lib/browser.mjs';
import { listen } from './lib/site.mjs';
import { createServer } from 'node:http';

const at = (path) => fileURLToPath(new URL(`../../public/${path}`, import.meta.url));
const poster = await readFile(at('posters/company.svg'));
const html = `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; height: 630px; display: grid; grid-template-columns: 21rem 1fr; gap: 3rem;
    align-items: center; padding: 0 3.5rem; box-sizing: border-box; background: #fffdf9; color: #1e1b2a;
    font: 500 46px/1.15 "Iowan Old Style", Palatino, Georgia, serif; letter-spacing: -0.015em; }
  small { display: block; margin-bottom: 1.2rem; font: 700 26px system-ui, sans-serif; }
  img { width: 100%; }
</style><p><small>Converge</small>How much sooner, if they wait at the same time?</p>
<img src="poster.svg#light" alt="">`;
const server = createServer((request, response) => {
  const isPoster = request.url === '/poster.svg';
  response.writeHead(200, { 'Content-Type': isPoster ? 'image/svg+xml' : 'text/html' });
  response.end(isPoster ? poster : html);
});
const { origin, close } = await listen(undefined, server);
const viewport = { width: 1200, height: 630 };
const page = await open(undefined, { origin, url: `${origin}/` }, '', { viewport, colorScheme: 'light' });
await page.locator('img').evaluate((image) => image.decode());
await page.screenshot({ path: at('preview.png') });
await page.context().close();
await quit();
await close();
