// What a reader sees of failures that pass: tries and waits on the bar, in the table and on the
// card, a Stop in the middle of a wait, and running again only what failed. Simulated, so that it
// costs nothing and fails when it is told to.

import { button, openTab, output, ready, status, timeline } from './lib/page.mjs';
import { TIMING, expect, test } from './lib/test.mjs';

/** Refused twice after 0.4 s, asked to wait for 1.5 s each time, answered the third time. */
const REFUSED = '#preset=company&schedule=parallel&fail=stock:429@0.4x2w1.5&retries=2';

test.describe('retries', () => {
  test('a branch that is refused twice waits, counts down and answers', { tag: TIMING }, async ({ open }) => {
    const page = await open(REFUSED);
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Running: \d of 4 branches done.*Stock is retrying \(attempt 2 of 3\)/);
    await page.getByText(/attempt 2 of 3 in \d\.\d+ s/).first().waitFor();
    await expect(output(page, 'stock')).toHaveText(/Attempt 1 failed after 0\.4 s/);
    await expect(status(page)).toHaveText(/^Finished: .*parallel 5\.[56] s/);
    const stock = await row(page, 'stock');
    expect(stock.outcome).toBe('done');
    await expect(tries(page, 'stock')).toHaveAttribute('data-tries', 'attempt 3 of 3');
    expect(Math.abs(stock.end - 4.7), 'two waits of 1.5 s are in it').toBeLessThan(0.15);
    // The way back: in the first wait, the countdown stands still at what was left.
    const time = page.getByRole('slider', { name: 'Time' });
    await time.focus();
    for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press('Shift+ArrowLeft');
    await expect(status(page)).toHaveText(/Stock is retrying \(attempt 2 of 3\)/);
  });

  test('Stop ends a wait at once', async ({ open }) => {
    const page = await open('#preset=company&schedule=parallel&fail=stock:503@0.2x1w60&retries=1');
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/Stock is retrying \(attempt 2 of 2\)/);
    await button(page, 'Stop').click();
    await expect(status(page)).toHaveText(/^Stopped/);
    await expect.poll(async () => (await row(page, 'stock')).outcome).toBe('canceled');
    await expect(tries(page, 'stock')).toHaveAttribute('data-tries', 'before attempt 2 of 2');
  });

  test('Retry failed asks only what failed and what reads it', { tag: TIMING }, async ({ open }) => {
    const hash = '#preset=company&schedule=parallel&fail=stock:500@0.4x1&on_error=collect&speed=4';
    const page = await open(hash);
    await ready(page);
    await expect(button(page, 'Retry failed'), 'nothing has failed yet').toHaveCount(0);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/Stock failed/);
    await button(page, 'Retry failed').click();
    await expect(status(page)).toHaveText(/^Finished: parallel 1\.[789] s, reused 3 answers from the last run$/);
    for (const kept of ['news', 'social', 'internal']) {
      const { outcome, start } = await row(page, kept);
      expect({ outcome, start }).toEqual({ outcome: 'kept', start: Number.NaN });
      await expect(output(page, kept)).toHaveText(/reused from the last run|kept from the run before/i);
    }
    for (const again of ['stock', 'synthesis']) {
      await expect.poll(async () => (await row(page, again)).outcome).toBe('done');
    }
    await expect(button(page, 'Retry failed'), 'and nothing is left to do').toHaveCount(0);
  });

  test('the fields take how often and how long', async ({ open }) => {
    const page = await open('#preset=company&schedule=parallel');
    await ready(page);
    await openTab(page, 'What if');
    await page.getByLabel('Retries', { exact: true }).fill('2');
    await page.getByLabel('Run timeout (s)').fill('1');
    await page.keyboard.press('Tab');
    await expect(page).toHaveURL(/retries=2&run_timeout=1/);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Failed after \d+\.\d s: the run hit its 1\.0 s timeout/);
  });
});

/** The cell of an agent's outcome, which says beside it what became of its tries. */
const tries = (page, agent) =>
  page.getByRole('row', { name: new RegExp(`^${agent} `) }).getByRole('cell').last();

async function row(page, agent) {
  return (await timeline(page)).find((row) => row.agent === agent);
}
