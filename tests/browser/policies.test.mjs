// What becomes of the others when a branch fails: each policy of the menu, as the page tells it.

import { button, openTab, ready, status, timeline } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

const BROKEN = '#preset=company&schedule=parallel&fail=social:500@0.2';

const test = base.extend({
  /** Runs the broken company under a policy that is chosen from the menu; outcomes by agent. */
  outcomes: ({ open }, use) => use(async (policy, ending) => {
    const page = await open(BROKEN);
    await ready(page);
    await openTab(page, 'What if');
    await page.getByRole('combobox', { name: 'When a branch fails' }).selectOption(policy);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(ending);
    await button(page, 'Run').waitFor();
    const rows = await timeline(page);
    const of = Object.fromEntries(rows.map((row) => [row.agent, row.outcome]));
    return { page, of, rows };
  }),
});

test.describe('when a branch fails', () => {
  test('the others are canceled', async ({ outcomes }) => {
    const { of } = await outcomes('cancel', /^Failed/);
    expect([of.news, of.social, of.synthesis]).toEqual(['canceled', 'failed', 'skipped']);
  });

  test('or run on unused, and the page says what that costs', async ({ outcomes }) => {
    const { page, of, rows } = await outcomes('leave', /nothing used the answers \([\d.]+ s wasted\)\.$/);
    expect([of.news, of.stock, of.internal]).toEqual(['orphaned', 'orphaned', 'orphaned']);
    await expect(status(page)).toHaveText(/^Failed after [\d.]+ s: Social failed/);
    // At that moment, and not when the others had ended.
    const [, after] = /^Failed after ([\d.]+) s/.exec(await status(page).innerText());
    expect(Number(after)).toBeGreaterThanOrEqual(0.2);
    const social = rows.find((row) => row.agent === 'social');
    expect(Math.abs(Number(after) - social.end)).toBeLessThanOrEqual(0.06);
    await expect(status(page)).toContainText('3 agents ran on');
    const internal = rows.find((row) => row.agent === 'internal');
    expect(internal.end, 'it ran to its end').toBeGreaterThan(1.4);
    // The part of a bar after the failure is drawn as what it is, and the run can be started anew.
    await expect(page.locator('.lane .orphan:not(.none)')).toHaveCount(3);
    await expect(page).toHaveURL(/on_error=leave/);
  });

  test('or are waited for, and then the run fails', async ({ outcomes }) => {
    const { page, of } = await outcomes('wait', /^Failed/);
    expect([of.news, of.internal, of.synthesis]).toEqual(['done', 'done', 'skipped']);
    const [, after] = /^Failed after ([\d.]+) s/.exec(await status(page).innerText());
    expect(Number(after)).toBeGreaterThanOrEqual(1.5);
  });

  test('or go on with a mark in its place', async ({ outcomes }) => {
    const { of } = await outcomes('collect', /^Finished/);
    expect([of.social, of.synthesis]).toEqual(['failed', 'done']);
  });

  test('or with a fallback in its place', async ({ outcomes }) => {
    const { page, of } = await outcomes('fallback', /^Finished/);
    expect([of.social, of.synthesis]).toEqual(['fallback', 'done']);
    await expect(status(page)).toContainText('Its fallback was used');
    await openTab(page, 'Answers');
    const card = page.getByRole('region', { name: 'social', exact: true });
    await expect(card).toContainText('No answer from social this time.');
  });

  test('is in the programs as it is set', async ({ open }) => {
    const page = await open(`${BROKEN}&lang=js`);
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
      await openTab(page, 'What if');
      await menu.selectOption(policy);
      await openTab(page, 'Code');
      await program.getByText(line).first().waitFor();
    }
  });

  test('Stop ends those who were left, too', async ({ open }) => {
    // A minute each: they outlast the look.
    const page = await open(`${BROKEN}&on_error=leave&latency=news:60,stock:60,internal:60`);
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/3 agents are still running, but nothing will use the answers/);
    await button(page, 'Stop').click();
    await button(page, 'Run').waitFor();
    const rows = await timeline(page);
    const left = rows.filter((row) => ['news', 'stock', 'internal'].includes(row.agent));
    expect(left.map((row) => row.outcome)).toEqual(['canceled', 'canceled', 'canceled']);
  });
});

test('a number that is not accepted stays in its field, and the field says what is', async ({ open }) => {
  const page = await open('#preset=company&tab=whatif&limit=2');
  await ready(page);
  for (const [name, typed] of [
    ['Concurrency limit', '2.5'], ['Concurrency limit', '0'], ['Retries', '99'], ['Retries', '-1'],
    ['Run timeout (s)', '0'], ['Hedge after (s)', '-1'], ['Quorum (answers)', '9'],
  ]) {
    const field = page.getByLabel(name, { exact: true });
    await field.fill(typed);
    await field.press('Tab');
    await expect(field).toHaveValue(typed);
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(/^Enter /);
    await expect(page).toHaveURL(/limit=2/);
  }
  const limit = page.getByLabel('Concurrency limit', { exact: true });
  await limit.fill('3');
  await limit.press('Tab');
  await expect(limit).not.toHaveAttribute('aria-invalid');
  await expect(page).toHaveURL(/limit=3/);
});
