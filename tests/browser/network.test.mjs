// What keeps a call from getting there, told apart by what the browser, the page's own address and one
// plain request say: no network, a page that may not, a server that will not, a connection that broke.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { nobody, until } from './lib/api.mjs';
import { finish, open, quit } from './lib/browser.mjs';
import { NAMES, cards, openOn, startFormat, wentWrong } from './lib/formats.mjs';
import { button, ready } from './lib/page.mjs';
import { secureSite, serveSite } from './lib/site.mjs';

/** Lines that the browser itself writes about a request that it did not make. */
const REFUSED = [
  /Failed to load resource/, /net::ERR_/, /Mixed Content/, /blocked by CORS policy/, /local network|loopback|address space/i,
];

const HASH = '#preset=topic&schedule=parallel&retries=0&model=x';

/** Runs, and gives the first card once it has that title. */
async function run(page, title) {
  await button(page, 'Run').click();
  await wentWrong(page).getByRole('heading', { name: title, exact: true }).first().waitFor();
  const [[, ...card]] = await cards(page);
  return card.filter((line) => line !== 'Copy');
}

async function openSecure(t, more, allow = []) {
  const site = secureSite();
  const page = await open(t, site, HASH + more, { allow, fulfil: site.fulfil });
  await ready(page);
  return page;
}

after(quit);

describe('a browser without a network', () => {
  test('says so, and does not knock anywhere', async (t) => {
    const page = await open(t, await serveSite(t), `${HASH}&provider=openai`);
    await ready(page);
    await page.getByLabel('API key', { exact: true }).fill('sk-test');
    await page.context().setOffline(true);
    const card = await run(page, 'This browser is offline');
    assert.deepEqual(card.slice(1, 3), [
      'The request to api.openai.com did not get through.',
      'This is on the way between you and the service.',
    ]);
    assert.ok(page.account.foreign.every((url) => url.endsWith('/chat/completions')), 'only the calls were tried');
    page.account.foreign.length = 0;
    await finish(page, REFUSED);
  });
});

describe('a page that came over https', () => {
  test('may not reach the own machine by itself', async (t) => {
    const { origin, baseUrl } = await nobody();
    const page = await openSecure(t, `&provider=ollama&base_url=${baseUrl}`, [origin]);
    const [, , side, advice] = await run(page, 'This page may not reach your own network');
    assert.equal(side, "This is on the page's side.");
    assert.match(advice, /^Check that 127\.0\.0\.1:\d+ is running\. If it is, allow Local network access for this page/);
    await finish(page, REFUSED);
  });

  test('needs what only the page around it can give, inside a frame', async (t) => {
    const { origin, baseUrl } = await nobody();
    const site = secureSite();
    const outer = 'https://article.test/';
    const fulfil = (url) => (url.href === outer
      ? { contentType: 'text/html', body: `<!doctype html><title>Article</title><iframe src="${site.url}${HASH}&provider=ollama&base_url=${baseUrl}" width="900" height="900"></iframe>` }
      : site.fulfil(url));
    const page = await open(t, { url: outer, origin: 'https://article.test' }, '', { allow: [origin], fulfil });
    const frame = page.frameLocator('iframe');
    await frame.locator('html[data-whole]').waitFor();
    await frame.getByRole('button', { name: 'Run', exact: true }).click();
    const wrong = frame.getByRole('region', { name: 'What went wrong', exact: true });
    const card = wrong.getByRole('article').first();
    await card.getByRole('heading', { name: 'This page may not reach your own network' }).waitFor();
    assert.match(await card.innerText(), /only that page can allow it, with the attribute below on its iframe/);
    assert.equal(await card.locator('code').innerText(), 'allow="local-network-access"');
    await finish(page, [...REFUSED, /favicon/]);
  });

  test('may not call plain http elsewhere', async (t) => {
    const page = await openSecure(t, '&provider=compatible&base_url=http://models.example.net/v1');
    await button(page, 'Send my key to models.example.net').click();
    const [, happened, side, advice] = await run(page, 'A secure page may not call an insecure address');
    assert.equal(happened, 'The request to models.example.net did not get through.');
    assert.equal(side, "This is on the page's side.");
    assert.match(advice, /^Use an address that begins with https/);
    page.account.foreign.length = 0;
    await finish(page, REFUSED);
  });
});

describe('a connection that breaks', () => {
  for (const format of NAMES) {
    test(`is not taken for a server that refuses web pages, once it has answered (${format})`, async (t) => {
      const server = await startFormat(t, format, (agent) =>
        (agent === 'questions' ? { drop: true, wait: 400 } : undefined));
      const page = await openOn(t, format, server, '&retries=1&on_error=collect');
      await button(page, 'Run').click();
      await wentWrong(page).getByText(`The request to ${server.host} did not get through, though a plain one does.`).waitFor();
      const [[agent, title, , tries, side, advice]] = await cards(page);
      assert.deepEqual([agent, title, tries, side], ['questions', 'The connection was lost',
        'It failed 2 times in a row.', 'This is on the way between you and the service.']);
      assert.match(advice, /has answered this page before, so that neither the base URL nor CORS is to blame/);
      assert.equal(server.of('questions').length, 2);
      assert.equal(server.knocks, 1);
      await finish(page, REFUSED);
    });
  }

  test('before anything was ever said is one', async (t) => {
    const server = await startFormat(t, 'openai', () => ({ drop: true }));
    const page = await openOn(t, 'openai', server, '&retries=0');
    await button(page, 'Run').click();
    await wentWrong(page).getByRole('heading', { name: 'The server does not let web pages call it' }).waitFor();
    await until('one knock', () => server.knocks === 1);
    await finish(page, REFUSED);
  });
});
