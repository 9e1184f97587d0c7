// What a reader sees of failures that pass: tries and waits on the bar, in the table and on the
// card, a Stop in the middle of a wait, and running again only what failed. Simulated, so that it
// costs nothing and fails when it is told to.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { button, output, ready, statusSays, statusText, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

after(quit);

/** Refused twice after 0.4 s, asked to wait for 1.5 s each time, answered the third time. */
const REFUSED = '#schedule=parallel&fail=stock:429@0.4x2w1.5&retries=2';

describe('retries', () => {
  test('a branch that is refused twice waits, counts down and answers', async (t) => {
    const page = await open(t, await serveSite(t), REFUSED);
    await ready(page);
    await button(page, 'Run').click();
    const running = await statusSays(page, /stock waits for try 2 of 3/);
    assert.match(running, /^Running: \d of 4 branches done/);
    await page.getByText(/^try 2 of 3 in \d\.\d+ s/).first().waitFor();
    assert.match(await output(page, 'stock').textContent(), /Try 1 failed after 0\.4 s/);
    assert.match(await statusSays(page, /^Finished: /), /parallel 5\.[56] s/);
    const stock = await row(page, 'stock');
    assert.deepEqual([stock.outcome, await tries(page, 'stock')], ['done', 'try 3 of 3']);
    assert.ok(Math.abs(stock.end - 4.7) < 0.15, `two waits of 1.5 s are in it: ${stock.end}`);
    // The way back: in the first wait, the countdown stands still at what was left.
    const time = page.getByRole('slider', { name: 'Time' });
    await time.focus();
    for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press('Shift+ArrowLeft');
    assert.match(await statusText(page), /stock waits for try 2 of 3/);
    await finish(page);
  });

  test('Stop ends a wait at once', async (t) => {
    const page = await open(t, await serveSite(t), '#schedule=parallel&fail=stock:503@0.2x1w60&retries=1');
    await ready(page);
    await button(page, 'Run').click();
    await statusSays(page, /stock waits for try 2 of 2/);
    await button(page, 'Stop').click();
    await statusSays(page, /^Stopped/);
    assert.equal((await row(page, 'stock')).outcome, 'cancelled');
    assert.equal(await tries(page, 'stock'), 'before try 2 of 2');
    await finish(page);
  });

  test('Run again asks only what failed and what reads it', async (t) => {
    const hash = '#schedule=parallel&fail=stock:500@0.4x1&on_error=collect&speed=4';
    const page = await open(t, await serveSite(t), hash);
    await ready(page);
    assert.equal(await button(page, 'Run again').count(), 0, 'nothing has failed yet');
    await button(page, 'Run').click();
    await statusSays(page, /stock failed/);
    await button(page, 'Run again').click();
    assert.match(
      await statusSays(page, /^Finished: .*kept/),
      /^Finished: parallel 1\.[789] s, with 3 answers kept from before$/,
    );
    for (const kept of ['news', 'social', 'internal']) {
      const { outcome, start } = await row(page, kept);
      assert.deepEqual({ outcome, start }, { outcome: 'kept', start: Number.NaN });
      assert.match(await output(page, kept).textContent(), /kept from the run before/);
    }
    for (const again of ['stock', 'synthesis']) {
      assert.equal((await row(page, again)).outcome, 'done');
    }
    assert.equal(await button(page, 'Run again').count(), 0, 'and nothing is left to do');
    await finish(page);
  });

  test('the fields take how often and how long', async (t) => {
    const page = await open(t, await serveSite(t), '#schedule=parallel');
    await ready(page);
    await page.getByLabel('Retries', { exact: true }).fill('2');
    await page.getByLabel('Longest time for the whole run, in seconds').fill('1');
    await page.keyboard.press('Tab');
    assert.match(page.url(), /retries=2&run_timeout=1/);
    await button(page, 'Run').click();
    await statusSays(page, /^Failed after 1\.\d s: the run took longer than its 1\.0 s/);
    await finish(page);
  });
});

/** What stands beside an agent's outcome in the table. */
async function tries(page, agent) {
  const own = page.getByRole('row', { name: new RegExp(`^${agent} `) });
  return own.getByRole('cell').last().getAttribute('data-tries');
}

async function row(page, agent) {
  return (await timeline(page)).find((row) => row.agent === agent);
}
