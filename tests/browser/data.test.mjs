// The data: prompts with their holes filled as far as the cursor has come, and the state.

import { button, giveKey, ready, status } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const data = (page) => page.getByRole('region', { name: 'Prompts', exact: true });
const prompt = (page, agent) => data(page).getByRole('article', { name: `Prompt of ${agent}`, exact: true });
const state = async (page) => (await data(page).getByRole('row').allInnerTexts()).slice(1)
  .map((row) => row.replace(/\s+/g, ' ').trim());

test.describe('the data', () => {
  test('grows with the cursor, and says who wrote what', async ({ open }) => {
    const page = await open('#preset=company&view=data&speed=8');
    await ready(page);
    // The one that reads what the others write comes first.
    const asked = prompt(page, 'synthesis');
    await expect(asked).toHaveText(/^1 of 5 keys filled/, { useInnerText: true });
    await expect(asked).toHaveText(/\{news\}, which News will write/, { useInnerText: true });
    const before = await state(page);
    expect(before[0]).toMatch(/^topic you 0 s Lumen Robotics/);
    expect(before.slice(1).filter((row) => !row.endsWith('not written yet'))).toEqual([]);

    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(data(page).getByRole('row', { name: /not written yet$/ })).toHaveCount(0);
    await expect(asked).toContainText('{news} from News: ');
    await expect(asked).not.toContainText('will write');
    await expect(asked).toContainText('POST https://api.openai.com/v1/chat/completions');
    await expect(asked).toContainText('authorization: Bearer [your-key]');

    const time = page.getByRole('slider', { name: 'Time', exact: true });
    await time.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => state(page)).toEqual(before);
  });

  test('colours what was filled in by who wrote it, and marks what will never come', async ({ open }) => {
    const page = await open('#preset=company&view=data&speed=8&fail=stock:500@0.4&on_error=collect&schedule=parallel');
    await ready(page);
    const asked = prompt(page, 'synthesis');
    await expect(asked.locator('.missing')).toHaveCount(0);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(asked.locator('.missing')).toHaveText(['{stock} is missing']);
    const colour = (text) => data(page).getByText(text).first()
      .evaluate((node) => getComputedStyle(node.closest('[data-agent]')).getPropertyValue('--agent'));
    const [news, social] = [await colour('{news} from News'), await colour('{social} from Social')];
    expect(news).not.toBe('');
    expect(social).not.toBe('');
    expect(news).not.toBe(social);
    // In the table of what is written, the writer has the same colour.
    const row = data(page).getByRole('row', { name: /^news/ });
    expect(await row.evaluate((node) => getComputedStyle(node).getPropertyValue('--agent'))).toBe(news);
    await expect(data(page).getByRole('row', { name: /^stock/ })).toHaveText(/not written/, { useInnerText: true });
  });

  test('shows the prompt of the agent that is chosen in the map or in the list', async ({ open }) => {
    const page = await open('#preset=researchers&tab=prompts');
    await ready(page);
    await prompt(page, 'SynthesisAgent').waitFor();
    const map = data(page).getByRole('list', { name: 'Map of the pipeline' });
    await map.getByRole('button', { name: /^Electric vehicles/ }).click();
    await expect(map.getByRole('button', { pressed: true })).toHaveText(/^Electric vehicles/);
    await expect(prompt(page, 'EVResearcher')).toBeVisible();
    const list = data(page).getByRole('combobox', { name: 'Agent', exact: true });
    await expect(list).toHaveValue('1');
    await list.selectOption({ label: 'Carbon capture' });
    await expect(prompt(page, 'CarbonCaptureResearcher')).toBeVisible();
    await expect(map.getByRole('button', { pressed: true })).toHaveText(/^Carbon capture/);
  });

  test('never shows the key', async ({ open }) => {
    const page = await open('#preset=company&provider=openai&view=data&schedule=parallel');
    await ready(page);
    await giveKey(page, 'sk-a-very-secret-key');
    // Once the request is shown, so that there is something to be hidden.
    await expect(data(page).getByText('Bearer [your-key]').first()).toBeVisible();
    expect(await page.evaluate(() => document.body.innerHTML)).not.toContain('sk-a-very-secret-key');
  });
});
