// Takes pictures of the page, for eyes: every state at every width in both themes.
//
//   node tests/browser/look.mjs FOLDER [--only finished-1280-light] [--hash 'preset=researchers']
//
// serves what is in dist/ and writes FOLDER/STATE-WIDTH-THEME.png, the whole page. `--only` takes
// any part of such a name; `--hash` adds settings to the address of every state.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { expect } from '@playwright/test';
import { open, quit } from './lib/browser.mjs';
import { refused, startFormat } from './lib/formats.mjs';
import { button, giveKey, openTab, ready, status, timeline, whole } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', default: '' }, hash: { type: 'string', default: '' } },
});
const [folder] = positionals;
if (!folder) {
  console.error("usage: node look.mjs FOLDER [--only PART-OF-NAME] [--hash 'key=value&..']");
  process.exit(2);
}

/** Waits until the status matches. */
const says = (page, pattern) => expect(status(page)).toHaveText(pattern, { timeout: 30_000 });

/** Some branches done and some not: a third of the speed leaves time for the picture. */
const halfway = (page) => expect.poll(
  async () => (await timeline(page)).map(({ outcome }) => outcome),
).toEqual(expect.arrayContaining(['done', 'running']));

/** The editor open, with a dependency that nobody needs and a field that is wrong. */
async function edit(page) {
  await ready(page);
  await openTab(page, 'Prompts');
  await button(page, 'Edit pipeline').click();
  const agent = (name) => page.getByRole('group', { name, exact: true });
  await agent('news').getByRole('button', { name: 'stock', exact: true }).click();
  await agent('social').getByRole('button', { name: 'social' }).first().click();
  await agent('social').getByLabel('Prompt', { exact: true }).fill('What of {topic} and {stok}?');
}

/** With a key, on a live model that answers slowly enough to be seen. */
async function live(page) {
  await ready(page);
  await giveKey(page, 'sk-test-not-a-real-key');
}

async function runLive(page, until) {
  await live(page);
  await button(page, 'Run').click();
  await says(page, until);
  // Whatever the page asks the server about it.
  await page.waitForTimeout(500);
}

const LIVE = 'preset=topic&provider=openai&model=gpt-6-luna&schedule=parallel';

/** Something else is wrong with two of three. */
const wrong = (agent) => ({
  synthesis: refused(401, 'Incorrect API key provided: sk-test-not-a-real-key.', 'invalid_api_key'),
  questions: { then: 'cut', wait: 200 },
  key_terms: { ...refused(429, 'Rate limit reached. Please try again in 90s.', 'rate_limit_exceeded'), wait: 300 },
}[agent]);

const STATES = {
  idle: { settings: '', reach: ready },
  running: { settings: 'speed=0.3&autoplay=1', reach: async (page) => { await whole(page); await halfway(page); } },
  finished: {
    settings: 'speed=8&autoplay=1',
    reach: async (page) => { await says(page, /^Finished/); await whole(page); },
  },
  failed: {
    settings: 'fail=stock:500@0.4&speed=8&autoplay=1',
    reach: (page) => says(page, /^(?!Running|Ready).*\b(stock|failed|Finished)/i),
  },
  editing: { settings: '', reach: edit },
  live: { settings: LIVE, reach: live, behaviour: () => undefined },
  waiting: {
    settings: `${LIVE}&retries=2`,
    reach: (page) => runLive(page, /waits for try 2/),
    behaviour: (agent) => (agent === 'questions'
      ? refused(429, 'Too many.', 'rate_limit_exceeded', { 'Retry-After': '9' }) : { wait: 900 }),
  },
  wrong: {
    settings: `${LIVE}&on_error=collect&retries=1`,
    reach: (page) => runLive(page, /^(Finished|Failed)/),
    behaviour: wrong,
  },
  after: {
    settings: LIVE.replace('parallel', 'race'),
    reach: (page) => runLive(page, /^Finished/),
    behaviour: () => ({ wait: 400 }),
  },
};

await mkdir(folder, { recursive: true });
const site = await serveSite();
for (const [state, { settings, reach, behaviour }] of Object.entries(STATES)) {
  for (const width of [1280, 768, 360]) {
    for (const colorScheme of ['light', 'dark']) {
      const name = `${state}-${width}-${colorScheme}`;
      if (!name.includes(values.only)) continue;
      const server = behaviour && await startFormat(undefined, 'openai', behaviour);
      const where = server && `base_url=${server.base}`;
      const hash = `#${[settings, where, values.hash].filter(Boolean).join('&')}`;
      const viewport = { width, height: width < 700 ? 740 : 900 };
      const page = await open(undefined, site, hash, {
        viewport, colorScheme, allow: server ? [server.origin] : [],
      });
      try {
        await reach(page);
      } catch (error) {
        console.error(`${name}: took the picture as it is: ${error.message.split('\n')[0]}`);
      }
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      for (const text of [...page.account.errors, ...page.account.violations]) {
        console.error(`${name}: ${text}`);
      }
      await page.context().close();
      await server?.close();
      console.log(join(folder, `${name}.png`));
    }
  }
}
await quit();
await site.close();
