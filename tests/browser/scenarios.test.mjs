// The scenarios: each runs simulated and live, the gallery foretells them, and a picture goes to live
// models that take one.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { startApi } from './lib/api.mjs';
import { finish, open, quit } from './lib/browser.mjs';
import { startFormat } from './lib/formats.mjs';
import { button, output, ready, statusSays } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const KEY = 'sk-test-not-a-real-key';

/** Of each preset: how many calls one run makes, and who gives the answer. */
const PRESETS = {
  company: [5, 'synthesis'],
  researchers: [4, 'SynthesisAgent'],
  topic: [4, 'synthesis'],
  feedback: [5, 'summary'],
  travel: [5, 'itinerary'],
  email: [5, 'assembly'],
  validation: [5, 'problems'],
  multimodal: [3, 'merge'],
  headlines: [4, 'judge'],
  fanout: [4, 'synthesis'],
};

after(quit);

describe('every scenario', () => {
  test('runs live, with its prompts about its topic, and all that can be at once', async (t) => {
    const api = await startApi(t, { answers: [[/./, 'An answer of the model.']], ttft: 300 });
    const page = await open(t, await serveSite(t), '', { allow: [api.origin] });
    await ready(page);
    for (const [preset, [calls, last]] of Object.entries(PRESETS)) {
      api.calls.length = 0;
      const n = preset === 'fanout' ? '&n=3' : '';
      const hash = `#preset=${preset}${n}&schedule=parallel&provider=compatible&model=test`
        + `&base_url=${api.baseUrl}&topic=Tangerines`;
      await page.evaluate((to) => { location.hash = to; }, hash);
      await page.getByLabel('Preset', { exact: true }).and(page.locator('select')).waitFor();
      await page.waitForFunction((id) => document.querySelector('select[aria-label="Preset"]').value === id, preset);
      await page.getByLabel('API key', { exact: true }).fill(KEY);
      assert.equal(await page.getByLabel('Topic', { exact: true }).inputValue(), 'Tangerines');
      await button(page, 'Run').click();
      await statusSays(page, /^Finished/);
      const asked = api.calls.filter(({ method }) => method === 'POST');
      assert.equal(asked.length, calls, preset);
      const first = asked.filter(({ body }) => body.includes('Tangerines'));
      assert.ok(first.length >= calls - 1, `${preset}: the topic is in the prompts`);
      // The last one reads what the others said, and all others were out together.
      const [final, ...branches] = [...asked].sort((a, b) => b.arrived - a.arrived);
      assert.ok(final.body.includes('An answer of the model.'), preset);
      assert.ok(branches.every(({ ended }) => ended <= final.arrived), preset);
      const together = Math.max(...branches.map(({ arrived }) => arrived));
      assert.ok(branches.every(({ ended }) => ended > together), `${preset}: they overlap`);
      assert.match(await output(page, last).innerText(), /An answer of the model\./);
    }
    await finish(page);
  });

  test('is expected to take what the gallery foretells', async (t) => {
    const page = await open(t, await serveSite(t), '#schedule=race');
    await ready(page);
    const gallery = page.getByRole('region', { name: 'Scenarios', exact: true });
    const buttons = gallery.getByRole('button');
    assert.equal(await buttons.count(), Object.keys(PRESETS).length);
    await button(page, 'Edit the pipeline').click();
    // The last one is too wide for the editor, which is where the expectation is told in words.
    for (let at = 0; at < 9; at += 1) {
      const scenario = buttons.nth(at);
      const [, sequential, parallel] = /([\d.]+) s → ([\d.]+) s/.exec(await scenario.innerText());
      assert.ok(Number(sequential) > Number(parallel));
      await scenario.click();
      assert.equal(await scenario.getAttribute('aria-pressed'), 'true');
      await page.getByText(`Expected: sequential ${sequential} s, parallel ${parallel} s.`).waitFor();
    }
    // What the browser itself says where it has no model.
    await finish(page, [/Unable to create a text session/]);
  });
});

/** The picture in a call of that API: its type, and its bytes in base64; `null` if there is none. */
const pictureIn = {
  openai: (body) => {
    const { content } = body.messages.at(-1);
    const part = Array.isArray(content) && content.find(({ type }) => type === 'image_url');
    return part ? /^data:([^;]+);base64,(.*)$/.exec(part.image_url.url).slice(1) : null;
  },
  anthropic: (body) => {
    const { content } = body.messages[0];
    const part = Array.isArray(content) && content.find(({ type }) => type === 'image');
    return part ? [part.source.media_type, part.source.data] : null;
  },
  gemini: (body) => {
    const part = body.contents[0].parts.find(({ inlineData }) => inlineData);
    return part ? [part.inlineData.mimeType, part.inlineData.data] : null;
  },
};

const group = (page) => page.getByRole('group', { name: 'Picture', exact: true });

async function openOn(t, format, server) {
  const hash = `#preset=multimodal&schedule=parallel&provider=${format}&model=x`
    + `&base_url=${server.base}&retries=0`;
  const page = await open(t, await serveSite(t), hash, { allow: [server.origin] });
  await ready(page);
  await page.getByLabel('API key', { exact: true }).fill(KEY);
  await group(page).getByRole('img').waitFor();
  return page;
}

/** Runs, and gives what was asked by who reads the image, and by the others. */
async function asked(page, server) {
  server.forget();
  await button(page, 'Run').click();
  await statusSays(page, /^Finished/);
  const bodies = server.calls.map(({ body }) => JSON.parse(body));
  const looks = (body) => JSON.stringify(body).includes('You look at the images');
  assert.equal(bodies.length, 3);
  return [bodies.find(looks), bodies.filter((body) => !looks(body))];
}

describe('the picture of a post', () => {
  for (const [format, picture] of Object.entries(pictureIn)) {
    test(`goes to ${format} with the one prompt that asks for it`, async (t) => {
      const server = await startFormat(t, format, () => undefined);
      const page = await openOn(t, format, server);
      const [image, others] = await asked(page, server);
      const ours = await readFile(new URL('../../public/post.png', import.meta.url));
      assert.deepEqual(picture(image), ['image/png', ours.toString('base64')]);
      assert.deepEqual(others.map(picture), [null, null]);
      assert.ok(!page.url().includes('iVBOR') && page.url().length < 300, 'it is in no link');

      // The reader's own, by its bytes and not by its name.
      const own = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('a picture')]);
      const choose = (name, buffer) => group(page).getByLabel('Another picture')
        .setInputFiles({ name, mimeType: 'image/png', buffer });
      await choose('fake.png', Buffer.from('<svg onload="alert(1)"/>'));
      await statusSays(page, /That picture was not taken: it is not a PNG, JPEG, WebP or GIF/);
      await choose('large.png', Buffer.alloc(2_000_001));
      await statusSays(page, /That picture was not taken: it is larger than 2 MB/);
      await choose('own.png', own);
      await group(page).getByRole('button', { name: 'Back to ours' }).waitFor();
      const [second] = await asked(page, server);
      assert.deepEqual(picture(second), ['image/jpeg', own.toString('base64')]);

      // In words, where the reader wants that.
      await group(page).getByRole('button', { name: 'Back to ours' }).click();
      await group(page).getByLabel('Send the picture itself').uncheck();
      assert.match(await group(page).innerText(), /is told in words: “a cardboard box/);
      const [third, rest] = await asked(page, server);
      assert.equal(picture(third), null);
      assert.match(JSON.stringify(third), /\[The image shows: a cardboard box/);
      assert.ok(rest.every((body) => !JSON.stringify(body).includes('cardboard')));
      await finish(page, [/net::ERR/, /Failed to load/]);
    });
  }

  test('is told in words to a model that takes none, and goes nowhere while it is simulated', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site, '#preset=multimodal&schedule=parallel&speed=8');
    await ready(page);
    await group(page).getByRole('img').waitFor();
    assert.match(await group(page).innerText(), /Simulated: it goes nowhere/);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    await page.getByLabel('Provider', { exact: true }).selectOption('chrome');
    assert.match(await group(page).innerText(), /takes no pictures here, so image is told in words/);
    assert.equal(await group(page).getByLabel('Send the picture itself').count(), 0);
    await page.getByLabel('Provider', { exact: true }).selectOption('mistral');
    assert.match(await group(page).innerText(), /Not every model there takes pictures/);
    await page.getByLabel('Provider', { exact: true }).selectOption('simulated');
    await page.getByLabel('Preset', { exact: true }).selectOption('company');
    assert.equal(await group(page).count(), 0);
    assert.ok(page.account.requests.every((url) => url.startsWith(site.origin) || url.startsWith('data:')));
    // What the browser itself says where it has no model.
    await finish(page, [/Unable to create a text session/]);
  });
});
