// The data: prompts with their holes filled as far as the cursor has come, and the state.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const data = (page) => page.getByRole('region', { name: 'Data', exact: true });
const state = async (page) => (await data(page).getByRole('row').allInnerTexts()).slice(1)
  .map((row) => row.replace(/\s+/g, ' ').trim());

after(quit);

describe('the data', () => {
  test('grows with the cursor, and says who wrote what', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&view=data&speed=8');
    await ready(page);
    const prompt = data(page).locator('details').last();
    await prompt.locator('summary').click();
    assert.match(await prompt.innerText(), /^5 synthesis/);
    assert.match(await prompt.innerText(), /\{news\}, which 1 news will write/);
    const before = await state(page);
    assert.match(before[0], /^topic you 0 s Lumen Robotics/);
    assert.ok(before.slice(1).every((row) => row.endsWith('not written yet')), `${before}`);

    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    assert.ok((await state(page)).every((row) => !row.endsWith('not written yet')));
    const filled = await prompt.innerText();
    assert.match(filled, /\{news\} from 1 news: /);
    assert.doesNotMatch(filled, /will write/);
    assert.match(filled, /POST https:\/\/api\.openai\.com\/v1\/chat\/completions/);
    assert.match(filled, /authorization: Bearer \[your-key\]/);

    const time = page.getByRole('slider', { name: 'Time', exact: true });
    await time.focus();
    await page.keyboard.press('Home');
    assert.deepEqual(await state(page), before);
    await finish(page);
  });

  test('colours what was filled in by who wrote it, and marks what will never come', async (t) => {
    const page = await open(t, await serveSite(t),
      '#preset=company&view=data&speed=8&fail=stock:500@0.4&on_error=collect&schedule=parallel');
    await ready(page);
    const prompt = data(page).locator('details').last();
    await prompt.locator('summary').click();
    assert.equal(await prompt.locator('.missing').count(), 0);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    assert.deepEqual(await prompt.locator('.missing').allTextContents(), ['{stock} is missing']);
    const colour = (text) => data(page).getByText(text).first()
      .evaluate((node) => getComputedStyle(node.closest('[data-agent]')).getPropertyValue('--agent'));
    const [news, social] = [await colour('{news} from 1 news'), await colour('{social} from 3 social')];
    assert.ok(news && social && news !== social, `${news} and ${social}`);
    // In the table of what is written, the writer has the same colour.
    assert.equal(await colour('1 news'), news);
    assert.match(await data(page).getByRole('row', { name: /^stock/ }).innerText(), /not written/);
    await finish(page);
  });

  test('never shows the key', async (t) => {
    const hash = '#provider=openai&view=data&schedule=parallel';
    const page = await open(t, await serveSite(t), hash);
    await ready(page);
    await page.getByLabel('API key', { exact: true }).fill('sk-a-very-secret-key');
    await data(page).locator('summary').first().click();
    const text = await page.evaluate(() => document.body.innerHTML);
    assert.ok(!text.includes('sk-a-very-secret-key'));
    assert.match(await data(page).innerText(), /Bearer \[your-key\]/);
    await finish(page);
  });
});
