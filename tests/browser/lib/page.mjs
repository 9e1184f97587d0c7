// The page as its users find it: by role and name, never by class or structure. These names are
// the contract with assistive technology, so a test that breaks here has found a broken promise.

import assert from 'node:assert/strict';

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const status = (page) => page.getByRole('status');
export const output = (page, agent) => page.getByRole('region', { name: agent, exact: true });

/** Waits until the app is there, with all that comes after the race. */
export async function ready(page) {
  await button(page, 'Run').waitFor();
  await whole(page);
}

/** Does what a reader does to whom all of the page matters, and waits until it is there. */
export async function whole(page) {
  await page.locator('.later, [data-whole]').first().waitFor({ state: 'attached' });
  await page.evaluate(() => document.querySelector('.later')?.scrollIntoView());
  await page.locator('html[data-whole]').waitFor();
  await page.evaluate(() => scrollTo(0, 0));
}

/** Waits until the status region's text matches, and returns it. */
export async function statusSays(page, pattern, timeout = 30_000) {
  await status(page).first().waitFor();
  const deadline = Date.now() + timeout;
  let text = '';
  while (Date.now() < deadline) {
    text = await statusText(page);
    if (pattern.test(text)) return text;
    // Seldom: each look takes time from the page's one thread, and runs are timed on it.
    await page.waitForTimeout(200);
  }
  assert.fail(`the status never said ${pattern}; at the end it said ${JSON.stringify(text)}`);
}

/** What the one status region says, in one line. */
export async function statusText(page) {
  assert.equal(await status(page).count(), 1, 'there is exactly one role=status region');
  return (await status(page).innerText()).replace(/\s+/g, ' ').trim();
}

const COLUMNS = ['Agent', 'Schedule', 'Start (s)', 'End (s)', 'Outcome'];

/**
 * The table named Timeline as objects: `{ agent, schedule, start, end, outcome }`, times as numbers
 * in seconds (NaN for what has not happened), words in lower case. Reads it at one instant, and
 * reads what is in the table even if it is only visible to assistive technology.
 */
export async function timeline(page) {
  const table = page.getByRole('table', { name: 'Timeline', exact: true });
  const grid = await table.evaluate((node) =>
    Array.from(node.rows, (row) => Array.from(row.cells, (cell) => cell.textContent.trim())));
  const [head, ...rows] = grid;
  assert.deepEqual(head, COLUMNS, 'the columns of the Timeline table');
  return rows.map(([agent, schedule, start, end, outcome]) => ({
    agent: agent.toLowerCase(),
    schedule: schedule.toLowerCase(),
    start: Number.parseFloat(start),
    end: Number.parseFloat(end),
    outcome: outcome.toLowerCase(),
  }));
}

/** The makespan of one schedule as the table has it: first start to latest end. */
export function makespan(rows, schedule) {
  const own = rows.filter((row) => row.schedule === schedule);
  assert.ok(own.length > 0, `the table has rows for ${schedule}`);
  return Math.max(...own.map((row) => row.end)) - Math.min(...own.map((row) => row.start));
}

/** `actual` is within `share` of `expected`. */
export function near(actual, expected, share, what) {
  assert.ok(
    Math.abs(actual - expected) <= expected * share,
    `${what}: ${actual} is not within ${share * 100} % of ${expected}`,
  );
}
