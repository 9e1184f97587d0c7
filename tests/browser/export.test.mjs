// Files: Export saves the run as the trace file of the contract, and such a file is a run again.

import { readFile } from 'node:fs/promises';
import { button, openMenu, openTab, openTrace, ready, saveRun, status, timeline } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

/** The file of a schedule's run: its name and what is in it. */
async function saved(page, schedule) {
  const download = await saveRun(page, schedule);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

const give = (page, text) =>
  openTrace(page, { name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(text) });

test.describe('a run as a file', () => {
  test('holds what the page shows, and is shown again when it is opened', async ({ open }) => {
    const page = await open('#preset=company&topic=Ada%20Ltd&latency=stock:0.4&speed=4');
    await ready(page);
    await openMenu(page);
    await button(page, 'Export').click();
    await page.getByText(/no run to save yet/).waitFor();
    await page.keyboard.press('Escape');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const { name, text } = await saved(page, 'parallel');
    expect(name).toBe('converge-company-parallel.json');
    const file = JSON.parse(text);
    expect([file.format, file.version, file.provider, file.model]).toEqual(['converge-trace', 1, 'simulated', null]);
    expect(file.started).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(file.hidden).toBe(false);
    expect(file.pipeline.given).toEqual({ topic: 'Ada Ltd' });
    const rows = (await timeline(page)).filter((row) => row.schedule === 'parallel');
    for (const [at, span] of file.spans.entries()) {
      expect(span.name.toLowerCase()).toBe(rows[at].agent);
      expect(span.outcome).toBe('done');
      expect(Math.abs(span.end_us / 1e6 - rows[at].end), `${span.name} ends as shown`).toBeLessThan(0.001);
      expect(span.polls).toBeGreaterThan(0);
      expect(span.output).not.toBe('');
    }
    expect(file.metrics.makespan_us).toBeGreaterThanOrEqual(2.3e6);
    expect(file.metrics.max_in_flight).toBe(4);
    const other = await saved(page, 'sequential');
    expect(other.name).toBe('converge-company-sequential.json');
    expect(JSON.parse(other.text).metrics.max_in_flight).toBe(1);

    // In a page that knows nothing of it: the same bars, and the same sentences.
    const again = await open('');
    await ready(again);
    await give(again, text);
    await expect(status(again)).toHaveText(/^Finished: parallel .*Opened run\.json: Converge, 5 spans, 5 agents/);
    // The other schedule is only expected.
    await expect.poll(async () => (await timeline(again)).filter((row) => row.schedule === 'parallel')).toEqual(rows);
    await expect(again.getByLabel('Topic', { exact: true })).toHaveValue('Ada Ltd');
    const card = again.getByRole('region', { name: 'news', exact: true });
    await expect(card).toContainText(file.spans[0].output.slice(0, 40));
  });

  test('is refused with a reason when it is none, and does no harm', async ({ open }) => {
    const page = await open('#preset=company&schedule=parallel&speed=8');
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const { text } = await saved(page, 'parallel');
    const rows = await timeline(page);
    const refuse = async (bad, pattern) => {
      await give(page, bad);
      await expect(status(page)).toHaveText(pattern);
      expect(await timeline(page), 'what was there stays').toEqual(rows);
    };
    await refuse('not json', /not opened\. This is no trace/);
    await refuse(JSON.stringify({ ...JSON.parse(text), version: 9 }), /not opened: it is version 9, and this page reads version 1/);
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
    await expect(status(page)).toHaveText(/Opened run\.json/);
    expect(await page.evaluate(() => window.harmed)).toBe(undefined);
    await expect(page.locator('img[src="x"], a[href^="javascript"]')).toHaveCount(0);
    await expect(button(page, 'Provider: Simulated')).toBeVisible();
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
  });
});
