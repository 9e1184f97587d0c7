// The browser's own model, by a stand-in for `LanguageModel` that is there before the page is: asked
// without a key and without a request, downloaded when a person says so, freed when it is stopped.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { button, output, ready, statusSays } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

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
const openFake = async (t, more = '', init = install) => {
  const page = await open(t, await serveSite(t), HASH + more, { init });
  await ready(page);
  return page;
};

after(quit);

describe("the browser's own model", () => {
  test('answers without a key and without a request', async (t) => {
    const page = await openFake(t);
    await about(page).getByText(/^The model is there\. It needs no key/).waitFor();
    for (const name of ['API key', 'Base URL', 'Model']) {
      assert.equal(await page.getByLabel(name, { exact: true }).count(), 0, name);
    }
    await page.getByText(/Run makes 4 calls to this browser's own model, in parallel\..*on your own machine\./).waitFor();
    const before = page.account.requests.length;
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    assert.equal(page.account.requests.length, before, 'nothing went out');
    assert.match(await output(page, 'summary').textContent(), /Built in\./);
    const asked = await fake(page, () => window.fake.sessions.map((session) => ({
      system: session.options.initialPrompts?.[0],
      asked: session.asked,
      languages: session.options.expectedOutputs[0].languages,
    })));
    assert.equal(asked.length, 4);
    assert.ok(asked.every(({ asked }) => asked.length > 0));
    assert.ok(asked.every(({ system }) => !system || system.role === 'system' && system.content));
    assert.match(JSON.stringify(asked[3]), /Built in\./, 'the synthesis reads the others');
    assert.deepEqual(asked[0].languages, ['en']);
    await page.waitForFunction(() => window.fake.destroyed === 4);
    await button(page, 'Test connection').click();
    await page.getByText('Connected: 1 model').waitFor();
    await finish(page);
  });

  test('is downloaded when a person says so, and says how far it is', async (t) => {
    const page = await openFake(t, '', `(${install})(); window.fake.available = 'downloadable';`);
    await about(page).getByText(/must download first/).waitFor();
    await button(page, 'Run').click();
    await page.getByRole('heading', { name: "The browser's model is not downloaded yet" }).first().waitFor();
    await page.getByText('This browser says: its model has to be downloaded first.').first().waitFor();
    assert.equal(await fake(page, () => window.fake.sessions.length), 0, 'a run downloads nothing');
    await button(page, 'Download the model').click();
    await page.waitForFunction(() => window.fake.load);
    await fake(page, () => window.fake.load(0.454));
    await about(page).getByText('The model is being downloaded: 45 %').waitFor();
    await fake(page, () => window.fake.arrive());
    await about(page).getByText(/^The model is there/).waitFor();
    assert.equal(await button(page, 'Download the model').count(), 0);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    await finish(page);
  });

  test('Stop aborts it and frees its sessions', async (t) => {
    const page = await openFake(t, '', `(${install})(); window.fake.stall = true;`);
    await button(page, 'Run').click();
    await output(page, 'summary').getByText(/Built/).first().waitFor();
    assert.equal(await fake(page, () => window.fake.sessions.length), 3);
    await button(page, 'Stop').click();
    await statusSays(page, /^Stopped/);
    await page.waitForFunction(() => window.fake.aborted === 3 && window.fake.destroyed === 3);
    await finish(page);
  });

  test('a prompt that is too long gets its card', async (t) => {
    const page = await openFake(t, '', `(${install})(); window.fake.fails = 'QuotaExceededError';`);
    await button(page, 'Run').click();
    await page.getByRole('heading', { name: 'The prompt is too long' }).first().waitFor();
    await page.getByText('This browser says: too much text.').first().waitFor();
    await finish(page);
  });

  test('a browser without one says so', async (t) => {
    const page = await openFake(t, '', 'delete window.LanguageModel;');
    await about(page).getByText(/^This browser has no model of its own for web pages/).waitFor();
    await button(page, 'Run').click();
    await page.getByRole('heading', { name: 'This browser has no model of its own' }).first().waitFor();
    await finish(page);
  });
});
