// Starts headless Chromium and opens pages in it that keep an account of themselves: everything
// they asked for, everything the console said, every broken rule of the content security policy.
// A page that did something unexpected fails its test when it is closed.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser to use: CHROMIUM, or the usual places. */
export function executable() {
  const places = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  const found = places.find((place) => place && existsSync(place));
  if (!found) throw new Error('no Chromium found: set CHROMIUM to where it is');
  return found;
}

let browser;

/** One browser with a new profile for all tests of a file, and for the bench. */
export async function launch() {
  // Without the sandbox, since CI runs as root; it only ever opens our own pages.
  browser ??= await chromium.launch({
    executablePath: executable(),
    headless: true,
    chromiumSandbox: false,
    args: FLAGS,
  });
  return browser;
}

/** Ends the browser: `after(quit)` in every file that opens a page. */
export async function quit() {
  await browser?.close();
  browser = undefined;
}

/**
 * Opens `site.url + hash` in a context of its own, until the test `t` ends. The account is on
 * `page.account`: `requests` (URLs), `console` (`{ type, text }`), `errors` (uncaught),
 * `violations` (of the content security policy).
 *
 * `allow` lists further origins that the page may talk to; anything else is not let out of the
 * browser, and fails the test in `finish`. `fulfil(url)` may give what playwright answers in place of
 * a server. `init` runs in the page before its own scripts, to put fakes at the browser's boundary.
 * The rest are playwright's options for a context.
 */
export async function open(t, site, hash = '', { allow = [], fulfil, init, ...context } = {}) {
  const origins = new Set([site.origin, ...allow]);
  const owner = await (await launch()).newContext({ locale: 'en-GB', ...context });
  t?.after(() => owner.close());
  const page = await owner.newPage();
  const account = { requests: [], foreign: [], console: [], errors: [], violations: [] };
  page.account = account;

  await owner.route('**', async (route) => {
    const url = new URL(route.request().url());
    account.requests.push(url.href);
    const answer = await fulfil?.(url);
    if (answer) return route.fulfill(answer);
    if (origins.has(url.origin) || url.protocol === 'data:') return route.continue();
    account.foreign.push(url.href);
    return route.abort();
  });
  page.on('console', (message) =>
    account.console.push({ type: message.type(), text: message.text() }));
  page.on('pageerror', (error) => account.errors.push(String(error)));
  await page.exposeFunction('reportViolation', (text) => account.violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      window.reportViolation(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
  });
  if (init) await page.addInitScript(init);
  await page.goto(site.url + hash);
  return page;
}

/**
 * Closes a page and judges its account: no request to a stranger, no broken policy, no uncaught
 * error, no console error or warning. `expected` is a list of patterns for console lines and
 * errors that the test provoked (the browser itself logs each failed request).
 */
export async function finish(page, expected = []) {
  const { foreign, violations, errors, console } = page.account;
  await page.context().close();
  const surprising = (text) => !expected.some((pattern) => pattern.test(text));
  assert.deepEqual(foreign, [], 'requests to strangers');
  assert.deepEqual(violations, [], 'broken rules of the content security policy');
  assert.deepEqual(errors.filter(surprising), [], 'uncaught errors');
  const loud = console.filter(({ type }) => type === 'error' || type === 'warning');
  assert.deepEqual(loud.map(({ text }) => text).filter(surprising), [], 'console errors');
}
