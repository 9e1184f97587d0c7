// Where a key lives: in memory, or for as long as the tab, if its owner asks for that; and never in
// a page that is a part of another site's.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, test } from 'node:test';
import { startFixed } from './lib/api.mjs';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays } from './lib/page.mjs';
import { listen, serveSite } from './lib/site.mjs';

const KEY = 'sk-test-5f1c9e-not-a-real-key';
const OPENAI = '#preset=topic&provider=openai';

const field = (page) => page.getByLabel('API key', { exact: true });
const remember = (page) => page.getByLabel('Remember for this tab', { exact: true });
const kept = (page) => page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));

after(quit);

describe('a key', () => {
  test('is kept for the tab only when that is asked for, and Forget erases it', async (t) => {
    const page = await open(t, await serveSite(t), OPENAI);
    await ready(page);
    await field(page).fill(KEY);
    assert.ok(!(await kept(page)).includes(KEY), 'nothing is kept unasked');
    await page.getByText(/^The key stays in this page's memory until/).waitFor();
    await remember(page).check();
    await page.getByText(/session storage holds the key until you close the tab/).waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    assert.ok((await kept(page)).includes(KEY));
    await field(page).fill(`${KEY}2`);
    assert.ok((await kept(page)).includes(`${KEY}2`), 'it follows what is typed');

    await page.reload();
    await ready(page);
    await page.waitForFunction((key) => document.querySelector('[aria-label="API key"]').value === key, `${KEY}2`);
    assert.ok(await remember(page).isChecked());
    assert.ok(!page.url().includes(KEY));

    await button(page, 'Forget').click();
    await statusSays(page, /The key is forgotten/);
    assert.equal(await field(page).inputValue(), '');
    assert.ok(!(await kept(page)).includes(KEY));
    assert.ok(!(await remember(page).isChecked()));
    await page.reload();
    await ready(page);
    assert.equal(await field(page).inputValue(), '');
    await finish(page);
  });

  test('is no longer kept when the box is cleared, and stays in the field', async (t) => {
    const page = await open(t, await serveSite(t), OPENAI);
    await ready(page);
    await field(page).fill(KEY);
    await remember(page).check();
    await remember(page).uncheck();
    assert.ok(!(await kept(page)).includes(KEY));
    assert.equal(await field(page).inputValue(), KEY);
    await finish(page);
  });

  test('does not go along when a link changes where calls go', async (t) => {
    const api = await startFixed(t, { body: 'never asked' });
    const page = await open(t, await serveSite(t), OPENAI, { allow: [api.origin] });
    await ready(page);
    await field(page).fill(KEY);
    await remember(page).check();
    const go = (hash) => page.evaluate((hash) => { location.hash = hash; }, hash);
    await go(`${OPENAI}&base_url=${api.baseUrl}`);
    await page.waitForFunction(() => document.querySelector('[aria-label="API key"]').value === '');
    assert.ok(!(await remember(page).isChecked()), 'it is kept for another origin');
    await go(OPENAI);
    await page.waitForFunction((key) => document.querySelector('[aria-label="API key"]').value === key, KEY);
    await finish(page);
  });
});

describe('inside another site', () => {
  /** An article on another origin with the page in a frame. */
  async function article(t, hash) {
    const site = await serveSite(t);
    const text = `<!doctype html><title>Article</title><iframe src="${site.url}${hash}" width="900" height="700"></iframe>`;
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/' ? 200 : 404, { 'Content-Type': 'text/html' });
      response.end(request.url === '/' ? text : '');
    });
    const { origin } = await listen(t, server);
    const page = await open(t, { url: `${origin}/`, origin }, '', { allow: [site.origin] });
    return { page, site, frame: page.frameLocator('iframe') };
  }

  for (const embed of ['', '&embed=1']) {
    test(`there is no field, and a link opens the page itself${embed && ', in a figure too'}`, async (t) => {
      const { page, site, frame } = await article(t, `${OPENAI}&schedule=parallel${embed}`);
      const link = frame.getByRole('link', { name: 'Open Converge itself with these settings' });
      await link.filter({ visible: true }).waitFor();
      assert.equal(await frame.locator('input[type=password]').count(), 0);
      await frame.getByRole('button', { name: 'Run', exact: true }).click();
      await frame.getByText(/OpenAI needs an API key: open Converge itself to use yours/).first().waitFor();
      const opened = page.context().waitForEvent('page');
      await link.filter({ visible: true }).click();
      const whole = await opened;
      await ready(whole);
      assert.equal(whole.url(), `${site.url}#preset=topic&schedule=parallel&provider=openai`);
      await field(whole).waitFor();
      assert.equal(await whole.evaluate(() => window.opener), null);
      await finish(page, [/favicon/, /404/]);
    });
  }
});
