// What a reader is told when a live model does not answer: a card for each agent that failed, with
// its cause, whose side it is on and what to do; and the button that tries the connection first.

import { createServer } from 'node:http';
import { violations } from './lib/axe.mjs';
import { REQUEST_FAILED } from './lib/formats.mjs';
import {
  button, chooseScenario, closeProvider, giveKey, openAdvanced, openProvider, ready, status,
} from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

const KEY = 'sk-test-5f1c9e-not-a-real-key';

/** What the browser itself says of a failed request. */
const expected = [...REQUEST_FAILED, /blocked by CORS policy/];

const test = base.extend({
  /** Opens the topic preset on a live server, with a key, ready to run once. */
  openLive: ({ open }, use) => use(async (api, { provider = 'compatible', path = '/v1', more = '' } = {}, context = {}) => {
    const hash = `#preset=topic&schedule=parallel&retries=0&provider=${provider}&model=test`
      + `&base_url=${api.origin}${path}${more}`;
    const page = await open(hash, { allow: [api.origin], expected, ...context });
    await ready(page);
    await giveKey(page, KEY);
    return page;
  }),

  /** A server that answers but lets no page read it; it notes what it was sent. */
  startClosed: ({ listen }, use) => use(async () => {
    const requests = [];
    const server = createServer((request, response) => {
      const { method, url, headers } = request;
      const note = { method, url, headers, body: '' };
      requests.push(note);
      request.on('data', (chunk) => { note.body += chunk; });
      request.on('end', () => response.writeHead(403).end());
    });
    return { ...(await listen(server)), requests };
  }),
});

const region = (page) => page.getByRole('region', { name: 'What went wrong', exact: true });

/** The lines of a card, without those of its button. */
async function lines(card) {
  const text = await card.innerText();
  return text.split('\n').map((line) => line.trim()).filter((line) => line && line !== 'Copy');
}

/** Runs, waits until a title shows, and returns the cards as lists of lines. */
async function run(page, title) {
  await expect(region(page), 'nothing has gone wrong yet').toHaveCount(0);
  await button(page, 'Run').click();
  await region(page).getByRole('heading', { name: title, exact: true }).first().waitFor();
  const cards = await Promise.all((await region(page).getByRole('article').all()).map(lines));
  expect(await page.locator('body').innerText(), 'the key shows nowhere').not.toContain(KEY);
  expect(await page.content(), 'and is nowhere in the document').not.toContain(KEY);
  return cards;
}

const json = (status, body) => ({ status, type: 'application/json', body: JSON.stringify(body) });
const openai = (status, message, code) => json(status, { error: { message, type: 'x', code } });
const host = (api) => new URL(api.origin).host;

test.describe('what went wrong', () => {
  for (const [what, answer, title, said, side, advice] of [
    [
      'a wrong key',
      openai(401, `Incorrect API key provided: ${KEY}.`, 'invalid_api_key'),
      'The API key is wrong',
      'answered with error 401: Incorrect API key provided: [key].',
      "You can fix this.",
      /^Copy the key again, whole and without spaces, and check that it belongs to 127\.0\.0\.1/,
    ],
    [
      'an empty account',
      openai(429, 'You exceeded your current quota, please check your plan.', 'insufficient_quota'),
      'No credit or quota is left',
      'answered with error 429: You exceeded your current quota, please check your plan.',
      'You can fix this.',
      /^Waiting will not help: add credit/,
    ],
    [
      'too many calls',
      openai(429, 'Rate limit reached. Please try again in 20s.', 'rate_limit_exceeded'),
      'Too many calls in too short a time',
      'answered with error 429: Rate limit reached. Please try again in 20s.',
      'You can fix this.',
      /^Wait a minute and run again, set a concurrency limit/,
    ],
    [
      'a model that is not there',
      openai(404, 'The model `test` does not exist or you do not have access to it.', 'model_not_found'),
      'Unknown or retired model',
      'answered with error 404: The model `test` does not exist or you do not have access to it.',
      'You can fix this.',
      /^Check the spelling of the model test\. Test connection fills/,
    ],
    [
      'a page of HTML',
      { body: '<!doctype html><title>Sign in</title><p>Welcome' },
      'This is not the API that was expected',
      'answered with an HTML page.',
      'You can fix this.',
      /^Check the base URL: it usually ends in \/v1\./,
    ],
  ]) {
    test(`${what} gets one card when the others are cancelled`, async ({ startFixed, openLive }) => {
      const api = await startFixed(answer);
      const page = await openLive(api);
      const cards = await run(page, title);
      expect(cards.length).toBe(1);
      const [agent, ...rest] = cards[0];
      expect(['summary', 'questions', 'key_terms'], agent).toContain(agent);
      expect(rest.slice(0, 3)).toEqual([title, `${host(api)} ${said}`, side]);
      expect(rest[3]).toMatch(advice);
      expect(rest.length).toBe(4);
    });
  }

  test('every agent gets its card when the rest goes on', async ({ startFixed, openLive }) => {
    const api = await startFixed(openai(500, 'The server had an error.', null));
    const page = await openLive(api, { more: '&on_error=collect' });
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^(Finished|Failed)/);
    const cards = region(page).getByRole('article');
    // Nothing is left to combine, so the synthesis is not asked.
    await expect(cards).toHaveCount(3);
    const all = await Promise.all((await cards.all()).map(lines));
    const agents = all.map(([agent]) => agent).sort();
    expect(agents).toEqual(['key_terms', 'questions', 'summary']);
    for (const [, title] of all) expect(title).toBe('The service has a problem');
  });

  test('a stream that is cut', async ({ startApi, openLive }) => {
    const cut = { text: 'and so on, '.repeat(40), truncateAfterChunks: 3 };
    const api = await startApi({ answers: [[/./, cut]], ttft: 0 });
    const page = await openLive(api);
    const [[, ...card]] = await run(page, 'The answer was cut off');
    expect(card).toEqual([
      'The answer was cut off',
      `The answer of ${host(api)} ended before the model had finished.`,
      'The problem is between you and the service.',
      'The connection or the server broke off. Nothing of yours is wrong: run again.',
    ]);
  });

  test('nobody at that address', async ({ nobody: api, openLive }) => {
    const page = await openLive(api);
    const [[, ...card]] = await run(page, 'Nothing answers at that address');
    expect(card).toEqual([
      'Nothing answers at that address',
      `Nothing answered at ${host(api)}.`,
      'You can fix this.',
      `Start the server, and check that ${host(api)} is its host and port.`,
    ]);
  });

  test('a server that lets no page call it is told from one that is not there', async ({ startClosed, openLive }) => {
    const api = await startClosed();
    const page = await openLive(api);
    const [[, ...card]] = await run(page, 'The server does not let web pages call it');
    expect(card[1]).toBe(`${host(api)} is reachable but blocks browser calls (CORS).`);
    expect(card[3]).toMatch(/^Browsers call only servers that allow it \(CORS\)/);
    const plain = api.requests.filter(({ method }) => method === 'GET');
    expect(plain.length, 'one plain request told it').toBe(1);
    const [{ url, headers, body }] = plain;
    expect([url, body]).toEqual(['/', '']);
    expect(JSON.stringify(headers)).not.toContain(KEY);
    for (const name of ['authorization', 'cookie', 'referer']) expect(headers).not.toHaveProperty(name);
  });

  test('Ollama gets the one line that settles it', async ({ startClosed, openLive }) => {
    const api = await startClosed();
    const page = await openLive(api, { provider: 'ollama' });
    const [[, ...card]] = await run(page, 'Ollama does not accept this page');
    const own = await page.evaluate(() => location.origin);
    expect(card[4]).toBe(`OLLAMA_ORIGINS=${own} ollama serve`);
    await expect(region(page).locator('code')).toHaveText(card[4]);
    expect(await violations(page)).toEqual([]);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await region(page).getByRole('button', { name: 'Copy', exact: true }).click();
    await expect(status(page)).toHaveText(/The line is in the clipboard/);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(card[4]);
  });

  test('and on Windows the line that PowerShell takes', async ({ startClosed, openLive }) => {
    const api = await startClosed();
    const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36';
    const page = await openLive(api, { provider: 'ollama' }, { userAgent });
    const [[, ...card]] = await run(page, 'Ollama does not accept this page');
    const own = await page.evaluate(() => location.origin);
    expect(card[4]).toBe(`$env:OLLAMA_ORIGINS="${own}"; ollama serve`);
  });

  for (const [provider, path, body] of [
    ['anthropic', '/v1', { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }],
    ['gemini', '/v1beta', { error: { code: 401, message: 'API key not valid.', status: 'UNAUTHENTICATED' } }],
  ]) {
    test(`a wrong key in the words of ${provider}`, async ({ startFixed, openLive }) => {
      const api = await startFixed(json(401, body));
      const page = await openLive(api, { provider, path });
      const [[, ...card]] = await run(page, 'The API key is wrong');
      expect(card[1]).toBe(`${host(api)} answered with error 401: ${body.error.message}`);
      expect(card[3]).toMatch(/^Copy the key again from (console\.anthropic|aistudio\.google)\.com/);
    });
  }
});

test.describe('the bill', () => {
  const says = (page, words) => page.getByText(words).waitFor();

  test('names tokens, and a sum with the date of its prices where they are known', async ({ open }) => {
    const page = await open('#preset=topic&schedule=parallel&provider=openai');
    await ready(page);
    await openProvider(page);
    await says(page, /Run makes 4 calls .* about \d,\d00 tokens, about \$0\.\d{4} \(prices of November 2026\)\./);
    await page.getByLabel('Model', { exact: true }).fill('gpt-none');
    await says(page, /about \d,\d00 tokens\. Cost unknown for this model\./);
    await page.getByRole('combobox', { name: 'Provider', exact: true }).selectOption('ollama');
    await says(page, /about \d,\d00 tokens, on your own machine\./);
  });

  test('goes by the longest answer that is allowed', async ({ open }) => {
    const page = await open('#preset=topic&schedule=parallel&provider=openai');
    await ready(page);
    await openAdvanced(page);
    const tokens = async () => {
      const bill = await page.getByText(/^Run makes 4 calls/).innerText();
      return Number(bill.match(/about ([\d,]+) tokens/)[1].replace(',', ''));
    };
    const before = await tokens();
    await page.getByLabel('Max output tokens').fill('10');
    await page.keyboard.press('Tab');
    await expect.poll(async () => before - await tokens(), 'four answers of 10 tokens and not of 300')
      .toBeGreaterThanOrEqual(1000);
  });

  test('says what will not go as the picture suggests', async ({ open }) => {
    const page = await open('#preset=researchers&provider=openai');
    await ready(page);
    await openAdvanced(page);
    const told = page.getByRole('list', { name: 'Good to know' }).getByRole('listitem');
    await says(page, /^These agents ask for Google Search, which only Gemini has|^Web search works only with Gemini/);
    await expect(told).toHaveCount(1);
    await closeProvider(page);
    await chooseScenario(page, 'One topic');
    await openAdvanced(page);
    await expect(told).toHaveCount(0);
    await page.getByRole('combobox', { name: 'Provider', exact: true }).selectOption('ollama');
    await says(page, /^Ollama answers as many calls at once as its OLLAMA_NUM_PARALLEL says/);
    await closeProvider(page);
    await chooseScenario(page, 'Identical branches');
    await openAdvanced(page);
    await says(page, /^Browsers open 6 connections to such a server\. Of 100 calls at once/);
  });
});

test.describe('Test connection', () => {
  const group = (page) => page.getByRole('group', { name: 'Connection', exact: true });

  test('lists the models and offers them in the field', async ({ startApi, openLive }) => {
    const api = await startApi({ answers: [[/./, 'never asked']] });
    const page = await openLive(api);
    await openProvider(page);
    await button(page, 'Test connection').click();
    const says = group(page).getByText(/^Connected: \d+ models?$/);
    await says.waitFor();
    const count = Number.parseInt((await says.innerText()).split(' ')[1], 10);
    const offered = () => page.getByLabel('Model', { exact: true }).evaluate((field) => field.list.options.length);
    await expect.poll(offered).toBe(count);
    expect(api.calls.map(({ method, path }) => [method, path])).toEqual([['GET', '/v1/models']]);
    expect(api.calls[0].headers.authorization).toBe(`Bearer ${KEY}`);
    // Another key has not been tried.
    await giveKey(page, 'other');
    await says.waitFor({ state: 'detached' });
  });

  test('says what is wrong with the same card', async ({ startFixed, openLive }) => {
    const api = await startFixed(openai(401, `Incorrect API key provided: ${KEY}`, null));
    const page = await openLive(api);
    await openProvider(page);
    await button(page, 'Test connection').click();
    await group(page).getByRole('heading', { name: 'The API key is wrong' }).waitFor();
    const card = await lines(group(page).getByRole('article'));
    expect(card[1]).toBe(`${host(api)} answered with error 401: Incorrect API key provided: [key]`);
    expect(await page.content()).not.toContain(KEY);
    await expect(region(page), 'no run has failed').toHaveCount(0);
  });

  test('sends nothing to a host that came with a link before it is accepted', async ({ open }) => {
    const hash = '#preset=topic&provider=compatible&model=test&base_url=https://models.example.net/v1';
    const page = await open(hash);
    await ready(page);
    await page.getByLabel('API key', { exact: true }).fill(KEY);
    await button(page, 'Test connection').click();
    await group(page).getByText(/Accept the host first/).waitFor();
  });
});
