// How big the built site is: each file as it is, with gzip, and with brotli, as a good host would send it.
//
//   node xtask/sizes.mjs compress DIST   writes both compressed forms, at their highest level, beside the
//                                        files, for hosts that serve such files
//   node xtask/sizes.mjs table DIST      prints the three sizes of every file, largest first, and totals

import { existsSync } from 'node:fs';
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** What gets smaller by compressing. Whatever else there may be goes as it is. */
const COMPRESSIBLE = /\.(html|js|css|svg|wasm|json|txt)$/;
const COMPRESSED = /\.(gz|br)$/;
const FORMS = {
  gz: (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
  br: (bytes) => promisify(brotliCompress)(bytes, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }),
};

/** Every file below a folder, but for Trunk's own hidden working folder. */
async function filesOf(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => !name.startsWith('.'));
  const areFiles = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).isFile()));
  return names.filter((_, index) => areFiles[index]);
}

async function compress(dist) {
  const names = await filesOf(dist);
  await Promise.all(names.filter((name) => COMPRESSED.test(name)).map((name) => rm(join(dist, name))));
  await Promise.all(names.filter((name) => COMPRESSIBLE.test(name)).map(async (name) => {
    const bytes = await readFile(join(dist, name));
    for (const [ending, compressed] of Object.entries(FORMS)) {
      await writeFile(join(dist, `${name}.${ending}`), await compressed(bytes));
    }
  }));
}

async function table(dist) {
  const names = (await filesOf(dist)).filter((name) => !COMPRESSED.test(name));
  const rows = await Promise.all(names.map(async (name) => {
    const places = ['', '.gz', '.br'].map((ending) => join(dist, name + ending));
    const sent = places.map((place) => existsSync(place) ? place : places[0]);
    return [name, ...await Promise.all(sent.map(async (place) => (await stat(place)).size))];
  }));
  rows.sort((a, b) => b[3] - a[3]);
  const total = [1, 2, 3].map((column) => rows.reduce((sum, row) => sum + row[column], 0));
  const width = Math.max(...names.map((name) => name.length));
  const all = [['bytes', 'raw', 'gzip', 'brotli'], ...rows, ['all files', ...total]];
  return all.map(([name, ...sizes]) =>
    [name.padEnd(width), ...sizes.map((size) => String(size).padStart(10))].join(' ')).join('\n');
}

const [command, dist] = process.argv.slice(2);
if (command === 'compress') await compress(dist);
else if (command === 'table') console.log(await table(dist));
else throw new Error('compress DIST, or table DIST');
