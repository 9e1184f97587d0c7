// The browser's own model, by a stand-in for `LanguageModel` that is there before the page is: asked
// without a key and without a request, downloaded when a person says so, freed when it is stopped.

import { button, openProvider, output, ready, status } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

const HASH = '#preset=topic&schedule=parallel&retries=0&provider=chrome';

/** What the page finds in place of Chrome's own; `fake` tells what it was asked. */
function install() {
  const fake = { available: 'available', sessions: [], destroyed: 0, aborted: 0, stall: false, fails: null };
  window.fake = fake;
  class LanguageModel {
    static async availability() {
      return fake.available;
    }

    static async create(options = {}) {
      if (fake.available !== 'available') {
        if (!navigator.userActivation.isActive) throw new DOMException('needs a gesture', 'NotAllowedError');
        const monitor = new EventTarget();
        options.monitor?.(monitor);
        fake.load = (loaded) =>
          monitor.dispatchEvent(Object.assign(new Event('downloadprogress'), { loaded }));
        await new Promise((resolve) => { fake.arrive = resolve; });
        fake.available = 'available';
      }
      const session = new LanguageModel();
      session.options = options;
      fake.sessions.push(session);
      return session;
    }

    promptStreaming(text, { signal } = {}) {
      this.asked = text;
      if (fake.fails) throw new DOMException('too much text', fake.fails);
      return new ReadableStream({
        start: async (controller) => {
          controller.enqueue('Built ');
          signal.addEventListener('abort', () => {
            fake.aborted += 1;
            controller.error(signal.reason);
          });
          if (fake.stall) return;
          await new Promise((resolve) => { setTimeout(resolve, 50); });
          controller.enqueue('in.');
          controller.close();
        },
      });
    }

    destroy() {
      fake.destroyed += 1;
    }
  }
  window.LanguageModel = LanguageModel;
}

const fake = (page, of) => page.evaluate(of);
const about = (page) => page.getByRole('group', { name: "This browser's own model", exact: true });

const test = base.extend({
  /** The page with such a model, or with what else `init` puts in its place. */
  openFake: ({ open }, use) => use(async (more = '', init = install) => {
    const page = await open(HASH + more, { init });
    await ready(page);
    return page;
  }),
});

test.describe("the browser's own model", () => {
  test('answers without a key and without a request', async ({ openFake }) => {
    const page = await openFake();
    await openProvider(page);
    await about(page).getByText(/^The model is there\. It needs no key/).waitFor();
    for (const name of ['API key', 'Base URL', 'Model']) {
      await expect(page.getByLabel(name, { exact: true }), name).toHaveCount(0);
    }
    await page.getByText(/Run makes 4 calls to this browser's own model in parallel, .*on your own machine\./).waitFor();
    const before = page.account.requests.length;
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(page.account.requests.length, 'nothing went out').toBe(before);
    await expect(output(page, 'summary')).toHaveText(/Built in\./);
    const asked = await fake(page, () => window.fake.sessions.map((session) => ({
      system: session.options.initialPrompts?.[0],
      asked: session.asked,
      languages: session.options.expectedOutputs[0].languages,
    })));
    expect(asked.length).toBe(4);
    expect(asked.every(({ asked }) => asked.length > 0)).toBe(true);
    expect(asked.every(({ system }) => !system || system.role === 'system' && system.content)).toBe(true);
    expect(JSON.stringify(asked[3]), 'the synthesis reads the others').toMatch(/Built in\./);
    expect(asked[0].languages).toEqual(['en']);
    await expect.poll(() => fake(page, () => window.fake.destroyed)).toBe(4);
    await openProvider(page);
    await button(page, 'Test connection').click();
    await page.getByText('Connected: 1 model').waitFor();
  });

  test('is downloaded when a person says so, and says how far it is', async ({ openFake }) => {
    const page = await openFake('', `(${install})(); window.fake.available = 'downloadable';`);
    await openProvider(page);
    await about(page).getByText(/must download first/).waitFor();
    await button(page, 'Run').click();
    await page.getByRole('heading', { name: "The browser's model is not downloaded yet" }).first().waitFor();
    await page.getByText('This browser says: its model has to be downloaded first.').first().waitFor();
    expect(await fake(page, () => window.fake.sessions.length), 'a run downloads nothing').toBe(0);
    await openProvider(page);
    await button(page, 'Download the model').click();
    await expect.poll(() => fake(page, () => typeof window.fake.load)).toBe('function');
    await fake(page, () => window.fake.load(0.454));
    await about(page).getByText('The model is being downloaded: 45%').waitFor();
    await fake(page, () => window.fake.arrive());
    await about(page).getByText(/^The model is there/).waitFor();
    await expect(button(page, 'Download the model')).toHaveCount(0);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
  });

  test('Stop aborts it and frees its sessions', async ({ openFake }) => {
    const page = await openFake('', `(${install})(); window.fake.stall = true;`);
    await button(page, 'Run').click();
    await output(page, 'summary').getByText(/Built/).first().waitFor();
    await expect.poll(() => fake(page, () => window.fake.sessions.length)).toBe(3);
    await button(page, 'Stop').click();
    await expect(status(page)).toHaveText(/^Stopped/);
    await expect.poll(() => fake(page, () => [window.fake.aborted, window.fake.destroyed])).toEqual([3, 3]);
  });

  test('a prompt that is too long gets its card', async ({ openFake }) => {
    const page = await openFake('', `(${install})(); window.fake.fails = 'QuotaExceededError';`);
    await button(page, 'Run').click();
    await page.getByRole('heading', { name: 'The prompt is too long' }).first().waitFor();
    await page.getByText('This browser says: too much text.').first().waitFor();
  });

  test('a browser without one says so', async ({ openFake }) => {
    const page = await openFake('', 'delete window.LanguageModel;');
    await openProvider(page);
    await about(page).getByText(/^This browser has no model of its own for web pages/).waitFor();
    await button(page, 'Run').click();
    await page.getByRole('heading', { name: 'This browser has no model of its own' }).first().waitFor();
  });
});
