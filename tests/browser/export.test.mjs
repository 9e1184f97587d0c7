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

  test('is saved for every other program that the dialog names', async ({ open }) => {
    const page = await open('#preset=company&speed=8');
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const rows = (await timeline(page)).filter((row) => row.schedule === 'parallel');
    await openMenu(page);
    await button(page, 'Export').click();
    const formats = page.getByRole('list', { name: 'Formats' }).getByRole('listitem');
    await expect(formats).toHaveCount(7);
    for (const format of await formats.all()) await expect(format).toHaveText(/ [^.]+\.$/);
    const save = async (label) => {
      const download = page.waitForEvent('download');
      await button(page, label).click();
      const file = await download;
      await expect(status(page)).toContainText(`Saved ${file.suggestedFilename()}.`);
      return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
    };
    const csv = await save('CSV');
    expect(csv.name).toBe('converge-company-parallel.csv');
    expect(csv.bytes.toString().split('\n').slice(1, 6).map((line) => line.split(',')[0]))
      .toEqual(rows.map((row) => row.agent));
    const perfetto = await save('Perfetto');
    expect(perfetto.name).toBe('converge-company-parallel.perfetto.json');
    const threads = JSON.parse(perfetto.bytes.toString()).traceEvents
      .filter((event) => event.name === 'thread_name').map((event) => event.args.name);
    for (const { agent } of rows) expect(threads).toContain(agent);
    const otlp = await save('OpenTelemetry');
    const spans = JSON.parse(otlp.bytes.toString()).resourceSpans[0].scopeSpans[0].spans;
    for (const { agent } of rows) expect(spans.map((span) => span.name)).toContain(`invoke_agent ${agent}`);
    expect((await save('Mermaid gantt')).bytes.toString()).toMatch(/^gantt\n/);
    expect((await save('Mermaid flowchart')).bytes.toString()).toMatch(/^flowchart /);

    // The pixels of the picture are those that a browser draws of the SVG. What is in it: picture.test.mjs.
    const svg = await save('SVG');
    expect(svg.name).toBe('converge-company.svg');
    for (const text of ['Sequential', 'Parallel', 'Synthesis']) expect(svg.bytes.toString()).toContain(`>${text}<`);
    const png = await save('PNG');
    expect(png.name).toBe('converge-company.png');
    const drawn = await page.evaluate(async ([svg, png]) => {
      const pixels = async (source, times) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'),
          { width: image.naturalWidth * times, height: image.naturalHeight * times });
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        return { width: canvas.width, height: canvas.height, data: context.getImageData(0, 0, canvas.width, canvas.height).data };
      };
      const expected = await pixels(`data:image/svg+xml,${encodeURIComponent(svg)}`, 2);
      const actual = await pixels(`data:image/png;base64,${png}`, 1);
      const colors = new Set();
      let differ = 0;
      for (let at = 0; at < expected.data.length; at += 4) {
        colors.add(actual.data.slice(at, at + 3).join());
        if ([0, 1, 2].some((part) => Math.abs(expected.data[at + part] - actual.data[at + part]) > 2)) differ += 1;
      }
      return { size: [actual.width, actual.height], expected: [expected.width, expected.height], colors: colors.size, differ };
    }, [svg.bytes.toString(), png.bytes.toString('base64')]);
    expect(drawn.size).toEqual(drawn.expected);
    const [width] = /width="\d+"/.exec(svg.bytes.toString());
    expect(`width="${drawn.size[0] / 2}"`).toBe(width);
    expect(drawn.colors, 'colors of the picture').toBeGreaterThan(5);
    expect(drawn.differ).toBe(0);

    // The sequential run is one choice away.
    await page.getByRole('combobox', { name: 'Run', exact: true }).selectOption({ label: 'Sequential' });
    expect((await save('CSV')).name).toBe('converge-company-sequential.csv');
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
