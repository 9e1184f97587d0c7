// What becomes of the others when a branch fails: each policy of the menu, as the page tells it.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

after(quit);

const BROKEN = '#preset=company&schedule=parallel&fail=social:500@0.2';

/** Runs the broken company under a policy that is chosen from the menu; outcomes by agent. */
async function outcomes(t, policy, ending) {
  const page = await open(t, await serveSite(t), BROKEN);
  await ready(page);
  await page.getByRole('combobox', { name: 'When a branch fails' }).selectOption(policy);
  await button(page, 'Run').click();
  const status = await statusSays(page, ending);
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  const rows = await timeline(page);
  const of = Object.fromEntries(rows.map((row) => [row.agent, row.outcome]));
  return { page, status, of, rows };
}

describe('when a branch fails', () => {
  test('the others are cancelled', async (t) => {
    const { page, of } = await outcomes(t, 'cancel', /^Failed/);
    assert.deepEqual([of.news, of.social, of.synthesis], ['cancelled', 'failed', 'skipped']);
    await finish(page);
  });

  test('or run on for nobody, and the page says what that costs', async (t) => {
    const { page, status, of, rows } = await outcomes(t, 'leave', /work in vain\.$/);
    assert.deepEqual([of.news, of.stock, of.internal], ['orphaned', 'orphaned', 'orphaned']);
    assert.match(status, /^Failed after 0\.[2-9]\d* s: social failed/);
    assert.match(status, /Nobody was left to wait for 3 agents/);
    const internal = rows.find((row) => row.agent === 'internal');
    assert.ok(internal.end > 1.4, 'it ran to its end');
    // The part of a bar after the failure is drawn as what it is, and the run can be started anew.
    assert.equal(await page.locator('.lane .orphan:not(.none)').count(), 3);
    assert.match(page.url(), /on_error=leave/);
    await finish(page);
  });

  test('or are waited for, and then the run fails', async (t) => {
    const { page, status, of } = await outcomes(t, 'wait', /^Failed/);
    assert.deepEqual([of.news, of.internal, of.synthesis], ['done', 'done', 'skipped']);
    const after = Number(/^Failed after ([\d.]+) s/.exec(status)[1]);
    assert.ok(after >= 1.5, status);
    await finish(page);
  });

  test('or go on with a mark in its place', async (t) => {
    const { page, of } = await outcomes(t, 'collect', /^Finished/);
    assert.deepEqual([of.social, of.synthesis], ['failed', 'done']);
    await finish(page);
  });

  test('or with a fallback in its place', async (t) => {
    const { page, status, of } = await outcomes(t, 'fallback', /^Finished/);
    assert.deepEqual([of.social, of.synthesis], ['fallback', 'done']);
    assert.match(status, /Its fallback stands in its place/);
    const card = page.getByRole('region', { name: 'social', exact: true });
    assert.match(await card.innerText(), /No answer from social this time\./);
    await finish(page);
  });

  test('is in the programs as it is set', async (t) => {
    const page = await open(t, await serveSite(t), `${BROKEN}&lang=js`);
    await ready(page);
    const menu = page.getByRole('combobox', { name: 'When a branch fails' });
    const program = page.getByRole('group', { name: 'Promise.all program' });
    for (const [policy, line] of [
      ['cancel', 'stop.abort();'],
      ['leave', 'main().catch(failed);'],
      ['wait', 'internal] = await together(['],
      ['collect', 'internal] = await Promise.allSettled(['],
      ['fallback', '"No answer from social this time.",'],
    ]) {
      await menu.selectOption(policy);
      await program.getByText(line).first().waitFor();
    }
    await finish(page);
  });

  test('Stop ends those who were left, too', async (t) => {
    const page = await open(t, await serveSite(t), `${BROKEN}&on_error=leave&speed=0.3`);
    await ready(page);
    await button(page, 'Run').click();
    await statusSays(page, /still run, for nobody/);
    await button(page, 'Stop').click();
    await button(page, 'Run').waitFor();
    const rows = await timeline(page);
    const left = rows.filter((row) => ['news', 'stock', 'internal'].includes(row.agent));
    assert.ok(left.every((row) => row.outcome === 'cancelled'), JSON.stringify(left));
    await finish(page);
  });
});
