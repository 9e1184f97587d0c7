// A key goes with the provider and the origin that it was given for, whatever is chosen, typed or
// linked in between; and nothing that a server says brings it to the page.

import { readable } from './lib/api.mjs';
import { button, giveKey, openAdvanced, openProvider, ready, sheet, status } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

const KEY = 'sk-proj-Zq81fJd0aLr7vXe2TnYw';
const OPENROUTER_KEY = 'sk-or-v1-Hq3mPz9bWc5kRt7y';
const OPENROUTER = '#preset=topic&schedule=parallel&provider=openrouter';
const SIGN_IN = 'Sign in with OpenRouter';
const at = (page) => page.getByLabel('Base URL', { exact: true });
const key = (page) => page.getByLabel('API key', { exact: true });
const remember = (page) => page.getByRole('checkbox', { name: /this tab/ });
const provider = (page) => sheet(page).getByLabel('Provider', { exact: true });
const event = (value) => `data: ${JSON.stringify(value)}\n\n`;
const at_server = (server) => `#preset=topic&schedule=parallel&provider=compatible&model=m&base_url=${server.baseUrl}`;

const test = base.extend({
  /** A server that answers whatever is asked with `answer(path)`, and notes the keys that it is sent. */
  startEcho: ({ listen }, use) => use(async (answer) => {
    const keys = [];
    const server = readable((request, response) => {
      request.resume();
      keys.push(request.headers.authorization);
      const { type, body } = answer(request.url);
      response.writeHead(200, { 'Content-Type': type });
      return response.end(body);
    });
    const { origin } = await listen(server);
    return { origin, baseUrl: `${origin}/v1`, keys };
  }),
});

/** Says yes to everybody; `gate` is waited for before a code is exchanged. */
async function answerAsOpenRouter(page, gate) {
  const seen = { consents: [], exchanges: [] };
  await page.route('https://openrouter.ai/**', async (route) => {
    const url = new URL(route.request().url());
    if (url.pathname === '/auth') {
      seen.consents.push(url.href);
      const back = new URL(url.searchParams.get('callback_url'));
      back.searchParams.append('code', 'c0de');
      return route.fulfill({ contentType: 'text/html', body: `<a href="${back.href.replaceAll('&', '&amp;')}">Yes</a>` });
    }
    seen.exchanges.push(route.request().postDataJSON());
    await gate;
    return route.fulfill({ json: { key: OPENROUTER_KEY }, headers: { 'access-control-allow-origin': '*' } });
  });
  return seen;
}

const ANSWER = event({ choices: [{ delta: { content: 'Yes.' }, finish_reason: 'stop' }] });

test.describe('a key', () => {
  test('does not go along when its reader types another base URL', async ({ open, startEcho }) => {
    const [here, there] = [await startEcho(() => ({ type: 'text/event-stream', body: ANSWER })),
      await startEcho(() => ({ type: 'text/event-stream', body: ANSWER }))];
    const page = await open(at_server(here), { allow: [here.origin, there.origin] });
    await ready(page);
    await openAdvanced(page);
    await key(page).fill(KEY);
    await at(page).fill(there.baseUrl);
    await expect(key(page)).toHaveValue('');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(there.keys).toEqual([undefined, undefined, undefined, undefined]);
    // It is there again with what it is for.
    await openAdvanced(page);
    await at(page).fill(here.baseUrl);
    await expect(key(page)).toHaveValue(KEY);
    await button(page, 'Run').click();
    await expect.poll(() => here.keys).toEqual(Array(4).fill(`Bearer ${KEY}`));
  });

  test('that the tab keeps comes back with its origin, and the box says so', async ({ open, startEcho }) => {
    const [here, there] = [await startEcho(() => ({ type: 'text/plain', body: '' })), await startEcho(() => ({ type: 'text/plain', body: '' }))];
    const page = await open(at_server(here), { allow: [here.origin, there.origin] });
    await ready(page);
    await openAdvanced(page);
    await key(page).fill(KEY);
    await remember(page).check();
    await at(page).fill(there.baseUrl);
    await expect(remember(page)).not.toBeChecked();
    await expect(key(page)).toHaveValue('');
    await at(page).fill(here.baseUrl);
    await expect(remember(page)).toBeChecked();
    await expect(key(page)).toHaveValue(KEY);
    await provider(page).selectOption('openai');
    await expect(remember(page)).not.toBeChecked();
    await expect(key(page)).toHaveValue('');
    await provider(page).selectOption('compatible');
    await expect(remember(page)).toBeChecked();
    await expect(key(page)).toHaveValue(KEY);
    await page.reload();
    await ready(page);
    await openAdvanced(page);
    await expect(remember(page)).toBeChecked();
    await expect(key(page)).toHaveValue(KEY);
  });

  test('that is typed before the base URL is for the one that follows', async ({ open, startEcho }) => {
    const here = await startEcho(() => ({ type: 'text/event-stream', body: ANSWER }));
    const page = await open('#preset=topic&schedule=parallel&provider=compatible&model=m', { allow: [here.origin] });
    await ready(page);
    await openAdvanced(page);
    await key(page).fill(KEY);
    await at(page).pressSequentially(here.baseUrl);
    await expect(key(page)).toHaveValue(KEY);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(here.keys).toEqual(Array(4).fill(`Bearer ${KEY}`));
    await openAdvanced(page);
    await at(page).fill('https://other.example/v1');
    await expect(key(page)).toHaveValue('');
  });
});

test.describe('signing in', () => {
  test("puts the key into OpenRouter's field, whatever is chosen when it comes", async ({ open }) => {
    let exchange;
    const gate = new Promise((resolve) => { exchange = resolve; });
    const page = await open(OPENROUTER);
    const seen = await answerAsOpenRouter(page, gate);
    await ready(page);
    await openProvider(page);
    await button(page, SIGN_IN).click();
    await page.getByRole('link', { name: 'Yes' }).click();
    await ready(page);
    await expect.poll(() => seen.exchanges.length).toBe(1);
    await openAdvanced(page);
    await provider(page).selectOption('openai');
    exchange();
    await expect(status(page)).toHaveText(/Signed in: OpenRouter gave this page a key/);
    await expect(key(page)).toHaveValue('');
    await provider(page).selectOption('openrouter');
    await expect(key(page)).toHaveValue(OPENROUTER_KEY);
    await at(page).fill('https://models.example/v1');
    await expect(key(page)).toHaveValue('');
  });

  test('spends nothing on a code that is planted on the way', async ({ open, site }) => {
    const page = await open(OPENROUTER);
    const seen = await answerAsOpenRouter(page);
    await ready(page);
    await openProvider(page);
    await button(page, SIGN_IN).click();
    await page.getByRole('link', { name: 'Yes' }).waitFor();
    const [consent] = seen.consents;
    const state = new URL(consent).searchParams.get('state');
    expect(state).toMatch(/^[\w-]{43}$/);
    expect(new URL(new URL(consent).searchParams.get('callback_url')).searchParams.get('state')).toBe(state);
    for (const planted of ['?code=planted', '?code=planted&state=', '?code=planted&state=x', `?code=planted&state=${state.slice(1)}`]) {
      await page.goto(site.url + planted + OPENROUTER);
      await ready(page);
      await expect(page).toHaveURL(site.url + OPENROUTER);
      await openProvider(page);
      await expect(key(page)).toHaveValue('');
    }
    expect(seen.exchanges).toEqual([]);
    // The reader's own trip still comes to its end.
    await page.goto(consent);
    await page.getByRole('link', { name: 'Yes' }).click();
    await ready(page);
    await openProvider(page);
    await expect(key(page)).toHaveValue(OPENROUTER_KEY);
    expect(seen.exchanges.map(({ code }) => code)).toEqual(['c0de']);
  });
});

test.describe('a server that says the key back', () => {
  const percent = (text) => [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
  const ECHOES = {
    whole: [KEY],
    'in pieces': KEY.match(/.{1,5}/g),
    'in base64': [Buffer.from(KEY).toString('base64'), Buffer.from(`x${KEY}`).toString('base64url')],
    'percent-encoded': [percent(KEY)],
  };
  for (const [how, pieces] of Object.entries(ECHOES)) {
    test(`${how}: its list of models does not show it`, async ({ open, startEcho }) => {
      const names = ['model-a', ...pieces, 'model-b'];
      const body = JSON.stringify({ data: names.map((id) => ({ id })) });
      const server = await startEcho(() => ({ type: 'application/json', body }));
      const page = await open(at_server(server), { allow: [server.origin] });
      await ready(page);
      await openProvider(page);
      await key(page).fill(KEY);
      await button(page, 'Test connection').click();
      await page.getByText('Connected: 2 models', { exact: true }).waitFor();
      const shown = () => page.locator('datalist option').evaluateAll((all) => all.map(({ value }) => value));
      await expect.poll(shown).toEqual(['model-a', 'model-b']);
    });

    test(`${how}: its answers do not show it`, async ({ open, startEcho }) => {
      const said = ['Your key is ', ...pieces.flatMap((piece) => piece.match(/.{1,7}/g)), '. So it is.'];
      const body = said.map((content) => event({ choices: [{ delta: { content } }] })).join('') + ANSWER;
      const server = await startEcho(() => ({ type: 'text/event-stream', body }));
      const page = await open(at_server(server), { allow: [server.origin] });
      await ready(page);
      await giveKey(page, KEY);
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      const card = page.getByRole('region', { name: 'questions', exact: true });
      await expect(card).toContainText(/Your key is .{0,4}\[key\].*So it is/);
      const html = await page.evaluate(() => document.documentElement.outerHTML);
      const decoded = decodeURIComponent(html.replaceAll('%', '%25').replace(/%25([0-9a-f]{2})/gi, '%$1'));
      for (const text of [html, decoded]) {
        for (let start = 0; start + 12 <= KEY.length; start += 1) {
          expect(text).not.toContain(KEY.slice(start, start + 12));
        }
      }
    });
  }
});
