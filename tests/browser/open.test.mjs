// Traces of other tools, opened in the page: by the button, by pasting and by dropping; what is said of
// them; and a recorded run in somebody else's page.

import { demo, heard } from './lib/host.mjs';
import { button, openTab, ready, status, timeline } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';
import { otlp } from './lib/traces.mjs';

const PARALLEL = otlp([['news', 0, 1000], ['stock', 0, 600], ['social', 0, 800], ['report', 1000, 1500]]);
const SEQUENTIAL = otlp([['news', 0, 1000], ['stock', 1000, 1600], ['social', 1600, 2400], ['report', 2400, 2900]]);

const file = (text, name = 'run.json') =>
  ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });

/** Chooses files by the button of the tab Runs. */
async function choose(page, ...files) {
  await openTab(page, 'Runs');
  const runs = page.getByRole('region', { name: 'Runs', exact: true });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    runs.getByRole('button', { name: 'Open a trace', exact: true }).click(),
  ]);
  await chooser.setFiles(files);
}

/** Does with a file what dropping it does. */
const drag = (page, type, text) => page.evaluate(([type, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], 'dropped.json', { type: 'application/json' }));
  document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
}, [type, text]);

const paste = (page, text, selector = 'body') => page.evaluate(([text, selector]) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  document.querySelector(selector).dispatchEvent(
    new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
}, [text, selector]);

const opened = (page) => page.getByRole('region', { name: 'Opened trace', exact: true });
const times = (rows, schedule) => rows.filter((row) => row.schedule === schedule)
  .map(({ agent, start, end }) => [agent, start, end]);

test.describe('a trace of another tool', () => {
  test('is a run on the stage, beside what the other schedule would take', async ({ open }) => {
    const page = await open('');
    await ready(page);
    await choose(page, file(PARALLEL));
    await expect(opened(page)).toContainText('run.json OTLP, 5 spans, 4 agents');
    await expect(opened(page)).toContainText('Yes, parallel: 3 at once.');
    await expect(status(page)).toHaveText(/Opened run\.json: OTLP, 5 spans, 4 agents/);
    await expect.poll(async () => times(await timeline(page), 'parallel')).toEqual([
      ['news', 0, 1], ['stock', 0, 0.6], ['social', 0, 0.8], ['report', 1, 1.5],
    ]);
    const race = page.getByRole('region', { name: 'Race', exact: true });
    await expect(race).toContainText('2.9');
    const other = (await timeline(page)).filter((row) => row.schedule === 'sequential');
    expect(new Set(other.map((row) => row.outcome))).toEqual(new Set(['expected']));
    // It holds no texts, so that there is no report to read.
    await expect(page.locator('.report-card')).toHaveCount(0);
    await openTab(page, 'Answers');
    await expect(page.getByRole('region', { name: 'Report', exact: true })).toContainText('The trace holds no text of a report.');
    // No setting changes what was measured.
    await openTab(page, 'What if');
    await page.getByLabel('Concurrency limit', { exact: true }).fill('1');
    await page.getByLabel('Concurrency limit', { exact: true }).press('Enter');
    await expect(opened(page)).toBeVisible();
    expect(times(await timeline(page), 'parallel')[3]).toEqual(['report', 1, 1.5]);
    // Nothing was asked of anybody.
    expect(page.account.foreign).toEqual([]);
  });

  test('of calls one after another is the sequential run, with candidates', async ({ open }) => {
    const page = await open('');
    await ready(page);
    await paste(page, SEQUENTIAL);
    await expect(opened(page)).toContainText('Pasted text OTLP, 5 spans, 4 agents');
    await expect(opened(page)).toContainText('No, sequential: nothing overlapped.');
    await expect.poll(async () => times(await timeline(page), 'sequential')[3]).toEqual(['report', 2.4, 2.9]);
    await opened(page).getByRole('button', { name: 'Show it', exact: true }).first().click();
    await expect(page.getByRole('slider', { name: 'Time', exact: true })).toHaveJSProperty('value', '0');
  });

  test('becomes a pipeline that runs as long', async ({ open }) => {
    const page = await open('#speed=8');
    await ready(page);
    await choose(page, file(PARALLEL));
    await button(page, 'Make it a pipeline').click();
    await expect(opened(page)).toHaveCount(0);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished: sequential \d/);
    const own = (await timeline(page)).filter((row) => row.schedule === 'parallel');
    expect(own.map((row) => [row.agent, row.outcome])).toEqual(
      ['news', 'stock', 'social', 'report'].map((agent) => [agent, 'done']));
    await expect(page).toHaveURL(/#.*p=/);
  });

  test('is opened by dropping it anywhere, and the place is shown', async ({ open }) => {
    const page = await open('');
    await ready(page);
    await drag(page, 'dragenter', PARALLEL);
    await expect(page.getByText('Drop a trace to open it')).toBeVisible();
    await drag(page, 'drop', PARALLEL);
    await expect(page.getByText('Drop a trace to open it')).toHaveCount(0);
    await expect(opened(page)).toContainText('dropped.json');
  });

  test('pasted into a field is for the field, and other text is ignored', async ({ open }) => {
    const page = await open('');
    await ready(page);
    const before = await status(page).innerText();
    await page.evaluate(() => {
      const field = document.createElement('textarea');
      field.id = 'other';
      document.body.append(field);
    });
    await paste(page, PARALLEL, '#other');
    await paste(page, 'just some words');
    await expect(opened(page)).toHaveCount(0);
    await expect(status(page)).toHaveText(before);
  });

  test('comes with others: the last one is shown, and all are in the list of runs', async ({ open }) => {
    const page = await open('');
    await ready(page);
    await choose(page, file(SEQUENTIAL, 'one.json'), file('{"no": "trace"}', 'two.json'), file(PARALLEL, 'three.json'));
    await expect(opened(page)).toContainText('three.json');
    await expect(status(page)).toHaveText(/two\.json was not opened\. This is no trace/);
    const earlier = page.getByRole('list', { name: 'Earlier runs' }).getByRole('listitem');
    await expect(earlier).toHaveCount(2);
    const one = earlier.filter({ hasText: 'one.json' });
    await one.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(opened(page)).toContainText('one.json');
    await earlier.filter({ hasText: 'three.json' }).getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(page.getByRole('region', { name: 'Runs', exact: true })).toContainText(/1\.5 s/);
  });

  test('that is none is refused with a reason, and costs nothing that was there', async ({ open }) => {
    const page = await open('#preset=company&speed=8');
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const rows = await timeline(page);
    for (const [text, reason] of [
      ['', /run\.json was not opened\. There is nothing in this file/],
      ['{"resourceSpans": [', /run\.json was not opened\. This file ends too early/],
      ['{"a": 1}', /run\.json was not opened\. This is no trace/],
    ]) {
      await choose(page, file(text));
      await expect(status(page)).toHaveText(reason);
      expect(await timeline(page), 'what was there stays').toEqual(rows);
    }
  });

  test('is hostile text like any other', async ({ open }) => {
    const page = await open('');
    await ready(page);
    const script = '<img src=x onerror="window.harmed = true">';
    const calls = [[script, 0, 1000], ['javascript:alert(1)', 0, 500], ['b', 1000, 1200]];
    await choose(page, file(otlp(calls), `${script}.json`));
    await expect(opened(page)).toContainText('4 spans');
    for (const name of ['Answers', 'Code', 'Prompts', 'Event loop', 'Tail latency', 'Runs']) await openTab(page, name);
    expect(await page.evaluate(() => window.harmed)).toBe(undefined);
    await expect(page.locator('img[src="x"], a[href^="javascript"]')).toHaveCount(0);
  });

  test('with very many calls opens while the page answers, or is stopped', async ({ open }) => {
    const page = await open('');
    await ready(page);
    const many = otlp(Array.from({ length: 500 }, (_, at) => [`worker ${at % 20}`, at * 10, at * 10 + 500]));
    await drag(page, 'drop', many);
    await expect(opened(page)).toContainText('501 spans, 20 agents', { timeout: 30_000 });
  });
});

test.describe('a recorded run in an article', () => {
  /** A host's page that has the file beside it. */
  const hostWith = (openHost, text, attributes = '') => openHost(() => demo(`trace="run.json" view="race" ${attributes}`), {
    files: { '/run.json': text },
  });

  test('is shown without a request by the frame', async ({ openHost }) => {
    const page = await hostWith(openHost, PARALLEL);
    await heard(page, 'ready');
    await expect(opened(page.frame())).toContainText('run.json OTLP, 5 spans, 4 agents');
    await expect(page.frame().locator('.opened')).toContainText('Yes, parallel');
    const asked = page.account.requests.filter((url) => url.endsWith('run.json'));
    expect(asked.length).toBe(1);
    await expect(page.frame().getByRole('button', { name: 'Make it a pipeline' })).toHaveCount(0);
  });

  test('that is not there says so', async ({ openHost }) => {
    const page = await openHost(() => demo('trace="gone.json" view="race"'), { expected: [/404/] });
    await heard(page, 'ready');
    await expect(status(page.frame())).toHaveText(/gone\.json could not be loaded/);
  });

  test('is taken from the parent only, and of the right shape', async ({ openHost }) => {
    const page = await openHost(() => demo('view="race"'));
    await heard(page, 'ready');
    const frame = page.frame();
    // Everything that is ever shown as opened, also if the next one takes its place.
    await frame.locator('body').evaluate((body) => {
      window.shown = new Set();
      const note = () => document.querySelectorAll('section[aria-label="Opened trace"]')
        .forEach((opened) => window.shown.add(opened.textContent));
      new MutationObserver(note).observe(body, { childList: true, subtree: true, characterData: true });
    });
    await frame.locator('body').evaluate((_, text) =>
      postMessage({ type: 'converge:show', name: 'x', text }, '*'), PARALLEL);
    await page.evaluate((text) => {
      const to = document.querySelector('converge-demo').shadowRoot.querySelector('iframe').contentWindow;
      for (const message of [
        { type: 'converge:show' }, { type: 'converge:show', text }, { type: 'converge:show', name: 'x' },
        { type: 'converge:show', name: {}, text }, { type: 'converge:show', name: 'x', text: 7 },
        { type: 'converge:show', name: 'x'.repeat(30_000), text }, ['converge:show', text],
        // Messages are read in their order: once this has been done, those have been refused.
        { type: 'converge:set', preset: 'topic' },
      ]) to.postMessage(message, '*');
    }, PARALLEL);
    await expect(frame.getByText('Questions').first()).toBeVisible();
    await page.evaluate((text) => {
      const to = document.querySelector('converge-demo').shadowRoot.querySelector('iframe').contentWindow;
      for (let at = 0; at < 500; at += 1) to.postMessage({ type: 'converge:show', name: `${at}.json`, text }, '*');
    }, PARALLEL);
    await expect(opened(frame)).toContainText('499.json');
    const shown = await frame.locator('body').evaluate(() => [...window.shown]);
    expect(shown.filter((text) => !/\d+\.json/.test(text))).toEqual([]);
  });
});
