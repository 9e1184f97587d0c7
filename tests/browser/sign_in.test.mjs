// Signing in with OpenRouter, with a stand-in for OpenRouter in the browser's network: out with the
// digest of a secret, back with a code, and a key in memory.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const KEY = 'sk-or-v1-not-a-real-key';
const HASH = '#preset=topic&schedule=parallel&provider=openrouter';
const SIGN_IN = 'Sign in with OpenRouter';
const field = (page) => page.getByLabel('API key', { exact: true });

/** Says yes to everybody and notes who asked for what. */
async function answerAsOpenRouter(page, exchange = { status: 200, json: { key: KEY, user_id: 'u' } }) {
  const seen = { consents: [], exchanges: [] };
  await page.route('https://openrouter.ai/**', async (route) => {
    const url = new URL(route.request().url());
    if (url.pathname === '/auth') {
      seen.consents.push(Object.fromEntries(url.searchParams));
      const back = `${url.searchParams.get('callback_url')}?code=c0de%2F1`;
      return route.fulfill({ contentType: 'text/html', body: `<a href="${back}">Yes</a>` });
    }
    seen.exchanges.push({
      path: url.pathname, headers: route.request().headers(), body: route.request().postDataJSON(),
    });
    return route.fulfill({ ...exchange, headers: { 'access-control-allow-origin': '*' } });
  });
  return seen;
}

after(quit);

describe('signing in', () => {
  test('goes out with a digest and comes back with a key', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site, HASH);
    const seen = await answerAsOpenRouter(page);
    await ready(page);
    const addresses = [];
    page.on('framenavigated', (frame) => addresses.push(frame.url()));
    await button(page, SIGN_IN).click();
    await page.getByRole('link', { name: 'Yes' }).click();
    await ready(page);
    await statusSays(page, /Signed in: OpenRouter gave this page a key/);
    assert.equal(await field(page).inputValue(), KEY);
    assert.equal(page.url(), site.url + HASH, 'the settings are back, and the code is gone');

    const [{ code_challenge: challenge, ...consent }] = seen.consents;
    assert.deepEqual(consent, { callback_url: site.url, code_challenge_method: 'S256' });
    const [{ path, headers, body }] = seen.exchanges;
    assert.equal(seen.exchanges.length, 1);
    assert.equal(path, '/api/v1/auth/keys');
    assert.ok(!('authorization' in headers) && !('referer' in headers));
    assert.deepEqual([body.code, body.code_challenge_method], ['c0de/1', 'S256']);
    assert.match(body.code_verifier, /^[\w-]{43}$/);
    assert.equal(createHash('sha256').update(body.code_verifier).digest('base64url'), challenge);

    const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state]));
    for (const secret of [KEY, body.code_verifier, 'c0de']) assert.ok(!kept.includes(secret), secret);
    await page.reload();
    await ready(page);
    assert.equal(await field(page).inputValue(), '', 'it was in memory only');
    assert.equal(seen.exchanges.length, 1, 'and the code is not used again');
    await finish(page);
  });

  test('a code that nobody went out for is dropped', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site, `?code=planted${HASH}`);
    const seen = await answerAsOpenRouter(page);
    await ready(page);
    assert.equal(page.url(), site.url + HASH);
    assert.deepEqual(seen.exchanges, []);
    assert.equal(await field(page).inputValue(), '');
    await finish(page);
  });

  test('a refusal is told', async (t) => {
    const page = await open(t, await serveSite(t), HASH);
    await answerAsOpenRouter(page, { status: 403, json: { error: 'no' } });
    await ready(page);
    await button(page, SIGN_IN).click();
    await page.getByRole('link', { name: 'Yes' }).click();
    await ready(page);
    await statusSays(page, /Signing in failed: OpenRouter answered with 403 and no key/);
    await finish(page, [/Failed to load resource/]);
  });

  test('is offered for OpenRouter itself only', async (t) => {
    const page = await open(t, await serveSite(t), `${HASH}&base_url=https://models.example.net/v1`);
    await ready(page);
    assert.equal(await button(page, SIGN_IN).count(), 0);
    await page.getByLabel('Base URL', { exact: true }).fill('');
    await button(page, SIGN_IN).waitFor();
    await page.getByLabel('Provider', { exact: true }).selectOption('openai');
    await button(page, SIGN_IN).waitFor({ state: 'detached' });
    await finish(page);
  });
});
