// Files: Export saves the run as the trace file of the contract, and such a file is a run again.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, status, statusSays, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

after(quit);

/** Clicks what saves a file; its name and what is in it. */
async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

const give = (page, text) =>
  page.getByLabel('Open a trace file', { exact: true })
    .setInputFiles({ name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(text) });

describe('a run as a file', () => {
  test('holds what the page shows, and is shown again when it is opened', async (t) => {
    const site = await serveSite(t);
    const page = await open(t, site, '#preset=company&topic=Ada%20Ltd&latency=stock:0.4&speed=4');
    await ready(page);
    await button(page, 'Export').click();
    assert.match(await status(page).innerText(), /no run to save yet/);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    const { name, text } = await saved(page, () => button(page, 'Export').click());
    assert.equal(name, 'converge-company-parallel.json');
    const file = JSON.parse(text);
    assert.deepEqual([file.format, file.version, file.provider, file.model],
      ['converge-trace', 1, 'simulated', null]);
    assert.match(file.started, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(file.hidden, false);
    assert.deepEqual(file.pipeline.given, { topic: 'Ada Ltd' });
    const rows = (await timeline(page)).filter((row) => row.schedule === 'parallel');
    for (const [at, span] of file.spans.entries()) {
      assert.equal(span.name.toLowerCase(), rows[at].agent);
      assert.equal(span.outcome, 'done');
      assert.ok(Math.abs(span.end_us / 1e6 - rows[at].end) < 0.001, `${span.name} ends as shown`);
      assert.ok(span.polls > 0 && span.output.length > 0);
    }
    assert.ok(file.metrics.makespan_us >= 2.3e6 && file.metrics.max_in_flight === 4);
    const other = await saved(page, () => button(page, 'Save the sequential run').click());
    assert.equal(other.name, 'converge-company-sequential.json');
    assert.equal(JSON.parse(other.text).metrics.max_in_flight, 1);

    // In a page that knows nothing of it: the same bars, and the same sentences.
    const again = await open(t, site, '');
    await ready(again);
    await button(again, 'Export').click();
    await give(again, text);
    const told = await statusSays(again, /From a file: the parallel run of 20/);
    assert.match(told, /^Finished: parallel /);
    assert.deepEqual(await timeline(again), rows);
    assert.equal(await again.getByLabel('Topic', { exact: true }).inputValue(), 'Ada Ltd');
    const card = again.getByRole('region', { name: 'news', exact: true });
    assert.ok((await card.innerText()).includes(file.spans[0].output.slice(0, 40)));
    await finish(page);
    await finish(again);
  });

  test('is refused with a reason when it is none, and does no harm', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&schedule=parallel&speed=8');
    await ready(page);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    const { text } = await saved(page, () => button(page, 'Export').click());
    const rows = await timeline(page);
    const told = [];
    const refuse = async (bad, pattern) => {
      await give(page, bad);
      told.push(await statusSays(page, pattern));
      assert.deepEqual(await timeline(page), rows, 'what was there stays');
    };
    await refuse('not json', /not opened: it is not a trace file/);
    await refuse(JSON.stringify({ ...JSON.parse(text), version: 9 }), /not opened: it is of version 9/);
    const late = JSON.parse(text);
    late.spans[0].end_us = 0;
    await refuse(JSON.stringify(late), /not opened: its times do not fit together/);
    // A hostile one that is well made: text stays text, and nobody is called.
    const hostile = JSON.parse(text);
    const script = '<img src=x onerror="window.harmed = true">';
    hostile.provider = script;
    hostile.started = script;
    hostile.spans[4].output = `# ${script}\n[a](javascript:alert(1))`;
    hostile.base_url = 'https://evil.test';
    await give(page, JSON.stringify(hostile));
    await statusSays(page, /From a file/);
    assert.equal(await page.evaluate(() => window.harmed), undefined);
    assert.equal(await page.locator('img[src="x"], a[href^="javascript"]').count(), 0);
    assert.equal(await page.getByLabel('Provider', { exact: true }).inputValue(), 'simulated');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    await finish(page);
  });
});
