// What the page says that Run will cost: each model at its own price, or nothing.

import { button, openProvider, ready } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

/** The company's pipeline with changes, among them an agent that asks gpt-5-mini: a link of version 1. */
const EDITED = '1company.JiBMDQZFGU_Xt4PE9CZPFfxuZtpcX28P2NNcPf76KWXJQPetfbTU1Fmc2Jsh8NZJDUbpDheqWYmUsQ-Cpzo6Mrkqyx1-CmrvefK-5N2R2zJZel5FP2qQQ8q4BsKErxjQ-PA';

const bill = (page) => page.getByText(/^Run makes \d+ calls/);

test.describe('the bill', () => {
  test('is unknown where the price of one model is, and names every model', async ({ open }) => {
    const page = await open(`#p=${EDITED}&schedule=parallel&provider=openai`);
    await ready(page);
    await openProvider(page);
    await expect(bill(page)).toHaveText(/api\.openai\.com/);
    await expect(bill(page)).toHaveText(/Models: gpt-6-luna \(\d calls\), gpt-5-mini \(1 call\)\./);
    await expect(bill(page)).toHaveText(/Cost unknown: no price is known for gpt-5-mini\./);
    await expect(bill(page)).not.toHaveText(/\$/);
  });

  test('names the one model that all agents ask', async ({ open }) => {
    const page = await open('#preset=topic&provider=openai');
    await ready(page);
    await openProvider(page);
    await expect(bill(page)).toHaveText(/, about [\d,]+ tokens, about \$0\.\d{4} \(prices of .* Model: gpt-6-luna\.$/);
    await page.getByLabel('Model', { exact: true }).fill('gpt-6-sol');
    await expect(bill(page)).toHaveText(/, about [\d,]+ tokens\. Cost unknown for this model\. .* Model: gpt-6-sol\.$/);
    await expect(button(page, 'Run')).toBeVisible();
  });
});
