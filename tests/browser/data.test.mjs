// The data: prompts with their holes filled as far as the cursor has come, and the state.

import { button, ready, status } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const data = (page) => page.getByRole('region', { name: 'Data', exact: true });
const state = async (page) => (await data(page).getByRole('row').allInnerTexts()).slice(1)
  .map((row) => row.replace(/\s+/g, ' ').trim());

test.describe('the data', () => {
  test('grows with the cursor, and says who wrote what', async ({ open }) => {
    const page = await open('#preset=company&view=data&speed=8');
    await ready(page);
    const prompt = data(page).locator('details').last();
    await prompt.locator('summary').click();
    await expect(prompt).toHaveText(/^5 synthesis/, { useInnerText: true });
    await expect(prompt).toHaveText(/\{news\}, which 1 news will write/, { useInnerText: true });
    const before = await state(page);
    expect(before[0]).toMatch(/^topic you 0 s Lumen Robotics/);
    expect(before.slice(1).filter((row) => !row.endsWith('not written yet'))).toEqual([]);

    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(data(page).getByRole('row', { name: /not written yet$/ })).toHaveCount(0);
    await expect(prompt).toContainText('{news} from 1 news: ');
    await expect(prompt).not.toContainText('will write');
    await expect(prompt).toContainText('POST https://api.openai.com/v1/chat/completions');
    await expect(prompt).toContainText('authorization: Bearer [your-key]');

    const time = page.getByRole('slider', { name: 'Time', exact: true });
    await time.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => state(page)).toEqual(before);
  });

  test('colours what was filled in by who wrote it, and marks what will never come', async ({ open }) => {
    const page = await open('#preset=company&view=data&speed=8&fail=stock:500@0.4&on_error=collect&schedule=parallel');
    await ready(page);
    const prompt = data(page).locator('details').last();
    await prompt.locator('summary').click();
    await expect(prompt.locator('.missing')).toHaveCount(0);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(prompt.locator('.missing')).toHaveText(['{stock} is missing']);
    const colour = (text) => data(page).getByText(text).first()
      .evaluate((node) => getComputedStyle(node.closest('[data-agent]')).getPropertyValue('--agent'));
    const [news, social] = [await colour('{news} from 1 news'), await colour('{social} from 3 social')];
    expect(news).not.toBe('');
    expect(social).not.toBe('');
    expect(news).not.toBe(social);
    // In the table of what is written, the writer has the same colour.
    expect(await colour('1 news')).toBe(news);
    await expect(data(page).getByRole('row', { name: /^stock/ })).toHaveText(/not written/, { useInnerText: true });
  });

  test('never shows the key', async ({ open }) => {
    const page = await open('#preset=company&provider=openai&view=data&schedule=parallel');
    await ready(page);
    await page.getByLabel('API key', { exact: true }).fill('sk-a-very-secret-key');
    await data(page).locator('summary').first().click();
    // Once the request is shown, so that there is something to be hidden.
    await expect(data(page).getByText('Bearer [your-key]').first()).toBeVisible();
    expect(await page.evaluate(() => document.body.innerHTML)).not.toContain('sk-a-very-secret-key');
  });
});
