// Signing in with OpenRouter, with a stand-in for OpenRouter in the browser's network: out with the
// digest of a secret, back with a code, and a key in memory.

import { createHash } from 'node:crypto';
import { button, openAdvanced, openProvider, ready, status } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

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
      const back = new URL(url.searchParams.get('callback_url'));
      back.searchParams.append('code', 'c0de/1');
      return route.fulfill({ contentType: 'text/html', body: `<a href="${back}">Yes</a>` });
    }
    seen.exchanges.push({
      path: url.pathname, headers: route.request().headers(), body: route.request().postDataJSON(),
    });
    return route.fulfill({ ...exchange, headers: { 'access-control-allow-origin': '*' } });
  });
  return seen;
}

test.describe('signing in', () => {
  test('goes out with a digest and comes back with a key', async ({ open, site }) => {
    const page = await open(HASH);
    const seen = await answerAsOpenRouter(page);
    await ready(page);
    const addresses = [];
    page.on('framenavigated', (frame) => addresses.push(frame.url()));
    await openProvider(page);
    await button(page, SIGN_IN).click();
    await page.getByRole('link', { name: 'Yes' }).click();
    await ready(page);
    await expect(status(page)).toHaveText(/Signed in: OpenRouter gave this page a key/);
    await openProvider(page);
    await expect(field(page)).toHaveValue(KEY);
    await expect(page, 'the settings are back, and the code is gone').toHaveURL(site.url + HASH);

    const [{ code_challenge: challenge, ...consent }] = seen.consents;
    const { state } = consent;
    expect(state).toMatch(/^[\w-]{43}$/);
    expect(consent).toEqual({ callback_url: `${site.url}?state=${state}`, code_challenge_method: 'S256', state });
    const [{ path, headers, body }] = seen.exchanges;
    expect(seen.exchanges).toHaveLength(1);
    expect(path).toBe('/api/v1/auth/keys');
    for (const name of ['authorization', 'referer']) expect(headers).not.toHaveProperty(name);
    expect([body.code, body.code_challenge_method]).toEqual(['c0de/1', 'S256']);
    expect(body.code_verifier).toMatch(/^[\w-]{43}$/);
    expect(createHash('sha256').update(body.code_verifier).digest('base64url')).toBe(challenge);

    const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state]));
    for (const secret of [KEY, body.code_verifier, 'c0de']) expect(kept, secret).not.toContain(secret);
    await page.reload();
    await ready(page);
    await openProvider(page);
    await expect(field(page), 'it was in memory only').toHaveValue('');
    expect(seen.exchanges, 'and the code is not used again').toHaveLength(1);
  });

  test('a code that nobody went out for is dropped', async ({ open, site }) => {
    const page = await open(`?code=planted${HASH}`);
    const seen = await answerAsOpenRouter(page);
    await ready(page);
    await expect(page).toHaveURL(site.url + HASH);
    expect(seen.exchanges).toEqual([]);
    await openProvider(page);
    await expect(field(page)).toHaveValue('');
  });

  test('a refusal is told', async ({ open }) => {
    const page = await open(HASH, { expected: [/Failed to load resource/] });
    await answerAsOpenRouter(page, { status: 403, json: { error: 'no' } });
    await ready(page);
    await openProvider(page);
    await button(page, SIGN_IN).click();
    await page.getByRole('link', { name: 'Yes' }).click();
    await ready(page);
    await expect(status(page)).toHaveText(/Signing in failed: OpenRouter answered with 403 and no key/);
  });

  test('is offered for OpenRouter itself only', async ({ open }) => {
    const page = await open(`${HASH}&base_url=https://models.example.net/v1`);
    await ready(page);
    await openAdvanced(page);
    await expect(button(page, SIGN_IN)).toHaveCount(0);
    await page.getByLabel('Base URL', { exact: true }).fill('');
    await button(page, SIGN_IN).waitFor();
    await page.getByLabel('Provider', { exact: true }).selectOption('openai');
    await button(page, SIGN_IN).waitFor({ state: 'detached' });
  });
});
