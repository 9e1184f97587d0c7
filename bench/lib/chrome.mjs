// Pages of the bench: in the tests' browser, but without what the tests put between a page and the
// network.

import { launch } from '../../tests/browser/lib/browser.mjs';

/** Opens an address in a context of its own. The page's `close` ends the context too. */
export async function visit(address, { init, ...options } = {}) {
  const context = await (await launch()).newContext({
    locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...options,
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`    the page said: ${error}`));
  if (init) await page.addInitScript(init);
  if (address) await page.goto(address);
  return Object.assign(page, { leave: () => context.close() });
}

/** Opens the page on which the rivals are, and waits until they are. */
export async function openRivals(rivals) {
  const page = await visit(rivals.url);
  await page.waitForFunction('window.rivals', undefined, { polling: 50 });
  return page;
}

/** Waits until a variable of the page's is set, and answers it. The policy of the site forbids what
 * playwright's own waiting does. */
export async function variable(page, name, timeout = 60_000) {
  const deadline = performance.now() + timeout;
  for (;;) {
    const value = await page.evaluate((name) => window[name], name);
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`the page never said ${name}`);
    await page.waitForTimeout(25);
  }
}

/** Calls `measure(contestant)` for each of them in turn, a round at a time; each round begins with
 * another one, so that nobody is always first. Answers the samples of each, by name. */
export async function interleaved(names, rounds, measure) {
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < names.length; place += 1) {
      const name = names[(round + place) % names.length];
      samples[name].push(await measure(name));
    }
  }
  return samples;
}
