// The built site as files: it asks for nothing outside its own folder, its policy is as strict as
// we say, and a reader in front of a page that could not load is told so.

import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { demo } from './lib/host.mjs';
import { button, patient, ready, status } from './lib/page.mjs';
import { DIST, FOLDER } from './lib/site.mjs';
import { BUDGETS, untilAllIsOpen, untilFigureEnded, untilFinished } from './lib/wire.mjs';
import { TIMING, expect, measured, test } from './lib/test.mjs';

/** How often the page has asked for a part of the program: its second half, or what reads edited pipelines. */
const asked = (site, part = 'rest') =>
  site.log.filter(({ path }) => path.includes(`/converge-${part}-`)).length;

/** An address with an edited pipeline. */
const EDITED = '#speed=8&p=1company.NmRYDAbiGU_XtX6rnjar80GMKIWRRHoD5WttDReO';

test.describe('the built site', () => {
  test('names its files by relative and hashed names only', async () => {
    const html = await readFile(join(DIST, 'index.html'), 'utf8');
    const urls = [...html.matchAll(/\s(?:href|src)=["']?([^"'\s>]+)/g)].map((match) => match[1]);
    expect(urls.length, `found ${urls.length} addresses`).toBeGreaterThanOrEqual(5);
    // What other pages name keeps its name.
    const kept = ['oembed.json', 'posters/researchers.svg'];
    for (const url of urls.filter((url) => !kept.includes(url))) {
      expect(url).toMatch(/^\.\/[\w-]+-[0-9a-f]{8,}(?:_bg)?\.\w+$/);
    }
  });

  test('has a policy that allows its own files, WebAssembly, and nothing inline', async ({ open }) => {
    const page = await open();
    const policy = await page
      .locator('meta[http-equiv="Content-Security-Policy"]')
      .getAttribute('content');
    const rules = policy.split(';').map((part) => {
      const [name, ...values] = part.trim().split(/\s+/);
      return [name, values.join(' ')];
    });
    expect(Object.fromEntries(rules)).toEqual({
      'default-src': "'none'",
      'script-src': "'self' 'wasm-unsafe-eval'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'frame-src': "'self'",
      'font-src': "'none'",
      'connect-src': "'self' https: http:",
      'base-uri': "'none'",
      'form-action': "'none'",
      'object-src': "'none'",
    });
    await ready(page);
    // As it was sent: what the app builds later is judged by the policy itself.
    const html = await readFile(join(DIST, 'index.html'), 'utf8');
    const inline = [...html.matchAll(/<script\b([^>]*)>([^<]*)/g)].filter(
      ([, attributes, text]) => text.trim() !== '' || !/\bsrc=/.test(attributes));
    expect(inline, 'inline scripts').toEqual([]);
    expect(html).not.toMatch(/<style\b|\sstyle=|\son\w+=|javascript:/i);
  });

  test('runs from a sub-folder and fetches each of its files once', async ({ open, site }) => {
    const page = await open();
    await ready(page);
    await page.context().close();
    expect(site.log.filter(({ status }) => status !== 200), 'failed requests').toEqual([]);
    for (const { path } of site.log) expect(path.startsWith(FOLDER), path).toBe(true);
    const paths = site.log.map(({ path }) => path).sort();
    expect(paths, 'nothing is fetched twice').toEqual([...new Set(paths)]);
  });

  test('names all that the race needs in its head, so that nothing is found late', async ({ open, site }) => {
    const page = await open('#embed=1&view=race');
    await ready(page);
    await page.context().close();
    const html = await readFile(join(DIST, 'index.html'), 'utf8');
    const names = site.log.map(({ path }) => path.slice(FOLDER.length)).filter(Boolean);
    expect(names.length).toBeGreaterThanOrEqual(4);
    expect(names.filter((name) => name.endsWith('.wasm'))).not.toEqual([]);
    for (const name of names) expect(html, `${name} is in the head`).toContain(name);
    expect(names.filter((name) => name.endsWith('.css')).length, 'one style sheet').toBe(1);
  });

  test('applies the theme that the address asks for before anything is painted', async ({ open }) => {
    for (const theme of ['light', 'dark']) {
      const page = await open(`#theme=${theme}`);
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    }
  });

  for (const ending of ['_bg.wasm', '.js']) {
    test(`says so when the program's ${ending} does not arrive`, async ({ serve, open }) => {
      const site = await serve({
        override: (name) =>
          name.startsWith('converge-') && name.endsWith(ending) && { status: 404, body: 'gone' },
      });
      const expected = [/404/, /dynamically imported module/, /preload/];
      const page = await open('', { site, expected });
      const notice = page.getByRole('alert');
      await expect(notice).toContainText('could not be loaded');
      await expect(notice.getByRole('button', { name: 'Reload the page' })).toHaveCount(1);
    });
  }

  test('says so when what arrives is not the program', async ({ serve, open }) => {
    const site = await serve({
      override: (name) => name.endsWith('.wasm') && { status: 200, type: 'application/wasm', body: 'no' },
    });
    const page = await open('', { site, expected: [/WebAssembly/] });
    await expect(page.getByRole('alert')).toContainText('could not start');
  });

  test('goes on without its second half, says so, and gets it when asked to', async ({ serve, open }) => {
    let gone = true;
    const site = await serve({
      override: (name) => gone && name.startsWith('converge-rest-') && { status: 404, body: 'gone' },
    });
    const expected = [/404/, /WebAssembly|Incorrect response MIME type/];
    const page = await open('#speed=8', { site, expected });
    const alert = page.getByRole('alert').filter({ hasText: 'The rest of the page did not arrive' });
    await alert.waitFor();
    const before = asked(site);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    // A second after the race the page asks again by itself, in vain and once.
    await expect.poll(() => asked(site)).toBeGreaterThan(before);
    const again = alert.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await expect(page.getByRole('region', { name: 'Report', exact: true })).toHaveCount(0);
    gone = false;
    await again.click();
    await ready(page);
    await expect(page.getByRole('region', { name: 'Report', exact: true })).toHaveCount(1);
    await expect(alert).toHaveCount(0);
  });

  // While a race runs, none of it comes unasked.
  const reaching = {
    'scrolls to it': (page) => page.mouse.wheel(0, 2000),
    'goes on by keys': (page) => page.keyboard.press('Tab'),
    'holds time': (page) => button(page, 'Pause').click(),
    'stops the race': (page) => button(page, 'Stop').click(),
  };
  for (const [reader, reach] of Object.entries(reaching)) {
    test(`gets its second half when a reader ${reader}, and not before`, async ({ open, site }) => {
      const page = await open('#speed=0.1', { init: patient });
      await button(page, 'Run').click();
      await button(page, 'Stop').waitFor();
      expect(asked(site)).toBe(0);
      await reach(page);
      await page.locator('html[data-whole]').waitFor();
      expect(asked(site)).toBe(1);
      await expect(page.getByRole('region', { name: 'Report', exact: true })).toHaveCount(1);
    });
  }

  test('gets its second half unasked when nothing goes on', async ({ open, site }) => {
    const page = await open();
    await page.locator('html[data-whole]').waitFor();
    expect(asked(site)).toBe(1);
    // The program waits for three seconds, and the page for the program.
    const began = await page.evaluate(() => performance.getEntriesByType('resource')
      .find(({ name }) => name.includes('/converge-rest-')).startTime);
    expect(began, 'ms after the page').toBeGreaterThanOrEqual(3000);
  });

  test('gets its second half in an article when a reader asks for the reasons', async ({ open, site }) => {
    const page = await open('#embed=1&view=race&speed=8');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(asked(site)).toBe(0);
    await button(page, 'Why?').click();
    await expect(page.getByRole('region', { name: 'Race', exact: true })).toContainText(/ = max\(/);
    expect(asked(site)).toBe(1);
  });

  test('gets what reads an edited pipeline for an address that has one, and no other', async ({ open, site }) => {
    await (await open('#preset=company')).locator('.race').waitFor();
    expect(asked(site, 'edited')).toBe(0);
    const page = await open(EDITED, { init: patient });
    await expect(page.locator('.topic-pill')).toBeAttached();
    expect(asked(site, 'edited')).toBe(1);
    expect(asked(site)).toBe(0);
    await expect(page).toHaveURL(/#.*p=2company/);
  });

  test('says so when what reads an edited pipeline does not arrive, and keeps the address', async ({ serve, open }) => {
    const site = await serve({
      override: (name) => name.startsWith('converge-edited-') && { status: 404, body: 'gone' },
    });
    const expected = [/404/, /WebAssembly|Incorrect response MIME type/];
    const page = await open(EDITED, { site, expected });
    await page.getByRole('alert').filter({ hasText: 'A part of this page did not arrive' }).waitFor();
    expect(new URL(page.url()).hash).toBe(EDITED);
  });

  test('goes on with what it shows when what reads the pipeline of another address does not arrive', async ({ serve, open }) => {
    const site = await serve({
      override: (name) => name.startsWith('converge-edited-') && { status: 404, body: 'gone' },
    });
    const expected = [/404/, /WebAssembly|Incorrect response MIME type/];
    const page = await open('#preset=topic', { site, expected });
    await ready(page);
    await page.evaluate((hash) => { location.hash = hash; }, EDITED);
    await expect(status(page)).toHaveText(/a part of this page did not arrive/);
    await expect(page.getByRole('textbox', { name: 'Topic' })).toHaveValue('The history of space exploration');
  });

  test('does not tell where it was built', async () => {
    for (const name of await readdir(DIST)) {
      if (!name.endsWith('.wasm')) continue;
      const text = (await readFile(join(DIST, name))).toString('latin1');
      expect(text).not.toMatch(/\/(?:home|root|Users)\/|\.cargo\/registry/);
    }
  });

  test('keeps to its budgets', { tag: TIMING }, async ({ serve, open, openHost }) => {
    const site = await serve({ cached: true });
    const page = await open('', { site });
    const first = await untilFinished(page, site);
    const everything = await untilAllIsOpen(page, site);
    await page.context().close();
    const host = await openHost(() => demo('view="race"'), {
      site: await serve({ cached: true }),
    });
    const figure = await untilFigureEnded(host);
    for (const [part, bytes] of Object.entries({ first, figure, everything })) {
      const most = BUDGETS[part];
      measured(`${part}: ${bytes} bytes on the wire, of ${most}`);
      expect(bytes, `bytes on the wire, ${part}`).toBeLessThan(most);
    }
  });

  test('lies compressed beside itself, and says the same', async ({ open, site }) => {
    const names = (await readdir(DIST)).filter((name) => /\.(html|js|css|svg|wasm)$/.test(name));
    expect(names.length, `${names.length} files`).toBeGreaterThanOrEqual(7);
    for (const name of names) {
      const [raw, gzip, brotli] = await Promise.all(
        ['', '.gz', '.br'].map((ending) => readFile(join(DIST, name + ending))));
      expect(raw.equals(gunzipSync(gzip)), `${name}.gz`).toBe(true);
      expect(raw.equals(brotliDecompressSync(brotli)), `${name}.br`).toBe(true);
    }
    const page = await open();
    await ready(page);
    const sent = site.log.reduce((sum, { bytes }) => sum + bytes, 0);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(DIST, name))).size));
    expect(sent, `${sent} bytes were sent`).toBeLessThan(sizes.reduce((sum, size) => sum + size) / 2);
  });

  test('is compressed anew by each build, and measured', async ({}, info) => {
    const dist = info.outputPath('dist');
    await mkdir(join(dist, 'deep'), { recursive: true });
    await writeFile(join(dist, 'deep/a.js'), 'word '.repeat(999));
    await writeFile(join(dist, 'b.png'), 'not compressed');
    await writeFile(join(dist, 'gone-0123.js.br'), 'of an earlier build');
    const sizes = (command) => promisify(execFile)('node', ['../../xtask/sizes.mjs', command, dist]);
    // The second time, what is compressed is not compressed again.
    await sizes('compress');
    await sizes('compress');
    const files = (await readdir(dist, { recursive: true })).sort();
    expect(files).toEqual(['b.png', 'deep', 'deep/a.js', 'deep/a.js.br', 'deep/a.js.gz']);
    const { size } = await stat(join(dist, 'deep/a.js.br'));
    const { stdout } = await sizes('table');
    const rows = stdout.trim().split('\n').map((line) => line.split(/  +/));
    expect(rows.map(([name]) => name)).toEqual(['bytes', 'deep/a.js', 'b.png', 'all files']);
    expect(rows[1].slice(1)).toEqual(['4995', expect.any(String), String(size)]);
    expect(rows[3][3]).toBe(String(size + 'not compressed'.length));
  });

  test('says so when the browser has no WebAssembly', async ({ open }) => {
    const page = await open();
    await page.addInitScript(() => { delete globalThis.WebAssembly; });
    await page.reload();
    await expect(page.getByRole('alert')).toContainText('cannot run the page');
  });

  test('without scripts, says what the page is and gives the figures', async ({ open }) => {
    const page = await open('', { javaScriptEnabled: false });
    for (const figure of ['4.4 s', '2.3 s', '1.9 times']) await expect(page.getByText(figure).first()).toBeVisible();
    await expect(page.getByText('Press Run')).toBeHidden();
  });
});
