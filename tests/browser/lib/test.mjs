// What the tests of the built site are written with: Playwright's runner, and fixtures of ours.
//
//   import { expect, test } from './lib/test.mjs';
//   import { button, ready, status } from './lib/page.mjs';
//
//   test('runs on a click', async ({ open }) => {
//     const page = await open('#preset=company&speed=8', { viewport: { width: 1280, height: 900 } });
//     await ready(page);
//     await button(page, 'Run').click();
//     await expect(status(page)).toHaveText(/^Finished/);
//   });
//
// Whatever a fixture opened or started ends with the test. So does a page, and its account is judged:
// a request to a stranger, a broken rule of the content security policy, an uncaught error, a console
// error or warning fails the test, unless it said before that it provokes it:
//
//   const page = await open(hash, { expected: [/Failed to load resource/] });
//   page.account.expect(/net::ERR_/);          // or later
//   page.account.expectForeign(/models\.example/);
//
// Nothing is read once and hoped for: after whatever the page does in its own time, `await expect(..)`
// a locator, or `await expect.poll(() => ..)`, which wait until it holds. A limit in milliseconds, or a
// figure that a busy machine would change, goes into a test with `{ tag: TIMING }`: those run by
// themselves after the others. What a test has measured is told with `measured(..)`.

import { test as base, expect } from '@playwright/test';
import { nobody, startApi, startFixed } from './api.mjs';
import { open } from './browser.mjs';
import { openOn, startFormat } from './formats.mjs';
import { openFolder, openHost } from './host.mjs';
import { listen, serveSite } from './site.mjs';

export { expect };

/** The tag of tests that hold the page to times: one after the other, when nothing else runs. */
export const TIMING = '@timing';

/** A function of this library whose owner is the test. */
const owned = (start) => ({ owner }, use) => use((...all) => start(owner, ...all));

export const test = base.extend({
  /** Whom the library's things belong to: `after(step)` is done at the end, the last one first. */
  owner: async ({ browser }, use) => {
    const steps = [];
    await use({ browser, after: (step) => steps.push(step) });
    const failures = [];
    for (const step of steps.reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  },

  /** The built site on a server of the test's own: `{ origin, url, log }`. */
  site: async ({ owner }, use) => use(await serveSite(owner)),
  /** `serve(options)`: another one, as `serveSite` says. */
  serve: owned(serveSite),
  /** `listen(server)`: a server of the test's own making, on a free port. */
  listen: owned(listen),

  /** `open(hash, options)`: a page of the site, or of `options.site`; see `open` in browser.mjs. */
  open: ({ owner, site }, use) => use((hash, { site: other = site, ...options } = {}) =>
    open(owner, other, hash, options)),

  /** `openHost(body, options)`: somebody else's page with figures of the site in it; see host.mjs. */
  openHost: ({ owner, site }, use) => use((body, options) =>
    openHost(owner, body, { site, ...options })),
  /** `openFolder(folder, path, options)`: a page of a folder that some other tool has built. */
  openFolder: owned(openFolder),

  /** `startApi({ answers, ttft })`: a server that speaks Chat Completions; see api.mjs. */
  startApi: owned(startApi),
  /** `startFixed({ status, type, body })`: one that says the same to everything. */
  startFixed: owned(startFixed),
  /** `startFormat(name, behaviour)`: one that fails when it is told to, in any format; see formats.mjs. */
  startFormat: owned(startFormat),
  /** `openOn(format, server, more)`: the topic preset on such a server, with a key. */
  openOn: ({ open }, use) => use((...all) => openOn(open, ...all)),
  /** Where nobody listens. */
  nobody: async ({}, use) => use(await nobody()),
});

/** Notes a figure of this test's for who reads the run's report. */
export function measured(text) {
  test.info().annotations.push({ type: 'measured', description: text });
}
