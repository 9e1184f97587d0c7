// Headless Chromium, and pages in it that keep an account of themselves: everything they asked for,
// everything the console said, every broken rule of the content security policy. A page that did
// something unexpected fails its test at the end (test.mjs).

import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

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

/**
 * The same browser without windows to draw, if it lies beside it, as Debian's chromium-headless-shell
 * does: the page is the same to it, and a test takes a quarter less processor time.
 */
export function headlessShell() {
  const shell = `${executable()}-headless-shell`;
  return existsSync(shell) ? shell : executable();
}

/** How the browser is started, by the runner and by scripts alike. */
export const LAUNCH = {
  headless: true,
  // Without the sandbox, since CI runs as root; it only ever opens our own pages.
  chromiumSandbox: false,
  args: FLAGS,
};

let browser;

/** One browser with a new profile, for scripts that no runner gives one: the bench, `look.mjs`. */
export async function launch() {
  browser ??= await chromium.launch({ ...LAUNCH, executablePath: executable() });
  return browser;
}

/** Ends the browser that `launch` has started. */
export async function quit() {
  await browser?.close();
  browser = undefined;
}

/** What a page and all that it opens has done, and what of that the test says that it provoked. */
class Account {
  requests = [];
  foreign = [];
  console = [];
  errors = [];
  violations = [];
  #expected = [];
  #expectedForeign = [];

  /** Console lines and uncaught errors that match are the test's own doing. */
  expect(...patterns) {
    this.#expected.push(...patterns.flat());
  }

  /** So are requests to strangers whose URL matches; they are not let out all the same. */
  expectForeign(...patterns) {
    this.#expectedForeign.push(...patterns.flat());
  }

  /** Throws when there is something that nobody expected. */
  check() {
    const surprising = (patterns) => (text) => !patterns.some((pattern) => pattern.test(text));
    const isNews = surprising(this.#expected);
    const loud = this.console.filter(({ type }) => type === 'error' || type === 'warning');
    const faults = Object.entries({
      'requests to strangers': this.foreign.filter(surprising(this.#expectedForeign)),
      'broken rules of the content security policy': this.violations,
      'uncaught errors': this.errors.filter(isNews),
      'console errors and warnings': loud.map(({ text }) => text).filter(isNews),
    }).filter(([, found]) => found.length > 0);
    if (faults.length === 0) return;
    const told = faults.map(([what, found]) => `${what}:\n${found.map((text) => `  ${text}`).join('\n')}`);
    throw new Error(`the page did what no test expects\n${told.join('\n')}`);
  }
}

/**
 * Opens `site.url + hash` in a context of its own, which `owner` ends: what the fixture of that name
 * gives, or nobody, in a script. The account is on `page.account`: `requests` (URLs), `foreign` (those
 * to strangers), `console` (`{ type, text }`), `errors` (uncaught), `violations` (of the content
 * security policy).
 *
 * `allow` lists further origins that the page may talk to; anything else is not let out of the
 * browser, and fails the test at its end. `expected` are patterns of console lines and errors that the
 * test provokes (the browser itself logs each failed request). `fulfil(url)` may give what playwright
 * answers in place of a server. With `clock`, `page.clock` can move the page's time (which goes on by
 * itself all the same). `init` runs in the page before its own scripts, to put fakes at the
 * browser's boundary. The rest are playwright's options for a context.
 */
export async function open(owner, site, hash = '', options = {}) {
  const { allow = [], expected = [], clock = false, fulfil, init, ...rest } = options;
  const origins = new Set([site.origin, ...allow]);
  const account = new Account();
  account.expect(expected);
  const context = await (owner?.browser ?? await launch()).newContext({ locale: 'en-GB', ...rest });
  // Judged when the context is closed and nothing can follow.
  owner?.after(async () => {
    await context.close();
    if (owner.browser) account.check();
  });

  await context.route('**', async (route) => {
    const url = new URL(route.request().url());
    account.requests.push(url.href);
    const answer = await fulfil?.(url);
    if (answer) return route.fulfill(answer);
    if (origins.has(url.origin) || url.protocol === 'data:') return route.continue();
    account.foreign.push(url.href);
    return route.abort();
  });
  context.on('console', (message) =>
    account.console.push({ type: message.type(), text: message.text() }));
  context.on('weberror', (error) => account.errors.push(String(error.error())));
  await context.exposeFunction('reportViolation', (text) => account.violations.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      window.reportViolation(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
  });
  const page = await context.newPage();
  page.account = account;
  if (clock) await page.clock.install();
  if (init) await page.addInitScript(init);
  await page.goto(site.url + hash);
  return page;
}
