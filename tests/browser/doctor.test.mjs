// What a reader is told when a live model does not answer: a card for each agent that failed, with
// its cause, whose side it is on and what to do; and the button that tries the connection first.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, test } from 'node:test';
import axe from 'axe-core';
import { nobody, startApi, startFixed } from './lib/api.mjs';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays } from './lib/page.mjs';
import { listen, serveSite } from './lib/site.mjs';

const KEY = 'sk-test-5f1c9e-not-a-real-key';

/** Lines that the browser itself writes about a failed request. */
const REQUEST_FAILED = [/Failed to load resource/, /net::ERR_/, /blocked by CORS policy/];

/** Opens the topic preset on a live server, with a key, ready to run once. */
async function openLive(t, api, { provider = 'compatible', path = '/v1', more = '' } = {}, context = {}) {
  const base = api.origin + path;
  const hash = `#preset=topic&schedule=parallel&retries=0&provider=${provider}&model=test&base_url=${base}`;
  const page = await open(t, await serveSite(t), hash + more, { allow: [api.origin], ...context });
  await ready(page);
  await page.getByLabel('API key', { exact: true }).fill(KEY);
  return page;
}

const region = (page) => page.getByRole('region', { name: 'What went wrong', exact: true });

/** The lines of a card, without those of its button. */
async function lines(card) {
  const text = await card.innerText();
  return text.split('\n').map((line) => line.trim()).filter((line) => line && line !== 'Copy');
}

/** Runs, waits until a title shows, and returns the cards as lists of lines. */
async function run(page, title) {
  assert.equal(await region(page).count(), 0, 'nothing has gone wrong yet');
  await button(page, 'Run').click();
  await region(page).getByRole('heading', { name: title, exact: true }).first().waitFor();
  const cards = await Promise.all((await region(page).getByRole('article').all()).map(lines));
  assert.ok(!(await page.locator('body').innerText()).includes(KEY), 'the key shows nowhere');
  assert.ok(!(await page.content()).includes(KEY), 'and is nowhere in the document');
  return cards;
}

async function done(page) {
  await finish(page, REQUEST_FAILED);
}

const json = (status, body) => ({ status, type: 'application/json', body: JSON.stringify(body) });
const openai = (status, message, code) => json(status, { error: { message, type: 'x', code } });
const host = (api) => new URL(api.origin).host;

/** A server that answers but lets no page read it; it notes what it was sent. */
async function startClosed(t) {
  const requests = [];
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const note = { method, url, headers, body: '' };
    requests.push(note);
    request.on('data', (chunk) => { note.body += chunk; });
    request.on('end', () => response.writeHead(403).end());
  });
  return { ...(await listen(t, server)), requests };
}

after(quit);

describe('what went wrong', () => {
  for (const [what, answer, title, said, side, advice] of [
    [
      'a wrong key',
      openai(401, `Incorrect API key provided: ${KEY}.`, 'invalid_api_key'),
      'The API key is wrong',
      'answered with error 401: Incorrect API key provided: [key].',
      "This is on your side.",
      /^Copy the key again, whole and without spaces, and check that it belongs to 127\.0\.0\.1/,
    ],
    [
      'an empty account',
      openai(429, 'You exceeded your current quota, please check your plan.', 'insufficient_quota'),
      'No credit or quota is left',
      'answered with error 429: You exceeded your current quota, please check your plan.',
      'This is on your side.',
      /^Waiting does not help: add credit/,
    ],
    [
      'too many calls',
      openai(429, 'Rate limit reached. Please try again in 20s.', 'rate_limit_exceeded'),
      'Too many calls in too short a time',
      'answered with error 429: Rate limit reached. Please try again in 20s.',
      'This is on your side.',
      /^Wait a minute and run again, set a concurrency limit/,
    ],
    [
      'a model that is not there',
      openai(404, 'The model `test` does not exist or you do not have access to it.', 'model_not_found'),
      'The model is unknown or retired',
      'answered with error 404: The model `test` does not exist or you do not have access to it.',
      'This is on your side.',
      /^Check the spelling of the model test\. Test connection fills/,
    ],
    [
      'a page of HTML',
      { body: '<!doctype html><title>Sign in</title><p>Welcome' },
      'This is not the API that was expected',
      'answered with an HTML page.',
      'This is on your side.',
      /^Check the base URL: it usually ends in \/v1\./,
    ],
  ]) {
    test(`${what} gets one card when the others are cancelled`, async (t) => {
      const api = await startFixed(t, answer);
      const page = await openLive(t, api);
      const cards = await run(page, title);
      assert.equal(cards.length, 1);
      const [agent, ...rest] = cards[0];
      assert.ok(['summary', 'questions', 'key_terms'].includes(agent), agent);
      assert.deepEqual(rest.slice(0, 3), [title, `${host(api)} ${said}`, side]);
      assert.match(rest[3], advice);
      assert.equal(rest.length, 4);
      await done(page);
    });
  }

  test('every agent gets its card when the rest goes on', async (t) => {
    const api = await startFixed(t, openai(500, 'The server had an error.', null));
    const page = await openLive(t, api, { more: '&on_error=collect' });
    await button(page, 'Run').click();
    await statusSays(page, /^(Finished|Failed)/);
    const cards = region(page).getByRole('article');
    assert.equal(await cards.count(), 4);
    const all = await Promise.all((await cards.all()).map(lines));
    const agents = all.map(([agent]) => agent).sort();
    assert.deepEqual(agents, ['key_terms', 'questions', 'summary', 'synthesis']);
    for (const [, title] of all) assert.equal(title, 'The service is in trouble');
    await done(page);
  });

  test('a stream that is cut', async (t) => {
    const cut = { text: 'and so on, '.repeat(40), truncateAfterChunks: 3 };
    const api = await startApi(t, { answers: [[/./, cut]], ttft: 0 });
    const page = await openLive(t, api);
    const [[, ...card]] = await run(page, 'The answer was cut off');
    assert.deepEqual(card, [
      'The answer was cut off',
      `The answer of ${host(api)} ended before the model had finished.`,
      'This is on the way between you and the service.',
      'The connection or the server broke off. Nothing of yours is wrong: run again.',
    ]);
    await done(page);
  });

  test('nobody at that address', async (t) => {
    const api = await nobody();
    const page = await openLive(t, api);
    const [[, ...card]] = await run(page, 'Nothing answers at that address');
    assert.deepEqual(card, [
      'Nothing answers at that address',
      `The request to ${host(api)} did not get through, and neither did a plain one.`,
      'This is on your side.',
      `Start the server, and check that ${host(api)} is its host and port.`,
    ]);
    await done(page);
  });

  test('a server that lets no page call it is told from one that is not there', async (t) => {
    const api = await startClosed(t);
    const page = await openLive(t, api);
    const [[, ...card]] = await run(page, 'The server does not let web pages call it');
    assert.equal(card[1], `${host(api)} can be reached, but the browser may not read its answer.`);
    assert.match(card[3], /^Browsers call only servers that allow it \(CORS\)/);
    const plain = api.requests.filter(({ method }) => method === 'GET');
    assert.equal(plain.length, 1, 'one plain request told it');
    const [{ url, headers, body }] = plain;
    assert.deepEqual([url, body], ['/', '']);
    assert.ok(!JSON.stringify(headers).includes(KEY));
    for (const name of ['authorization', 'cookie', 'referer']) assert.ok(!(name in headers), name);
    await done(page);
  });

  test('Ollama gets the one line that settles it', async (t) => {
    const api = await startClosed(t);
    const page = await openLive(t, api, { provider: 'ollama' });
    const [[, ...card]] = await run(page, 'Ollama does not accept this page');
    const own = await page.evaluate(() => location.origin);
    assert.equal(card[4], `OLLAMA_ORIGINS=${own} ollama serve`);
    assert.equal(await region(page).locator('code').innerText(), card[4]);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run(document));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await region(page).getByRole('button', { name: 'Copy', exact: true }).click();
    await statusSays(page, /The line is in the clipboard/);
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), card[4]);
    await done(page);
  });

  test('and on Windows the line that PowerShell takes', async (t) => {
    const api = await startClosed(t);
    const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36';
    const page = await openLive(t, api, { provider: 'ollama' }, { userAgent });
    const [[, ...card]] = await run(page, 'Ollama does not accept this page');
    const own = await page.evaluate(() => location.origin);
    assert.equal(card[4], `$env:OLLAMA_ORIGINS="${own}"; ollama serve`);
    await done(page);
  });

  for (const [provider, path, body] of [
    ['anthropic', '/v1', { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }],
    ['gemini', '/v1beta', { error: { code: 401, message: 'API key not valid.', status: 'UNAUTHENTICATED' } }],
  ]) {
    test(`a wrong key in the words of ${provider}`, async (t) => {
      const api = await startFixed(t, json(401, body));
      const page = await openLive(t, api, { provider, path });
      const [[, ...card]] = await run(page, 'The API key is wrong');
      assert.equal(card[1], `${host(api)} answered with error 401: ${body.error.message}`);
      assert.match(card[3], /^Copy the key again from (console\.anthropic|aistudio\.google)\.com/);
      await done(page);
    });
  }
});

describe('the bill', () => {
  const says = (page, words) => page.getByText(words).waitFor();

  test('names tokens, and a sum with the date of its prices where they are known', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=topic&schedule=parallel&provider=openai');
    await ready(page);
    await says(page, /Run makes 4 calls .* About \d+00 tokens, about \$0\.\d{4} at the prices of November 2026\.$/);
    await page.getByLabel('Model', { exact: true }).fill('gpt-none');
    await says(page, /About \d+00 tokens; what they cost there is not known here\.$/);
    await page.getByLabel('Provider', { exact: true }).selectOption('ollama');
    await says(page, /About \d+00 tokens, on your own machine\.$/);
    await finish(page);
  });

  test('goes by the longest answer that is allowed', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=topic&schedule=parallel&provider=openai');
    await ready(page);
    const tokens = async () => {
      const bill = await page.getByText(/^Run makes 4 calls/).innerText();
      return Number(bill.match(/About (\d+) tokens/)[1]);
    };
    const before = await tokens();
    await page.getByLabel('Most tokens of an answer').fill('10');
    await page.keyboard.press('Tab');
    await page.waitForFunction((before) => !document.body.innerText.includes(`About ${before} tokens`), before);
    assert.ok(before - await tokens() >= 1000, 'four answers of 10 tokens and not of 300');
    await finish(page);
  });

  test('says what will not go as the picture suggests', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=researchers&provider=openai');
    await ready(page);
    const told = page.getByRole('list', { name: 'Good to know' }).getByRole('listitem');
    await says(page, /^These agents ask for Google Search, which only Gemini has/);
    assert.equal(await told.count(), 1);
    await page.getByLabel('Preset', { exact: true }).selectOption('topic');
    await page.waitForFunction(() => !document.body.innerText.includes('Google Search, which'));
    assert.equal(await told.count(), 0);
    await page.getByLabel('Provider', { exact: true }).selectOption('ollama');
    await says(page, /^Ollama answers as many calls at once as its OLLAMA_NUM_PARALLEL says/);
    await page.getByLabel('Preset', { exact: true }).selectOption('fanout');
    await says(page, /^Browsers keep 6 connections to such a server: of 100 calls at once/);
    await finish(page);
  });
});

describe('Test connection', () => {
  const group = (page) => page.getByRole('group', { name: 'Connection', exact: true });

  test('lists the models and offers them in the field', async (t) => {
    const api = await startApi(t, { answers: [[/./, 'never asked']] });
    const page = await openLive(t, api);
    await button(page, 'Test connection').click();
    const says = group(page).getByText(/^Connected: \d+ models?$/);
    await says.waitFor();
    const count = Number.parseInt((await says.innerText()).split(' ')[1], 10);
    const names = await page.getByLabel('Model', { exact: true }).evaluate((field) =>
      Array.from(field.list.options, (option) => option.value));
    assert.equal(names.length, count);
    assert.deepEqual(api.calls.map(({ method, path }) => [method, path]), [['GET', '/v1/models']]);
    assert.equal(api.calls[0].headers.authorization, `Bearer ${KEY}`);
    // Another key has not been tried.
    await page.getByLabel('API key', { exact: true }).fill('other');
    await says.waitFor({ state: 'detached' });
    await done(page);
  });

  test('says what is wrong with the same card', async (t) => {
    const api = await startFixed(t, openai(401, `Incorrect API key provided: ${KEY}`, null));
    const page = await openLive(t, api);
    await button(page, 'Test connection').click();
    await group(page).getByRole('heading', { name: 'The API key is wrong' }).waitFor();
    const card = await lines(group(page).getByRole('article'));
    assert.equal(card[1], `${host(api)} answered with error 401: Incorrect API key provided: [key]`);
    assert.ok(!(await page.content()).includes(KEY));
    assert.equal(await region(page).count(), 0, 'no run has failed');
    await done(page);
  });

  test('sends nothing to a host that came with a link before it is accepted', async (t) => {
    const hash = '#preset=topic&provider=compatible&model=test&base_url=https://models.example.net/v1';
    const page = await open(t, await serveSite(t), hash);
    await ready(page);
    await page.getByLabel('API key', { exact: true }).fill(KEY);
    await button(page, 'Test connection').click();
    await group(page).getByText(/accept that host first/).waitFor();
    await done(page);
  });
});
