// The pipeline edited by hand: a key written into a prompt is an edge, what is wrong stands at its
// field while the last whole pipeline runs, every step can be taken back, and a link holds it all.

import { violations } from './lib/axe.mjs';
import { button, chooseScenario, giveKey, openProvider, openTab, ready, status, timeline, tooWide } from './lib/page.mjs';
import { TIMING, expect, test as base } from './lib/test.mjs';

const editor = (page) => page.getByRole('region', { name: 'Editor', exact: true });
const agent = (page, name) => editor(page).getByRole('group', { name, exact: true });
const field = (page, name, label) => agent(page, name).getByLabel(label, { exact: true });
const act = (page, name, label) => agent(page, name).getByRole('button', { name: label, exact: true });
const need = (page, name, other) =>
  agent(page, name).getByRole('group', { name: 'Needs' }).getByRole('button', { name: other, exact: true });
const tool = (page, name) => editor(page).getByRole('button', { name, exact: true });

const test = base.extend({
  /** Opens the page and its editor. */
  edit: ({ open }, use) => use(async (hash = '', context = {}) => {
    const page = await open(hash || '#preset=company', context);
    await ready(page);
    await openTab(page, 'Prompts');
    await button(page, 'Edit pipeline').click();
    await tool(page, 'Add agent').waitFor();
    return page;
  }),
});

/** Shows an agent's fields. */
async function show(page, name) {
  const line = agent(page, name).locator('[aria-expanded]').first();
  if (await line.getAttribute('aria-expanded') === 'false') await line.click();
}

/** The names of the agents, in the order of the list. */
const listed = (page) => editor(page).locator('ol > li > [role=group]').evaluateAll((groups) =>
  groups.map((group) => group.getAttribute('aria-label')));

/** The level of each agent in the diagram: which column its box is in. */
async function levels(page) {
  const boxes = await page.getByRole('list', { name: 'Map of the pipeline' }).getByRole('listitem').evaluateAll((items) =>
    items.map((item) => ({ name: item.querySelector('[title]').title, x: Math.round(item.getBoundingClientRect().x) })));
  const columns = [...new Set(boxes.map(({ x }) => x))].sort((a, b) => a - b);
  return Object.fromEntries(boxes.map(({ name, x }) => [name, columns.indexOf(x)]));
}

const says = (page, pattern) => editor(page).getByText(pattern).waitFor();

test.describe('the editor', () => {
  test('makes an edge of a key in a prompt, and takes it away with the key', async ({ edit }) => {
    const page = await edit();
    await says(page, 'Expected: sequential 5.1 s, parallel 2.3 s.');
    await expect.poll(() => levels(page)).toEqual({ input: 0, news: 1, stock: 1, social: 1, internal: 1, synthesis: 2, report: 3 });
    const prompt = field(page, 'news', 'Prompt');
    await prompt.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' Mind {stock}.');
    await says(page, 'Expected: sequential 5.1 s, parallel 2.9 s.');
    await expect.poll(() => levels(page)).toEqual({ input: 0, stock: 1, social: 1, internal: 1, news: 2, synthesis: 3, report: 4 });
    await says(page, 'news waits for stock: its prompt reads {stock}.');
    await expect(prompt).toBeFocused();
    for (let presses = 0; presses < ' Mind {stock}.'.length; presses += 1) await page.keyboard.press('Backspace');
    await says(page, 'Expected: sequential 5.1 s, parallel 2.3 s.');
    await expect.poll(async () => (await levels(page)).news).toBe(1);
    await expect.poll(() => new URL(page.url()).hash, 'what is the preset again needs no link').toBe('#preset=company&tab=prompts');
  });

  test('shows what a false dependency costs', { tag: TIMING }, async ({ edit }) => {
    const page = await edit();
    await show(page, 'internal');
    await expect(need(page, 'internal', 'news')).toHaveAttribute('aria-pressed', 'false');
    await need(page, 'internal', 'news').click();
    await expect(need(page, 'internal', 'news')).toHaveAttribute('aria-pressed', 'true');
    await says(page, 'Waiting for news: parallel takes 3.5 s with it, 2.3 s without.');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished: sequential 5\.\d s, parallel 3\.\d s/);
    // What would go in circles cannot be asked for.
    await show(page, 'news');
    await expect(need(page, 'news', 'internal')).toBeDisabled();
    await need(page, 'internal', 'news').click();
    await says(page, 'Expected: sequential 5.1 s, parallel 2.3 s.');
  });

  test('tells what is wrong at its field, and runs the last whole pipeline', async ({ edit }) => {
    const page = await edit('#preset=company&speed=8');
    const prompt = field(page, 'news', 'Prompt');
    await prompt.fill('What of {topic} after {social}?');
    // A circle, told at each field that closes it.
    await show(page, 'social');
    const other = field(page, 'social', 'Prompt');
    const before = await other.inputValue();
    await other.fill('What of {topic} after {news}?');
    await agent(page, 'social')
      .getByText('These wait for each other: social → news → social. Removing {news} here breaks the cycle.').waitFor();
    await expect(prompt).toHaveAttribute('aria-invalid', 'true');
    await other.fill(before);
    await expect(prompt).toHaveAttribute('aria-invalid', 'false');
    await prompt.fill('What of {topic} after {sozial}?');
    await expect(prompt).toHaveAttribute('aria-invalid', 'true');
    await expect(prompt).toHaveAccessibleDescription('No agent writes {sozial}: did you mean {social}?');
    await says(page, /^Fix 1 field\. Until then, Run uses the last valid version\.$/);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const rows = (await timeline(page)).filter(({ schedule }) => schedule === 'parallel');
    const of = (name) => rows.find((row) => row.agent === name);
    expect(of('news').start, 'news waited for social').toBeGreaterThanOrEqual(of('social').end);
    // Everything else that can be wrong is told where it is, too.
    await field(page, 'news', 'Output key').fill('stock');
    await expect(field(page, 'news', 'Output key'), 'the first one has it').toHaveAttribute('aria-invalid', 'false');
    await show(page, 'stock');
    await agent(page, 'stock').getByText('news writes {stock} already: choose another key.').waitFor();
    await field(page, 'news', 'Name').fill('');
    await agent(page, 'an agent without a name').getByText('Give the agent a name.').waitFor();
  });

  test('takes steps back and does them again, by keys and by buttons', async ({ edit }) => {
    const page = await edit();
    await expect(tool(page, 'Undo')).toBeDisabled();
    const prompt = field(page, 'news', 'Prompt');
    const before = await prompt.inputValue();
    await prompt.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' or {stock} now');
    const typed = await prompt.inputValue();
    await page.keyboard.press('Control+z');
    await expect(prompt, 'a word is a step').toHaveValue(`${before} or {stock} `);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect(prompt).toHaveValue(before);
    await expect.poll(async () => (await levels(page)).news).toBe(1);
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Control+Shift+z');
    await expect(prompt).toHaveValue(typed);
    await expect.poll(async () => (await levels(page)).news).toBe(2);
    await tool(page, 'Undo').click();
    await tool(page, 'Redo').click();
    await expect(prompt).toHaveValue(typed);
    await tool(page, 'Reset to preset').click();
    await expect(prompt, 'the fields are the preset\'s').toHaveCount(0);
    await expect(agent(page, 'news').locator('[aria-expanded]').first()).toHaveText('news {topic} → {news}', { useInnerText: true });
    await tool(page, 'Undo').click();
    await expect.poll(async () => (await levels(page)).news).toBe(2);
  });

  test('adds, moves and removes agents, and renames a key wherever it is read', async ({ edit }) => {
    const page = await edit();
    await tool(page, 'Add agent').click();
    const name = field(page, 'agent6', 'Name');
    await expect(name).toBeFocused();
    await show(page, 'synthesis');
    await need(page, 'synthesis', 'agent6').click();
    await act(page, 'agent6', 'Move up').click();
    await expect.poll(() => listed(page)).toEqual(['news', 'stock', 'social', 'internal', 'agent6', 'synthesis']);
    // What moved it goes on having the focus.
    await expect(page.locator(':focus')).toHaveAttribute('id', /-up$/);
    await field(page, 'agent6', 'Output key').fill('mood');
    await expect(field(page, 'synthesis', 'Prompt')).toHaveValue(/\{mood\}$/);
    await name.fill('listener');
    await act(page, 'stock', 'Remove').click();
    await expect.poll(() => listed(page)).toEqual(['news', 'social', 'internal', 'listener', 'synthesis']);
    await expect(agent(page, 'social').locator(':focus')).toHaveCount(1);
    await expect.poll(async () => [...new Set((await timeline(page)).map((row) => row.agent))])
      .toEqual(['news', 'social', 'internal', 'listener', 'synthesis']);
    for (let clicks = 0; clicks < 7; clicks += 1) await tool(page, 'Add agent').click();
    await expect.poll(async () => (await listed(page)).length).toBe(12);
    await expect(tool(page, 'Add agent')).toBeDisabled();
  });

  test('follows what is set elsewhere on the page', async ({ edit }) => {
    const page = await edit('#preset=company&fail=stock:500&latency=news:2');
    await expect(field(page, 'news', 'Simulated latency (s)')).toHaveValue('2');
    const handle = page.getByRole('slider', { name: 'news', exact: true });
    await handle.focus();
    await page.keyboard.press('ArrowRight');
    await expect(field(page, 'news', 'Simulated latency (s)')).toHaveValue('2.1');
    await show(page, 'stock');
    await field(page, 'stock', 'Name').fill('shares');
    const setting = (name) => new URLSearchParams(new URL(page.url()).hash.slice(1)).get(name);
    await expect.poll(() => setting('fail'), 'the fault goes with the name').toBe('shares:500');
    expect(setting('latency'), 'the pipeline has it').toBe(null);
    expect(setting('p')).toMatch(/^2company\./);
    await chooseScenario(page, 'A/B headlines');
    await agent(page, 'judge').waitFor();
    await expect.poll(() => listed(page)).toEqual(['plain', 'curious', 'bold', 'judge']);
    await chooseScenario(page, 'Identical branches');
    await says(page, /too many to edit here/);
  });

  test('needs no pointer', async ({ open }) => {
    const page = await open('#preset=company&speed=8&tab=prompts');
    await ready(page);
    await button(page, 'Edit pipeline').focus();
    await page.keyboard.press('Enter');
    await field(page, 'news', 'Prompt').waitFor();
    const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
    const tabTo = async (label) => {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab');
        if (await focused() === label) return;
      }
      throw new Error(`Tab never came to ${label}`);
    };
    await tabTo('Prompt');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' {internal}');
    await tabTo('internal');
    await expect(need(page, 'news', 'internal')).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('Space');
    await expect(need(page, 'news', 'internal')).toHaveAttribute('aria-pressed', 'false');
    await expect.poll(() => focused(), 'the focus stays').toBe('internal');
    // The next one is in the line of the next agent.
    await tabTo('Move down');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await listed(page)).slice(0, 3)).toEqual(['news', 'social', 'stock']);
  });

  for (const [width, colorScheme] of [[1280, 'light'], [360, 'dark']]) {
    test(`axe finds nothing in it at ${width} px, ${colorScheme}`, async ({ edit }) => {
      const page = await edit('', { viewport: { width, height: 900 }, colorScheme });
      await need(page, 'news', 'stock').click();
      await show(page, 'social');
      await field(page, 'social', 'Prompt').fill('{stok}');
      await expect(field(page, 'social', 'Prompt')).toHaveAttribute('aria-invalid', 'true');
      expect(await violations(page)).toEqual([]);
      await expect.poll(() => tooWide(page)).toBeLessThanOrEqual(0);
    });
  }
});

test.describe('a link', () => {
  test('holds the whole pipeline, and runs nothing that costs', async ({ edit, site }) => {
    const page = await edit('#preset=company&provider=openai&autoplay=1', { permissions: ['clipboard-read', 'clipboard-write'] });
    await giveKey(page, 'sk-radioactive');
    await tool(page, 'Add agent').click();
    await field(page, 'agent6', 'Name').fill('Prüferin 🔍');
    await field(page, 'Prüferin 🔍', 'Prompt').fill('Is “{news}” true? <b>{{literally}}</b>');
    await button(page, 'Share').click();
    const shown = page.getByLabel('Link to this state');
    await button(page, 'Copy the link').click();
    await page.getByText('The link is in the clipboard.').first().waitFor();
    const link = await shown.inputValue();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    expect(link.length - site.url.length, 'characters').toBeLessThan(400);
    expect(link).not.toContain('radioactive');
    await page.getByText('It contains the scenario, the whole pipeline as you edited it, the provider and 2 more settings. Links never contain API keys').waitFor();
    // It goes with Escape, and follows what is changed.
    await page.keyboard.press('Escape');
    await expect(shown).toHaveCount(0);
    await expect(button(page, 'Share')).toBeFocused();
    await field(page, 'Prüferin 🔍', 'Simulated latency (s)').fill('3');
    await button(page, 'Share').click();
    await expect(shown).not.toHaveValue(link);
    const last = await shown.inputValue();
    await page.context().close();

    const other = await edit(last.slice(site.url.length));
    await expect.poll(() => listed(other)).toEqual(['news', 'stock', 'social', 'internal', 'synthesis', 'Prüferin 🔍']);
    await show(other, 'Prüferin 🔍');
    await expect(field(other, 'Prüferin 🔍', 'Prompt')).toHaveValue('Is “{news}” true? <b>{{literally}}</b>');
    await expect(field(other, 'Prüferin 🔍', 'Simulated latency (s)')).toHaveValue('3');
    await expect(status(other), 'nothing runs by itself').toHaveText(/^Press Run/);
    await openProvider(other);
    await expect(other.getByLabel('API key')).toHaveValue('');
  });

  test('can be copied by hand where the browser does not', async ({ open }) => {
    const page = await open('#preset=travel');
    await ready(page);
    await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); });
    await button(page, 'Share').click();
    await button(page, 'Copy the link').click();
    await page.getByText(/the link is selected, so copy it by hand/).first().waitFor();
    await expect.poll(() => page.evaluate(() => {
      const { value, selectionStart, selectionEnd } = document.activeElement;
      return value.slice(selectionStart, selectionEnd);
    })).toMatch(/#preset=travel$/);
  });

  test('that is damaged falls back, and says so', async ({ open }) => {
    const bad = {
      '1company.NmRYDAbiGU_XtX6rnjar80GMKIWRRHoD5WttDRe': /is damaged or incomplete/,
      '1company.NmRYDAbiGU_XtX6rnjar81GMKIWRRHoD5WttDReO': /is damaged or incomplete/,
      '9company.NmRYDAbiGU': /is in an unknown format/,
      [`1company.${'A'.repeat(90_000)}`]: /is too long/,
    };
    for (const [p, pattern] of Object.entries(bad)) {
      const page = await open(`#preset=company&topic=Tides&p=${p}&speed=8&tab=prompts`);
      await ready(page);
      await expect(status(page)).toHaveText(pattern);
      await expect(page.getByLabel('Topic')).toHaveValue('Tides');
      await expect.poll(async () => (await levels(page)).news).toBe(1);
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      await page.context().close();
    }
  });

  test('and a kept run give the pipeline back as it was', async ({ edit }) => {
    const page = await edit('#preset=company&speed=8');
    await need(page, 'news', 'stock').click();
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await tool(page, 'Reset to preset').click();
    await expect.poll(async () => (await levels(page)).news).toBe(1);
    await openTab(page, 'Runs');
    const runs = page.getByRole('region', { name: 'Runs' });
    await runs.getByText('Company research, edited: Lumen Robotics').waitFor();
    await runs.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(status(page)).toHaveText(/^Finished/);
    await openTab(page, 'Prompts');
    await expect.poll(async () => (await levels(page)).news).toBe(2);
    await button(page, 'Edit pipeline').click();
    await show(page, 'news');
    await expect(field(page, 'news', 'Prompt')).toHaveValue(/\{stock\}$/);
  });
});
