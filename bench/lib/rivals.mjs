// The rivals' pages: their scripts bundled by esbuild as a user of them would, put beside what
// `cargo xtask bench` has built from Rust, compressed, and served like the site itself.

import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { serveSite } from '../../tests/browser/lib/site.mjs';

const PAGES = fileURLToPath(new URL('../pages/', import.meta.url));

/** The folder that holds what was built from Rust, and gets the rest. */
export const FOLDER = process.env.CONVERGE_RIVALS
  ?? fileURLToPath(new URL('../../target/bench/site', import.meta.url));

const SCRIPTS = ['rivals.js', 'langchain.js', 'vercel.js'];
const TEXTS = ['index.html', 'counter.html', 'counter-boot.js', 'frames.html'];

/** Makes the pages, and answers how many bytes the bundles have, with brotli. */
export async function makeRivals() {
  await mkdir(FOLDER, { recursive: true });
  await build({
    entryPoints: SCRIPTS.map((name) => join(PAGES, name)),
    outdir: FOLDER,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    // Found from the bench's own folder; the module with the engine lies beside the result.
    external: ['./engine.js'],
    logLevel: 'error',
  });
  for (const name of TEXTS) await copyFile(join(PAGES, name), join(FOLDER, name));
  const sizes = {};
  for (const name of await readdir(FOLDER)) {
    if (!/\.(html|js|wasm)$/.test(name)) continue;
    const packed = brotliCompressSync(await readFile(join(FOLDER, name)));
    await writeFile(join(FOLDER, `${name}.br`), packed);
    sizes[name] = packed.length;
  }
  return sizes;
}

/** Serves them like the site. */
export const serveRivals = (options) => serveSite(undefined, { dist: FOLDER, ...options });
