// The built site as files: it asks for nothing outside its own folder, its policy is as strict as
// we say, and a reader in front of a page that could not load is told so.

import assert from 'node:assert/strict';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { demo, openHost } from './lib/host.mjs';
import { button, ready, statusSays } from './lib/page.mjs';
import { DIST, FOLDER, serveSite } from './lib/site.mjs';
import { BUDGETS, untilAllIsOpen, untilFigureEnded, untilFinished } from './lib/wire.mjs';

after(quit);

/** How often the page has asked for the program's second half. */
const asked = (site) => site.log.filter(({ path }) => path.includes('/converge-rest-')).length;

describe('the built site', () => {
  test('names its files by relative and hashed names only', async (t) => {
    const html = await readFile(join(DIST, 'index.html'), 'utf8');
    const urls = [...html.matchAll(/\s(?:href|src)=["']?([^"'\s>]+)/g)].map((match) => match[1]);
    assert.ok(urls.length >= 5, `found ${urls.length} addresses`);
    // What other pages name keeps its name.
    const kept = ['oembed.json'];
    for (const url of urls.filter((url) => !kept.includes(url))) {
      assert.match(url, /^\.\/[\w-]+-[0-9a-f]{8,}(?:_bg)?\.\w+$/);
    }
  });

  test('has a policy that allows its own files, WebAssembly, and nothing inline', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site);
    const policy = await page
      .locator('meta[http-equiv="Content-Security-Policy"]')
      .getAttribute('content');
    assert.deepEqual(
      Object.fromEntries(policy.split(';').map((part) => {
        const [name, ...values] = part.trim().split(/\s+/);
        return [name, values.join(' ')];
      })),
      {
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
      },
    );
    await ready(page);
    // As it was sent: what the app builds later is judged by the policy itself.
    const html = await readFile(join(DIST, 'index.html'), 'utf8');
    assert.deepEqual(
      [...html.matchAll(/<script\b([^>]*)>([^<]*)/g)].filter(
        ([, attributes, text]) => text.trim() !== '' || !/\bsrc=/.test(attributes)),
      [],
      'no inline script',
    );
    assert.doesNotMatch(html, /<style\b|\sstyle=|\son\w+=|javascript:/i);
    await finish(page);
  });

  test('runs from a sub-folder and fetches each of its files once', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site);
    await ready(page);
    await finish(page);
    assert.deepEqual(site.log.filter(({ status }) => status !== 200), [], 'failed requests');
    for (const { path } of site.log) assert.ok(path.startsWith(FOLDER), path);
    const paths = site.log.map(({ path }) => path).sort();
    assert.deepEqual(paths, [...new Set(paths)], 'nothing is fetched twice');
  });

  test('names all that the race needs in its head, so that nothing is found late', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site, '#embed=1&view=race');
    await ready(page);
    await finish(page);
    const html = await readFile(join(DIST, 'index.html'), 'utf8');
    const names = site.log.map(({ path }) => path.slice(FOLDER.length)).filter(Boolean);
    assert.ok(names.some((name) => name.endsWith('.wasm')) && names.length >= 4, String(names));
    for (const name of names) assert.ok(html.includes(name), `${name} is in the head`);
    assert.equal(names.filter((name) => name.endsWith('.css')).length, 1, 'one style sheet');
  });

  test('applies the theme that the address asks for before anything is painted', async (t) => {
    const site = await serveSite(t);
    for (const theme of ['light', 'dark']) {
      const page = await open(t, site, `#theme=${theme}`);
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme);
      await finish(page);
    }
  });

  for (const ending of ['_bg.wasm', '.js']) {
    test(`says so when the program's ${ending} does not arrive`, async (t) => {
      const site = await serveSite(t, {
        override: (name) =>
          name.startsWith('converge-') && name.endsWith(ending) && { status: 404, body: 'gone' },
      });
      const page = await open(t, site);
      const notice = page.getByRole('alert');
      await notice.waitFor();
      assert.match(await notice.innerText(), /could not be loaded/);
      assert.equal(await notice.getByRole('button', { name: 'Reload the page' }).count(), 1);
      await finish(page, [/404/, /dynamically imported module/, /preload/]);
    });
  }

  test('says so when what arrives is not the program', async (t) => {
    const site = await serveSite(t, {
      override: (name) => name.endsWith('.wasm') && { status: 200, type: 'application/wasm', body: 'no' },
    });
    const page = await open(t, site);
    const notice = page.getByRole('alert');
    await notice.waitFor();
    assert.match(await notice.innerText(), /could not start/);
    await finish(page, [/WebAssembly/]);
  });

  test('goes on without its second half, says so, and gets it when asked to', async (t) => {
    let gone = true;
    const site = await serveSite(t, {
      override: (name) => gone && name.startsWith('converge-rest-') && { status: 404, body: 'gone' },
    });
    const page = await open(t, site, '#speed=8');
    const alert = page.getByRole('alert').filter({ hasText: 'The rest of the page did not arrive' });
    await alert.waitFor();
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    assert.equal(await page.getByRole('region', { name: 'Flow', exact: true }).count(), 0);
    gone = false;
    await alert.getByRole('button', { name: 'Try again' }).click();
    await ready(page);
    assert.equal(await page.getByRole('region', { name: 'Flow', exact: true }).count(), 1);
    assert.equal(await alert.count(), 0);
    await finish(page, [/404/, /WebAssembly|Incorrect response MIME type/]);
  });

  // While a race runs, none of it comes unasked.
  const reaching = {
    'scrolls to it': (page) => page.mouse.wheel(0, 2000),
    'goes on by keys': (page) => page.keyboard.press('Tab'),
    'holds time': (page) => button(page, 'Pause').click(),
    'stops the race': (page) => button(page, 'Stop').click(),
  };
  for (const [reader, reach] of Object.entries(reaching)) {
    test(`gets its second half when a reader ${reader}, and not before`, async (t) => {
      const site = await serveSite(t);
      const page = await open(t, site, '#speed=0.1');
      await button(page, 'Run').click();
      await button(page, 'Stop').waitFor();
      assert.equal(asked(site), 0);
      await reach(page);
      await page.locator('html[data-whole]').waitFor();
      assert.equal(asked(site), 1);
      assert.equal(await page.getByRole('region', { name: 'Flow', exact: true }).count(), 1);
      await finish(page);
    });
  }

  test('gets its second half unasked when nothing goes on', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site);
    await button(page, 'Run').waitFor();
    assert.equal(asked(site), 0);
    await page.locator('html[data-whole]').waitFor();
    assert.equal(asked(site), 1);
    await finish(page);
  });

  test('does not tell where it was built', async () => {
    for (const name of await readdir(DIST)) {
      if (!name.endsWith('.wasm')) continue;
      const text = (await readFile(join(DIST, name))).toString('latin1');
      assert.doesNotMatch(text, /\/(?:home|root|Users)\/|\.cargo\/registry/);
    }
  });

  test('keeps to its budgets', async (t) => {
    const site = await serveSite(t, { cached: true });
    const page = await open(t, site);
    const first = await untilFinished(page, site);
    const everything = await untilAllIsOpen(page, site);
    await finish(page);
    const host = await openHost(t, () => demo('view="race"'), {
      site: await serveSite(t, { cached: true }),
    });
    const figure = await untilFigureEnded(host);
    await finish(host);
    for (const [part, bytes] of Object.entries({ first, figure, everything })) {
      const { most, aim } = BUDGETS[part];
      t.diagnostic(`${part}: ${bytes} bytes on the wire, of ${most}; the aim is ${aim}`);
      assert.ok(bytes < most, `${part}: ${bytes} bytes on the wire, where ${most} are the most`);
    }
  });

  test('lies compressed beside itself, and says the same', async (t) => {
    const names = (await readdir(DIST)).filter((name) => /\.(html|js|css|svg|wasm)$/.test(name));
    assert.ok(names.length >= 7, `${names.length} files`);
    for (const name of names) {
      const [raw, gzip, brotli] = await Promise.all(
        ['', '.gz', '.br'].map((ending) => readFile(join(DIST, name + ending))));
      assert.ok(raw.equals(gunzipSync(gzip)), `${name}.gz`);
      assert.ok(raw.equals(brotliDecompressSync(brotli)), `${name}.br`);
    }
    const site = await serveSite(t);
    const page = await open(t, site);
    await ready(page);
    const sent = site.log.reduce((sum, { bytes }) => sum + bytes, 0);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(DIST, name))).size));
    assert.ok(sent < sizes.reduce((sum, size) => sum + size) / 2, `${sent} bytes were sent`);
    await finish(page);
  });

  test('says so when the browser has no WebAssembly', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site);
    await page.addInitScript(() => { delete globalThis.WebAssembly; });
    await page.reload();
    const notice = page.getByRole('alert');
    await notice.waitFor();
    assert.match(await notice.innerText(), /cannot run the page/);
    await finish(page);
  });

  test('without scripts, says what the page is and gives the figures', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site, '', { javaScriptEnabled: false });
    const text = await page.locator('body').innerText();
    for (const figure of ['5.1 s', '2.3 s', '2.2 times']) assert.ok(text.includes(figure), figure);
    await finish(page);
  });
});
