// Serves a built site the way a plain static host would: files only, the right types, compressed
// where a compressed file lies beside, below a sub-folder, so that a test fails when the page asks for
// anything outside its own folder.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that the site is served below. Two levels deep, so that `../x` escapes it visibly. */
export const FOLDER = '/some/where/';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Where the site under test is: CONVERGE_DIST, or `dist/` in the project's root. */
export const DIST =
  process.env.CONVERGE_DIST ?? fileURLToPath(new URL('../../../dist', import.meta.url));

/**
 * Starts a server on a free port, which `owner` ends: what the fixture of that name gives (or, without
 * one, until `close()`).
 * `override(path)` may return `{ status, type, body }` (or a promise of it) for a path below the
 * folder, to let a file go missing; `below` is that folder; `headers` are sent with everything. With `cached`, a browser may keep what has a hash
 * in its name. The result has `url` (the page), `origin` and `log` (every request: method, path,
 * status, bytes of the body as sent).
 */
export async function serveSite(owner, options = {}) {
  const { dist = DIST, below = FOLDER, override = () => undefined, headers = {}, cached } = options;
  if (!existsSync(join(dist, 'index.html'))) {
    throw new Error(`there is no built site in ${dist}: run \`cargo xtask dist\` first`);
  }
  const log = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://site').pathname);
    const accepts = request.headers['accept-encoding'] ?? '';
    const answer = await find(dist, below, path, override, /\bbr\b/.test(accepts));
    const bytes = Buffer.byteLength(answer.body);
    log.push({ method: request.method, path, status: answer.status, bytes });
    const keeps = cached && /-[0-9a-f]{8,}/.test(path);
    response.writeHead(answer.status, {
      'Content-Type': answer.type ?? 'text/plain; charset=utf-8',
      'Cache-Control': keeps ? 'max-age=31536000, immutable' : cached ? 'no-cache' : 'no-store',
      ...answer.encoding && { 'Content-Encoding': answer.encoding, Vary: 'Accept-Encoding' },
      ...headers,
    });
    response.end(answer.body);
  });
  const { origin, close } = await listen(owner, server);
  return { origin, url: origin + below, log, close };
}

/**
 * The same site over https, answered inside the browser: `fulfil` is for `open`. Browsers have rules
 * for such pages that no page from this machine's own http meets.
 */
export function secureSite({ dist = DIST } = {}) {
  const origin = 'https://converge.test';
  const fulfil = async (url) => {
    if (url.origin !== origin) return undefined;
    const { status, type, body } = await find(dist, FOLDER, decodeURIComponent(url.pathname), () => undefined);
    return { status, contentType: type, body };
  };
  return { origin, url: origin + FOLDER, fulfil };
}

/** Lets a server listen on a free port of this machine until its owner ends it. */
export async function listen(owner, server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  owner?.after(close);
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

async function find(dist, below, path, override, brotli) {
  const missing = { status: 404, body: 'not found' };
  if (!path.startsWith(below)) return missing;
  const name = path.slice(below.length) || 'index.html';
  const other = await override(name);
  if (other) return other;
  const file = normalize(join(dist, name));
  if (!file.startsWith(normalize(dist) + sep)) return missing;
  const type = TYPES[extname(file)];
  if (brotli && existsSync(`${file}.br`)) {
    return { status: 200, type, body: await readFile(`${file}.br`), encoding: 'br' };
  }
  try {
    return { status: 200, type, body: await readFile(file) };
  } catch {
    return missing;
  }
}
