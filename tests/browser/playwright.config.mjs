// How the tests of the built site are run: `cargo xtask test --browser` does, and so does, here,
//
//   npx playwright test data.test.mjs
//
// once `cargo xtask dist` has built the site (and `cargo xtask setup` has installed what they need).

import { defineConfig } from '@playwright/test';
import { LAUNCH, executable, headlessShell } from './lib/browser.mjs';

/** Set where all of them are run: the timing tests come after the others then. */
const WHOLE = Boolean(process.env.CONVERGE_WHOLE);
/** The engines besides Chromium's that there are; by hand, whichever is asked for. */
const ENGINES = (process.env.CONVERGE_ENGINES ?? 'firefox webkit').split(' ').filter(Boolean);

export default defineConfig({
  testMatch: '*.test.mjs',
  // A folder that the repository does not have: what is kept of tests that failed. It is emptied by the
  // next run, so that some tests that are run beside all of them have one of their own.
  outputDir: WHOLE ? '../../target/browser/failed' : '../../target/browser/failed-of-some',
  reporter: './lib/reporter.mjs',
  // A red test is a fault: none is tried again until it passes, and none is run beside `test.only`.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  // Of two cores, two workers leave a quarter idle: most tests wait for a run, a server or a timer.
  workers: 4,
  // For the longest of them on a machine that has much else to do; no test is about this.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  use: {
    launchOptions: { ...LAUNCH, executablePath: headlessShell() },
    screenshot: 'only-on-failure',
    // Without the film that may go with it, which takes a fifth of a worker's time and the page's besides.
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
  projects: [
    { name: 'tests', testIgnore: 'engines/**', grepInvert: /@timing/ },
    // One browser each, one page after the other.
    ...ENGINES.map((name) => ({
      name,
      testMatch: `engines/${name}.test.mjs`,
      workers: 1,
      fullyParallel: false,
    })),
    {
      name: 'timing',
      testIgnore: 'engines/**',
      grep: /@timing/,
      workers: 1,
      fullyParallel: false,
      dependencies: WHOLE ? ['tests', ...ENGINES] : [],
      // In the browser that readers have. A trace takes time of its own.
      use: { trace: 'off', launchOptions: { ...LAUNCH, executablePath: executable() } },
    },
  ],
});
