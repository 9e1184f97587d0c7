// Where a key lives: in memory, or for as long as the tab, if its owner asks for that; and never in
// a page that is a part of another site's.

import { createServer } from 'node:http';
import { button, openAdvanced, openProvider, ready, sheet, status } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

const KEY = 'sk-test-5f1c9e-not-a-real-key';
const OPENAI = '#preset=topic&provider=openai';

const field = (page) => page.getByLabel('API key', { exact: true });
const remember = (page) => page.getByLabel('Keep key until I close this tab', { exact: true });
const kept = (page) => page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));

const test = base.extend({
  /** An article on another origin with the page in a frame. */
  article: ({ listen, open, site }, use) => use(async (hash) => {
    const text = `<!doctype html><title>Article</title><iframe src="${site.url}${hash}" width="900" height="700"></iframe>`;
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/' ? 200 : 404, { 'Content-Type': 'text/html' });
      response.end(request.url === '/' ? text : '');
    });
    const { origin } = await listen(server);
    const page = await open('', {
      site: { url: `${origin}/`, origin }, allow: [site.origin], expected: [/favicon/, /404/],
    });
    return { page, frame: page.frameLocator('iframe') };
  }),
});

test.describe('a key', () => {
  test('is kept for the tab only when that is asked for, and Forget erases it', async ({ open }) => {
    const page = await open(OPENAI);
    await ready(page);
    await openProvider(page);
    await field(page).fill(KEY);
    expect(await kept(page), 'nothing is kept unasked').not.toContain(KEY);
    await page.getByText(/^The key stays in this page's memory until/).waitFor();
    await remember(page).check();
    await page.getByText(/session storage holds the key until you close the tab/).waitFor();
    await expect.poll(() => kept(page)).toContain(KEY);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    await field(page).fill(`${KEY}2`);
    await expect.poll(() => kept(page), 'it follows what is typed').toContain(`${KEY}2`);

    await page.reload();
    await ready(page);
    await openProvider(page);
    await expect(field(page)).toHaveValue(`${KEY}2`);
    await expect(remember(page)).toBeChecked();
    expect(page.url()).not.toContain(KEY);

    await button(page, 'Forget').click();
    await expect(status(page)).toHaveText(/The key is forgotten/);
    await expect(field(page)).toHaveValue('');
    await expect.poll(() => kept(page)).not.toContain(KEY);
    await expect(remember(page)).not.toBeChecked();
    await page.reload();
    await ready(page);
    await openProvider(page);
    await expect(field(page)).toHaveValue('');
  });

  test('is no longer kept when the box is cleared, and stays in the field', async ({ open }) => {
    const page = await open(OPENAI);
    await ready(page);
    await openProvider(page);
    await field(page).fill(KEY);
    await remember(page).check();
    await remember(page).uncheck();
    await expect.poll(() => kept(page)).not.toContain(KEY);
    await expect(field(page)).toHaveValue(KEY);
  });

  test('does not go along when a link changes where calls go', async ({ startFixed, open }) => {
    const api = await startFixed({ body: 'never asked' });
    const page = await open(OPENAI, { allow: [api.origin] });
    await ready(page);
    await openProvider(page);
    await field(page).fill(KEY);
    await remember(page).check();
    const go = (hash) => page.evaluate((hash) => { location.hash = hash; }, hash);
    await go(`${OPENAI}&base_url=${api.baseUrl}`);
    await expect(field(page)).toHaveValue('');
    await expect(remember(page), 'it is kept for another origin').not.toBeChecked();
    await go(OPENAI);
    await expect(field(page)).toHaveValue(KEY);
  });
});

test.describe('a key and its API', () => {
  const choose = (page, provider) => sheet(page).getByLabel('Provider', { exact: true }).selectOption(provider);
  const at = (page) => page.getByLabel('Base URL', { exact: true });
  const model = (page) => page.getByLabel('Model', { exact: true });

  test('it is put aside with its address and model when another API is chosen', async ({ open }) => {
    const page = await open(OPENAI);
    await ready(page);
    await openAdvanced(page);
    await at(page).fill('https://proxy.example.net/v1');
    await model(page).fill('gpt-own');
    await field(page).fill(KEY);
    await choose(page, 'anthropic');
    for (const own of [at, model, field]) await expect(own(page)).toHaveValue('');
    await expect(page).not.toHaveURL(/proxy\.example\.net/);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/Enter an Anthropic API key to run\./);
    await field(page).fill(`${KEY}-2`);
    await choose(page, 'simulated');
    await choose(page, 'openai');
    const values = async () => [await at(page).inputValue(), await model(page).inputValue(), await field(page).inputValue()];
    await expect.poll(() => values()).toEqual(['https://proxy.example.net/v1', 'gpt-own', KEY]);
    await choose(page, 'anthropic');
    await expect.poll(() => values()).toEqual(['', '', `${KEY}-2`]);
    await button(page, 'Forget').click();
    await choose(page, 'openai');
    await expect(field(page), 'all of them are forgotten').toHaveValue('');
  });

  test('a host that came with a link is still a stranger after another API was chosen', async ({ open }) => {
    const page = await open(`${OPENAI}&base_url=https://models.example.net/v1`);
    await ready(page);
    const accept = button(page, 'I trust models.example.net');
    await accept.waitFor();
    await choose(page, 'anthropic');
    await accept.waitFor({ state: 'detached' });
    await choose(page, 'openai');
    await accept.waitFor();
    await field(page).fill(KEY);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/models\.example\.net\. Accept the host first/);
  });

  test('is in no record, title, link or picture of a run, even when the server says it back', async ({ startFixed, open }) => {
    const body = JSON.stringify({ error: { message: `Wrong key ${KEY}, I said ${KEY.slice(0, 12)}…` } });
    const api = await startFixed({ status: 401, type: 'application/json', body });
    const hash = `#preset=topic&schedule=parallel&on_error=collect&provider=compatible&model=x&base_url=${api.baseUrl}`;
    const page = await open(hash, { allow: [api.origin], expected: [/Failed to load resource/] });
    await ready(page);
    await openProvider(page);
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
    await expect.poll(stored, "the run is kept, with the server's words")
      .toContain('Wrong key [key], I said [key]');
    const places = await page.evaluate(() => ({
      title: document.title,
      state: JSON.stringify(history.state),
      address: location.href,
      document: document.documentElement.outerHTML,
      fields: JSON.stringify([...document.querySelectorAll('input:not([type=password]), textarea')].map((f) => f.value)),
    }));
    places.records = await stored();
    places.console = JSON.stringify(page.account.console);
    for (const [place, text] of Object.entries(places)) {
      expect(text, `the key is in: ${place}`).not.toContain(KEY.slice(0, 12));
    }
  });
});

test.describe('inside another site', () => {
  for (const embed of ['', '&embed=1']) {
    test(`there is no field, and a link opens the page itself${embed && ', in a figure too'}`, async ({ article, site }) => {
      const { page, frame } = await article(`${OPENAI}&schedule=parallel${embed}`);
      const link = frame.getByRole('link', { name: 'Open Converge itself with these settings' });
      await frame.locator('html[data-whole]').waitFor();
      await frame.getByRole('button', { name: 'Run', exact: true }).click();
      await frame.getByText(/OpenAI needs an API key\. Open Converge in its own tab to use yours/).first().waitFor();
      await link.filter({ visible: true }).waitFor();
      await expect(frame.locator('input[type=password]')).toHaveCount(0);
      const opened = page.context().waitForEvent('page');
      await link.filter({ visible: true }).click();
      const whole = await opened;
      await ready(whole);
      await expect(whole).toHaveURL(`${site.url}#preset=topic&schedule=parallel&provider=openai`);
      await openProvider(whole);
      await field(whole).waitFor();
      expect(await whole.evaluate(() => window.opener)).toBe(null);
    });
  }
});
