// What keeps a call from getting there, told apart by what the browser, the page's own address and one
// plain request say: no network, a page that may not, a server that will not, a connection that broke.

import { NAMES, cards, wentWrong } from './lib/formats.mjs';
import { button, closeProvider, giveKey, ready } from './lib/page.mjs';
import { secureSite } from './lib/site.mjs';
import { expect, test as base } from './lib/test.mjs';

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

const test = base.extend({
  /** The page as it is when it came over https. */
  openSecure: ({ open }, use) => use(async (more, allow = []) => {
    const site = secureSite();
    const page = await open(HASH + more, { site, allow, expected: REFUSED, fulfil: site.fulfil });
    await ready(page);
    return page;
  }),
});

test.describe('a browser without a network', () => {
  test('says so, and does not knock anywhere', async ({ open }) => {
    const page = await open(`${HASH}&provider=openai`, { expected: REFUSED });
    // Only the calls are tried.
    page.account.expectForeign(/\/chat\/completions$/);
    await ready(page);
    await giveKey(page, 'sk-test');
    await page.context().setOffline(true);
    // The page hears of it a little later.
    await expect.poll(() => page.evaluate(() => navigator.onLine)).toBe(false);
    const card = await run(page, 'This browser is offline');
    expect(card.slice(1, 3)).toEqual([
      'The request to api.openai.com failed.',
      'The problem is between you and the service.',
    ]);
  });
});

test.describe('a page that came over https', () => {
  test('may not reach the own machine by itself', async ({ nobody, openSecure }) => {
    const page = await openSecure(`&provider=ollama&base_url=${nobody.baseUrl}`, [nobody.origin]);
    const [, , side, advice] = await run(page, 'This page may not access your local network');
    expect(side).toBe("This is a problem of this page.");
    expect(advice).toMatch(/^Check that 127\.0\.0\.1:\d+ is running\. If it is, allow Local network access for this page/);
  });

  test('needs what only the page around it can give, inside a frame', async ({ nobody, open }) => {
    const site = secureSite();
    const outer = 'https://article.test/';
    const fulfil = (url) => (url.href === outer
      ? { contentType: 'text/html', body: `<!doctype html><title>Article</title><iframe src="${site.url}${HASH}&provider=ollama&base_url=${nobody.baseUrl}" width="900" height="900"></iframe>` }
      : site.fulfil(url));
    const page = await open('', {
      site: { url: outer, origin: 'https://article.test' },
      allow: [nobody.origin],
      expected: [...REFUSED, /favicon/],
      viewport: { width: 1000, height: 1000 },
      fulfil,
    });
    const frame = page.frameLocator('iframe');
    await frame.locator('html[data-whole]').waitFor();
    await frame.getByRole('button', { name: 'Run', exact: true }).click();
    const call = frame.getByRole('button', { name: `Call ${new URL(nobody.origin).host}`, exact: true });
    await call.scrollIntoViewIfNeeded();
    await expect(call).toBeEnabled();
    await call.click();
    const wrong = frame.getByRole('region', { name: 'What went wrong', exact: true });
    const card = wrong.getByRole('article').first();
    await card.getByRole('heading', { name: 'This page may not access your local network' }).waitFor();
    await expect(card).toContainText('only that page can allow it, with the attribute below on its iframe');
    await expect(card.locator('code')).toHaveText('allow="local-network-access"');
  });

  test('may not call plain http elsewhere', async ({ openSecure }) => {
    const page = await openSecure('&provider=compatible&base_url=http://models.example.net/v1');
    page.account.expectForeign(/^http:\/\/models\.example\.net\//);
    await button(page, 'I trust http://models.example.net').click();
    await closeProvider(page);
    const [, happened, side, advice] = await run(page, 'A secure page may not call an insecure address');
    expect(happened).toBe('The request to models.example.net failed.');
    expect(side).toBe("This is a problem of this page.");
    expect(advice).toMatch(/^Use an address that begins with https/);
  });
});

test.describe('a connection that breaks', () => {
  for (const format of NAMES) {
    test(`is not taken for a server that refuses web pages, once it has answered (${format})`, async ({ startFormat, openOn }) => {
      const server = await startFormat(format, (agent) =>
        (agent === 'questions' ? { drop: true, wait: 400 } : undefined));
      const page = await openOn(format, server, '&retries=1&on_error=collect', { expected: REFUSED });
      await button(page, 'Run').click();
      await wentWrong(page).getByText(`The request to ${server.host} failed, although a plain one works.`).waitFor();
      const [[agent, title, , tries, side, advice]] = await cards(page);
      expect([agent, title, tries, side]).toEqual(['questions', 'The connection was lost',
        'It failed 2 times in a row.', 'The problem is between you and the service.']);
      expect(advice).toMatch(/has answered this page before, so the base URL and CORS are fine/);
      expect(server.of('questions')).toHaveLength(2);
      expect(server.knocks).toBe(1);
    });
  }

  test('before anything was ever said is one', async ({ startFormat, openOn }) => {
    const server = await startFormat('openai', () => ({ drop: true }));
    const page = await openOn('openai', server, '&retries=0', { expected: REFUSED });
    await button(page, 'Run').click();
    await wentWrong(page).getByRole('heading', { name: 'The server does not let web pages call it' }).waitFor();
    await expect.poll(() => server.knocks, 'plain requests').toBe(1);
  });
});
