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

describe('a key and its API', () => {
  const choose = (page, provider) => page.getByLabel('Provider', { exact: true }).selectOption(provider);
  const at = (page) => page.getByLabel('Base URL', { exact: true });
  const model = (page) => page.getByLabel('Model', { exact: true });

  test('it is put aside with its address and model when another API is chosen', async (t) => {
    const page = await open(t, await serveSite(t), OPENAI);
    await ready(page);
    await at(page).fill('https://proxy.example.net/v1');
    await model(page).fill('gpt-own');
    await field(page).fill(KEY);
    await choose(page, 'anthropic');
    for (const own of [at, model, field]) assert.equal(await own(page).inputValue(), '');
    assert.ok(!page.url().includes('proxy.example.net'));
    await button(page, 'Run').click();
    await statusSays(page, /Anthropic needs an API key: type yours first/);
    await field(page).fill(`${KEY}-2`);
    await choose(page, 'simulated');
    await choose(page, 'openai');
    const values = async () => [await at(page).inputValue(), await model(page).inputValue(), await field(page).inputValue()];
    assert.deepEqual(await values(), ['https://proxy.example.net/v1', 'gpt-own', KEY]);
    await choose(page, 'anthropic');
    assert.deepEqual(await values(), ['', '', `${KEY}-2`]);
    await button(page, 'Forget').click();
    await choose(page, 'openai');
    assert.equal(await field(page).inputValue(), '', 'all of them are forgotten');
    await finish(page);
  });

  test('a host that came with a link is still a stranger after another API was chosen', async (t) => {
    const page = await open(t, await serveSite(t), `${OPENAI}&base_url=https://models.example.net/v1`);
    await ready(page);
    const accept = button(page, 'Send my key to models.example.net');
    await accept.waitFor();
    await choose(page, 'anthropic');
    await accept.waitFor({ state: 'detached' });
    await choose(page, 'openai');
    await accept.waitFor();
    await field(page).fill(KEY);
    await button(page, 'Run').click();
    await statusSays(page, /models\.example\.net: accept that host first/);
    await finish(page);
  });

  test('is in no record, title, link or picture of a run, even when the server says it back', async (t) => {
    const body = JSON.stringify({ error: { message: `Wrong key ${KEY}, I said ${KEY.slice(0, 12)}…` } });
    const api = await startFixed(t, { status: 401, type: 'application/json', body });
    const hash = `#preset=topic&schedule=parallel&on_error=collect&provider=compatible&model=x&base_url=${api.baseUrl}`;
    const page = await open(t, await serveSite(t), hash, { allow: [api.origin] });
    await ready(page);
    await field(page).fill(KEY);
    await button(page, 'Run').click();
    await page.getByRole('heading', { name: 'The API key is wrong' }).first().waitFor();
    await button(page, 'Share').click();
    const stored = () => page.evaluate(async () => {
      const settled = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const texts = [];
      for (const { name } of await indexedDB.databases()) {
        const database = await settled(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
          texts.push(JSON.stringify(await settled(database.transaction(store).objectStore(store).getAll())));
        }
        database.close();
      }
      return texts.join();
    });
    let records = '';
    for (let tries = 0; tries < 100 && !records.includes('Wrong key'); tries += 1) {
      await page.waitForTimeout(50);
      records = await stored();
    }
    assert.ok(records.includes('Wrong key [key], I said [key]'), 'the run is kept, with the server\'s words');
    const places = await page.evaluate(() => ({
      title: document.title,
      state: JSON.stringify(history.state),
      address: location.href,
      document: document.documentElement.outerHTML,
      fields: JSON.stringify([...document.querySelectorAll('input:not([type=password]), textarea')].map((f) => f.value)),
    }));
    places.records = records;
    places.console = JSON.stringify(page.account.console);
    for (const [place, text] of Object.entries(places)) {
      assert.ok(!text.includes(KEY.slice(0, 12)), `the key is in: ${place}`);
    }
    await finish(page, [/Failed to load resource/]);
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
