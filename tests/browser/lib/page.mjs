// The page as its users find it: by role and name, never by class or structure. These names are
// the contract with assistive technology, so a test that breaks here has found a broken promise.

import { expect } from '@playwright/test';

/** A button that can be pressed: while a dialog is open, one in it. */
export const button = (page, name) =>
  page.locator('dialog:modal, body:not(:has(dialog:modal))').getByRole('button', { name, exact: true });
export const status = (page) => page.getByRole('status');
export const output = (page, agent) => page.getByRole('region', { name: agent, exact: true });

/** Waits until the app is there, with all that comes after the race. */
export async function ready(page) {
  await button(page, 'Run').waitFor();
  await whole(page);
}

/**
 * For `init` of `open`: three seconds in which nobody does anything, after which all of the page comes
 * unasked, are three minutes. On a busy machine they may be over before a test's first press.
 */
export function patient() {
  const usual = window.setTimeout;
  window.setTimeout = (act, ms, ...more) => usual(act, ms === 3000 ? 180_000 : ms, ...more);
}

/** Does what a reader does to whom all of the page matters, and waits until it is there. */
export async function whole(page) {
  // More than once, since nothing shows from when on the page listens.
  await expect(async () => {
    await page.evaluate(() => dispatchEvent(new KeyboardEvent('keydown')));
    await expect(page.locator('html[data-whole]')).toBeAttached({ timeout: 250 });
  }).toPass({ intervals: [0] });
}

/** How much wider the page is than its window, in pixels: at most 0 where nothing scrolls sideways. */
export const tooWide = (page) => page.evaluate(() =>
  document.scrollingElement.scrollWidth - document.documentElement.clientWidth);

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
  expect(head, 'the columns of the Timeline table').toEqual(COLUMNS);
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
  expect(own, `the table's rows for ${schedule}`).not.toEqual([]);
  return Math.max(...own.map((row) => row.end)) - Math.min(...own.map((row) => row.start));
}

/** `actual` is within `share` of `expected`. */
export function near(actual, expected, share, what) {
  expect(Math.abs(actual - expected), `${what}: ${actual}, to ${share * 100} % of ${expected}`)
    .toBeLessThanOrEqual(expected * share);
}

/** Opens a tab below the stage. */
export async function openTab(page, name) {
  const tab = page.getByRole('tab', { name, exact: true });
  await tab.click();
  await expect(tab).toHaveAttribute('aria-selected', 'true');
}

/** Chooses one of the ten scenarios, by the name that it has in their list. */
export async function chooseScenario(page, name) {
  await button(page, 'Scenario').click();
  const scenarios = page.getByRole('region', { name: 'Scenarios', exact: true });
  await scenarios.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  await expect(scenarios).toHaveCount(0);
}

/** The sheet with the provider, its key and its model. */
export const sheet = (page) => page.getByRole('dialog', { name: 'Model provider', exact: true });

/** Opens that sheet, unless it is open. */
export async function openProvider(page) {
  if (!await sheet(page).isVisible()) await page.getByRole('button', { name: /^Provider: / }).click();
  await sheet(page).waitFor();
  return sheet(page);
}

/** Opens that sheet and the rest of its fields. */
export async function openAdvanced(page) {
  await openProvider(page);
  const advanced = sheet(page).locator('details');
  if (await advanced.getAttribute('open') === null) await advanced.getByText('Advanced', { exact: true }).click();
}

/** Closes that sheet: while it is open, the rest of the page cannot be used. */
export async function closeProvider(page) {
  if (await sheet(page).isVisible()) await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
}

/** Opens the menu at the head of the page. */
export async function openMenu(page) {
  const more = button(page, 'More');
  if (await more.getAttribute('aria-expanded') === 'false') await more.click();
  await expect(more).toHaveAttribute('aria-expanded', 'true');
}

/** Saves the run of a schedule as a file, and gives the download. */
export async function saveRun(page, schedule) {
  await openMenu(page);
  await button(page, 'Export').click();
  const download = page.waitForEvent('download');
  await button(page, `Save the ${schedule} run`).click();
  await page.keyboard.press('Escape');
  return download;
}

/** Opens files with runs. */
export async function openTrace(page, files) {
  await openMenu(page);
  await page.getByLabel('Open a trace file', { exact: true }).setInputFiles(files);
}

/** Chooses who answers, by the value in the menu. */
export async function chooseProvider(page, provider) {
  await openProvider(page);
  await sheet(page).getByLabel('Provider', { exact: true }).selectOption(provider);
  await closeProvider(page);
}

/** Types a key into the sheet. */
export async function giveKey(page, key) {
  await openProvider(page);
  await sheet(page).getByLabel('API key', { exact: true }).fill(key);
  await closeProvider(page);
}
