// The pipeline edited by hand: a key written into a prompt is an edge, what is wrong stands at its
// field while the last whole pipeline runs, every step can be taken back, and a link holds it all.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import axe from 'axe-core';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays, statusText, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const editor = (page) => page.getByRole('region', { name: 'Editor', exact: true });
const agent = (page, name) => editor(page).getByRole('group', { name, exact: true });
const field = (page, name, label) => agent(page, name).getByLabel(label, { exact: true });
const act = (page, name, label) => agent(page, name).getByRole('button', { name: label, exact: true });
const need = (page, name, other) =>
  agent(page, name).getByRole('group', { name: 'Needs' }).getByRole('button', { name: other, exact: true });
const tool = (page, name) => editor(page).getByRole('button', { name, exact: true });

/** Opens the page and its editor. */
async function edit(t, site, hash = '', context = {}) {
  const page = await open(t, site, hash, context);
  await ready(page);
  await button(page, 'Edit the pipeline').click();
  await tool(page, 'Add agent').waitFor();
  return page;
}

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
  const boxes = await page.getByRole('region', { name: 'Flow' }).getByRole('listitem').evaluateAll((items) =>
    items.map((item) => ({ name: item.querySelector('[title]').title, x: Math.round(item.getBoundingClientRect().x) })));
  const columns = [...new Set(boxes.map(({ x }) => x))].sort((a, b) => a - b);
  return Object.fromEntries(boxes.map(({ name, x }) => [name, columns.indexOf(x)]));
}

const says = (page, pattern) => editor(page).getByText(pattern).waitFor();

after(quit);

describe('the editor', () => {
  test('makes an edge of a key in a prompt, and takes it away with the key', async (t) => {
    const page = await edit(t, await serveSite(t));
    await says(page, 'Expected: sequential 5.1 s, parallel 2.3 s.');
    assert.deepEqual(await levels(page), { input: 0, news: 1, stock: 1, social: 1, internal: 1, synthesis: 2, report: 3 });
    const prompt = field(page, 'news', 'Prompt');
    await prompt.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' Mind {stock}.');
    await says(page, 'Expected: sequential 5.1 s, parallel 2.9 s.');
    assert.deepEqual(await levels(page), { input: 0, stock: 1, social: 1, internal: 1, news: 2, synthesis: 3, report: 4 });
    await says(page, 'news waits for stock, since its prompt reads {stock}.');
    assert.equal(await prompt.evaluate((node) => node === document.activeElement), true);
    for (let presses = 0; presses < ' Mind {stock}.'.length; presses += 1) await page.keyboard.press('Backspace');
    await says(page, 'Expected: sequential 5.1 s, parallel 2.3 s.');
    assert.equal((await levels(page)).news, 1);
    assert.equal(new URL(page.url()).hash, '', 'what is the preset again needs no link');
    await finish(page);
  });

  test('shows what a false dependency costs', async (t) => {
    const page = await edit(t, await serveSite(t));
    await show(page, 'internal');
    assert.equal(await need(page, 'internal', 'news').getAttribute('aria-pressed'), 'false');
    await need(page, 'internal', 'news').click();
    assert.equal(await need(page, 'internal', 'news').getAttribute('aria-pressed'), 'true');
    await says(page, 'Waiting for news: parallel takes 3.5 s with it and 2.3 s without.');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished: sequential 5\.\d s, parallel 3\.\d s/);
    // What would go in circles cannot be asked for.
    await show(page, 'news');
    assert.equal(await need(page, 'news', 'internal').isDisabled(), true);
    await need(page, 'internal', 'news').click();
    await says(page, 'Expected: sequential 5.1 s, parallel 2.3 s.');
    await finish(page);
  });

  test('tells what is wrong at its field, and runs the last whole pipeline', async (t) => {
    const page = await edit(t, await serveSite(t), '#speed=8');
    const prompt = field(page, 'news', 'Prompt');
    await prompt.fill('What of {topic} after {social}?');
    // A circle, told at each field that closes it.
    await show(page, 'social');
    const other = field(page, 'social', 'Prompt');
    const before = await other.inputValue();
    await other.fill('What of {topic} after {news}?');
    await agent(page, 'social')
      .getByText('These wait for each other: social → news → social. Taking {news} out here ends it.').waitFor();
    assert.equal(await prompt.getAttribute('aria-invalid'), 'true');
    await other.fill(before);
    assert.equal(await prompt.getAttribute('aria-invalid'), 'false');
    await prompt.fill('What of {topic} after {sozial}?');
    assert.equal(await prompt.getAttribute('aria-invalid'), 'true');
    const told = await prompt.getAttribute('aria-describedby');
    assert.equal(await page.locator(`#${told}`).innerText(), 'No agent writes {sozial}: did you mean {social}?');
    await says(page, /One field is to be put right\. Until then Run runs the last pipeline that was whole\./);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    const rows = (await timeline(page)).filter(({ schedule }) => schedule === 'parallel');
    const of = (name) => rows.find((row) => row.agent === name);
    assert.ok(of('news').start >= of('social').end, 'news waited for social');
    // Everything else that can be wrong is told where it is, too.
    await field(page, 'news', 'Output key').fill('stock');
    assert.equal(await field(page, 'news', 'Output key').getAttribute('aria-invalid'), 'false', 'the first one has it');
    await show(page, 'stock');
    await agent(page, 'stock').getByText('news writes {stock} already: choose another key.').waitFor();
    await field(page, 'news', 'Name').fill('');
    await agent(page, 'an agent without a name').getByText('Give the agent a name.').waitFor();
    await finish(page);
  });

  test('takes steps back and does them again, by keys and by buttons', async (t) => {
    const page = await edit(t, await serveSite(t));
    assert.equal(await tool(page, 'Undo').isDisabled(), true);
    const prompt = field(page, 'news', 'Prompt');
    const before = await prompt.inputValue();
    await prompt.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' or {stock} now');
    const typed = await prompt.inputValue();
    await page.keyboard.press('Control+z');
    assert.equal(await prompt.inputValue(), `${before} or {stock} `, 'a word is a step');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    assert.equal(await prompt.inputValue(), before);
    assert.equal((await levels(page)).news, 1);
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Control+Shift+z');
    assert.equal(await prompt.inputValue(), typed);
    assert.equal((await levels(page)).news, 2);
    await tool(page, 'Undo').click();
    await tool(page, 'Redo').click();
    assert.equal(await prompt.inputValue(), typed);
    await tool(page, 'Reset to preset').click();
    assert.equal(await prompt.count(), 0, 'the fields are the preset\'s');
    assert.equal(await agent(page, 'news').locator('[aria-expanded]').first().innerText(), 'news\n{topic} → {news}');
    await tool(page, 'Undo').click();
    assert.equal((await levels(page)).news, 2);
    await finish(page);
  });

  test('adds, moves and removes agents, and renames a key wherever it is read', async (t) => {
    const page = await edit(t, await serveSite(t));
    await tool(page, 'Add agent').click();
    const name = field(page, 'agent6', 'Name');
    assert.equal(await name.evaluate((node) => node === document.activeElement), true);
    await show(page, 'synthesis');
    await need(page, 'synthesis', 'agent6').click();
    await act(page, 'agent6', 'Move up').click();
    assert.deepEqual(await listed(page), ['news', 'stock', 'social', 'internal', 'agent6', 'synthesis']);
    // What moved it goes on having the focus.
    await page.waitForFunction(() => document.activeElement.id.endsWith('-up'));
    await field(page, 'agent6', 'Output key').fill('mood');
    assert.match(await field(page, 'synthesis', 'Prompt').inputValue(), /\{mood\}$/);
    await name.fill('listener');
    await act(page, 'stock', 'Remove').click();
    assert.deepEqual(await listed(page), ['news', 'social', 'internal', 'listener', 'synthesis']);
    await page.waitForFunction(() =>
      document.activeElement.closest('[role=group]')?.getAttribute('aria-label') === 'social');
    const names = [...new Set((await timeline(page)).map((row) => row.agent))];
    assert.deepEqual(names, ['news', 'social', 'internal', 'listener', 'synthesis']);
    for (let clicks = 0; clicks < 7; clicks += 1) await tool(page, 'Add agent').click();
    assert.equal((await listed(page)).length, 12);
    assert.equal(await tool(page, 'Add agent').isDisabled(), true);
    await finish(page);
  });

  test('follows what is set elsewhere on the page', async (t) => {
    const page = await edit(t, await serveSite(t), '#fail=stock:500&latency=news:2');
    assert.equal(await field(page, 'news', 'Simulated latency (s)').inputValue(), '2');
    const handle = page.getByRole('slider', { name: 'news', exact: true });
    await handle.focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await field(page, 'news', 'Simulated latency (s)').inputValue(), '2.1');
    await show(page, 'stock');
    await field(page, 'stock', 'Name').fill('shares');
    const settings = new URLSearchParams(new URL(page.url()).hash.slice(1));
    assert.equal(settings.get('fail'), 'shares:500', 'the fault goes with the name');
    assert.equal(settings.get('latency'), null, 'the pipeline has it');
    assert.match(settings.get('p'), /^1company\./);
    await page.getByRole('combobox', { name: 'Preset', exact: true }).selectOption('headlines');
    await agent(page, 'judge').waitFor();
    assert.deepEqual(await listed(page), ['plain', 'curious', 'bold', 'judge']);
    await page.getByRole('combobox', { name: 'Preset', exact: true }).selectOption('fanout');
    await says(page, /too many to edit by hand/);
    await finish(page);
  });

  test('needs no pointer', async (t) => {
    const page = await open(t, await serveSite(t), '#speed=8');
    await ready(page);
    await button(page, 'Edit the pipeline').focus();
    await page.keyboard.press('Enter');
    await field(page, 'news', 'Prompt').waitFor();
    const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
    const tabTo = async (label) => {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab');
        if (await focused() === label) return;
      }
      assert.fail(`Tab never came to ${label}`);
    };
    await tabTo('Prompt');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' {internal}');
    await tabTo('internal');
    assert.equal(await need(page, 'news', 'internal').getAttribute('aria-pressed'), 'true');
    await page.keyboard.press('Space');
    assert.equal(await need(page, 'news', 'internal').getAttribute('aria-pressed'), 'false');
    assert.equal(await focused(), 'internal', 'the focus stays');
    // The next one is in the line of the next agent.
    await tabTo('Move down');
    await page.keyboard.press('Enter');
    assert.deepEqual((await listed(page)).slice(0, 3), ['news', 'social', 'stock']);
    await finish(page);
  });

  for (const [width, colorScheme] of [[1280, 'light'], [360, 'dark']]) {
    test(`axe finds nothing in it at ${width} px, ${colorScheme}`, async (t) => {
      const page = await edit(t, await serveSite(t), '', { viewport: { width, height: 900 }, colorScheme });
      await need(page, 'news', 'stock').click();
      await show(page, 'social');
      await field(page, 'social', 'Prompt').fill('{stok}');
      await button(page, 'Share').click();
      await page.getByRole('region', { name: 'Link', exact: true }).waitFor();
      assert.deepEqual(await violations(page), []);
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      await finish(page);
    });
  }
});

describe('a link', () => {
  test('holds the whole pipeline, and runs nothing that costs', async (t) => {
    const site = await serveSite(t);
    const page = await edit(t, site, '#provider=openai&autoplay=1', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByLabel('API key').fill('sk-radioactive');
    await tool(page, 'Add agent').click();
    await field(page, 'agent6', 'Name').fill('Prüferin 🔍');
    await field(page, 'Prüferin 🔍', 'Prompt').fill('Is “{news}” true? <b>{{literally}}</b>');
    await button(page, 'Share').click();
    await statusSays(page, /The link is in the clipboard; a key is never part of it\./);
    const shown = page.getByLabel('Link to this state');
    const link = await shown.inputValue();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
    assert.ok(link.length - site.url.length < 400, `${link.length} characters`);
    assert.ok(!link.includes('radioactive'));
    await page.getByText('It holds the whole pipeline as you edited it, the provider and one more setting; never a key.').waitFor();
    // It follows what is changed, and goes with Escape.
    await field(page, 'Prüferin 🔍', 'Simulated latency (s)').fill('3');
    assert.notEqual(await shown.inputValue(), link);
    const last = await shown.inputValue();
    await shown.focus();
    await page.keyboard.press('Escape');
    assert.equal(await shown.count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Share');
    await finish(page);

    const other = await edit(t, site, last.slice(site.url.length));
    assert.deepEqual(await listed(other), ['news', 'stock', 'social', 'internal', 'synthesis', 'Prüferin 🔍']);
    await show(other, 'Prüferin 🔍');
    assert.equal(await field(other, 'Prüferin 🔍', 'Prompt').inputValue(), 'Is “{news}” true? <b>{{literally}}</b>');
    assert.equal(await field(other, 'Prüferin 🔍', 'Simulated latency (s)').inputValue(), '3');
    assert.equal(await other.getByLabel('API key').inputValue(), '');
    assert.match(await statusText(other), /^Ready/, 'nothing runs by itself');
    await finish(other);
  });

  test('can be copied by hand where the browser does not', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=travel');
    await ready(page);
    await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); });
    await button(page, 'Share').click();
    await statusSays(page, /the link is selected, so copy it by hand/);
    assert.match(await page.evaluate(() => {
      const { value, selectionStart, selectionEnd } = document.activeElement;
      return value.slice(selectionStart, selectionEnd);
    }), /#preset=travel$/);
    await finish(page);
  });

  test('that is damaged falls back, and says so', async (t) => {
    const site = await serveSite(t);
    const bad = {
      '1company.NmRYDAbiGU_XtX6rnjar80GMKIWRRHoD5WttDRe': /is damaged or cut short: the preset is shown instead/,
      '1company.NmRYDAbiGU_XtX6rnjar81GMKIWRRHoD5WttDReO': /is damaged or cut short/,
      '9company.NmRYDAbiGU': /is in a form that this page does not know/,
      [`1company.${'A'.repeat(90_000)}`]: /is too long/,
    };
    for (const [p, pattern] of Object.entries(bad)) {
      const page = await open(t, site, `#topic=Tides&p=${p}&speed=8`);
      await ready(page);
      await statusSays(page, pattern);
      assert.equal(await page.getByLabel('Topic').inputValue(), 'Tides');
      assert.equal((await levels(page)).news, 1);
      await button(page, 'Run').click();
      await statusSays(page, /^Finished/);
      await finish(page);
    }
  });

  test('and a kept run give the pipeline back as it was', async (t) => {
    const page = await edit(t, await serveSite(t), '#speed=8');
    await need(page, 'news', 'stock').click();
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    await tool(page, 'Reset to preset').click();
    assert.equal((await levels(page)).news, 1);
    const history = page.getByRole('region', { name: 'History' });
    await history.getByText('Company research, edited: Lumen Robotics').waitFor();
    await history.getByRole('button', { name: 'Open', exact: true }).click();
    await statusSays(page, /^Finished/);
    assert.equal((await levels(page)).news, 2);
    await show(page, 'news');
    assert.match(await field(page, 'news', 'Prompt').inputValue(), /\{stock\}$/);
    await finish(page);
  });
});

/** What axe objects to, one line each. It comes in through the debugger, so the policy stays on. */
async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run(document));
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}
