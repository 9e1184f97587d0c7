// Draws public/preview.png.
//
//   node tests/browser/preview.mjs
//
// Run it when the posters have changed: article.test.mjs tells when it is no longer theirs.

import { writeFile } from 'node:fs/promises';
import { quit } from './lib/browser.mjs';
import { drawPreview, published } from './lib/preview.mjs';

await writeFile(published('preview.png'), await drawPreview());
await quit();
