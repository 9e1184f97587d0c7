// What the page does besides racing: time that can be held and walked through, failures that can be
// read, hostile text that stays text, links that set no trap, and the figure in somebody's page.

import {
  button, chooseScenario, makespan, near, openTab, output, ready, status, timeline,
} from './lib/page.mjs';
import { TIMING, expect, test } from './lib/test.mjs';

const region = (page, name) => page.getByRole('region', { name, exact: true });
const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const cursor = async (page) => Number(await time(page).inputValue());
const past = (page, moment) => expect.poll(() => cursor(page)).toBeGreaterThan(moment);
const outcomes = (rows, schedule) => Object.fromEntries(
  rows.filter((row) => row.schedule === schedule).map((row) => [row.agent, row.outcome]));

/** Lets the page draw that many frames. */
const frames = (page, count) => page.evaluate((n) => new Promise((done) => {
  const next = () => (n-- > 0 ? requestAnimationFrame(next) : done());
  next();
}), count);

test.describe('time', () => {
  test('stands while it is paused, and the run is none the longer for it', { tag: TIMING }, async ({ open }) => {
    const page = await open('#preset=company');
    await ready(page);
    await button(page, 'Run').click();
    await past(page, 0.3);
    await button(page, 'Pause').click();
    await button(page, 'Play').waitFor();
    const [held, rows] = [await cursor(page), await timeline(page)];
    await frames(page, 30);
    expect(await cursor(page)).toBe(held);
    expect(await timeline(page)).toEqual(rows);
    await expect(status(page)).toHaveText(/^Running/);
    await button(page, 'Play').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const over = await timeline(page);
    // The pause was half a second or more, a tenth of the run and a fifth: less than that is late timers.
    near(makespan(over, 'sequential'), 5.1, 0.05, 'sequential makespan');
    near(makespan(over, 'parallel'), 2.3, 0.1, 'parallel makespan');
  });

  test('can be walked through after the run, and shows what was there then', async ({ open }) => {
    const page = await open('#preset=company&speed=8&autoplay=1');
    await expect(status(page)).toHaveText(/^Finished/);
    const over = await timeline(page);
    const whole = await output(page, 'news').textContent();
    await time(page).focus();
    await page.keyboard.press('Home');
    await expect(status(page)).toHaveText(/^Running: 0 of 4 branches done/);
    await expect(output(page, 'news')).not.toContainText('second assembly hall');
    await expect.poll(async () => outcomes(await timeline(page), 'parallel').synthesis).toBe('waiting');

    // A step shows just what had ended by then, which the finished run's own table tells.
    await button(page, 'Next event').click();
    await expect(status(page)).toHaveText(/^Running: [1-4] of 4 branches done/);
    const now = await cursor(page);
    for (const { agent, schedule, outcome } of await timeline(page)) {
      const { end } = over.find((row) => row.agent === agent && row.schedule === schedule);
      if (Math.abs(end - now) > 0.011) expect(outcome === 'done', agent).toBe(end < now);
    }
    await button(page, 'Previous event').click();
    await expect(status(page)).toHaveText(/^Running: 0 of 4 branches done/);

    await time(page).focus();
    await page.keyboard.press('End');
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(output(page, 'news')).toHaveText(whole);
  });

  test('follows the speed of the menu', { tag: TIMING }, async ({ open }) => {
    const page = await open('#preset=company&speed=0.1');
    await ready(page);
    await button(page, 'Run').click();
    await past(page, 0);
    await page.getByRole('combobox', { name: 'Speed', exact: true }).selectOption('8');
    // At a tenth of the speed it would be 51 s; nothing in a run is ever early.
    await expect(status(page)).toHaveText(/^Finished/, { timeout: 25_000 });
    expect(makespan(await timeline(page), 'sequential')).toBeGreaterThanOrEqual(5.1 - 0.011);
    await expect(page).toHaveURL(/speed=8/);
  });
});

test.describe('a failure', () => {
  test('cancels the others, and says who failed of what', async ({ open }) => {
    // The others are far from their ends when stock fails, and news is not far from its own.
    const page = await open('#preset=company&fail=stock:500@0.4&latency=news:2,social:9,internal:9&autoplay=1');
    await expect(status(page)).toHaveText(/^Failed: sequential [\d.]+ s, parallel [\d.]+ s\./);
    await expect(status(page)).toHaveText(/Stock failed \(a fault you injected\): the server answered with error 500/);
    const rows = await timeline(page);
    expect(outcomes(rows, 'parallel')).toEqual({
      news: 'canceled', stock: 'failed', social: 'canceled', internal: 'canceled', synthesis: 'skipped',
    });
    expect(outcomes(rows, 'sequential')).toEqual({
      news: 'done', stock: 'failed', social: 'canceled', internal: 'canceled', synthesis: 'skipped',
    });
    await expect(output(page, 'stock')).toHaveText(/error 500/);
    await expect(output(page, 'synthesis')).toHaveText(/was skipped: it needs/);
  });

  test('is collected where the reader wants that, and the gap is marked', async ({ open }) => {
    const page = await open('#preset=company&fail=stock:500@0.4&speed=4');
    await ready(page);
    await openTab(page, 'What if');
    await page.getByRole('combobox', { name: 'When a branch fails', exact: true })
      .selectOption('collect');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished: .*The report is missing an answer\. Stock failed/);
    await openTab(page, 'Answers');
    await expect(region(page, 'Report')).toHaveText(/stock is missing/);
    await expect.poll(async () => outcomes(await timeline(page), 'parallel').synthesis).toBe('done');
  });

  test('of an agent that hangs ends with Stop', async ({ open }) => {
    const page = await open('#preset=company&fail=news:hang&schedule=parallel&speed=8&autoplay=1');
    await expect(status(page)).toHaveText(/^Running: 3 of 4/);
    await button(page, 'Stop').click();
    await expect(status(page)).toHaveText(/^Stopped/);
    await expect.poll(async () => outcomes(await timeline(page), 'parallel').news).toBe('canceled');
  });
});

test.describe('the flow and the report', () => {
  test('show what the run has come to', async ({ open }) => {
    const page = await open('#preset=company&speed=8&tab=prompts');
    await ready(page);
    const boxes = () => page.getByRole('list', { name: 'Map of the pipeline', exact: true })
      .getByRole('listitem').allTextContents();
    const text = async () => (await boxes()).map((box) => box.replace(/\u200b/g, ''));
    await expect.poll(() => text()).toEqual([
      'input, waiting', 'News, waiting', 'Stock, waiting', 'Social, waiting', 'Internal, waiting',
      'Synthesis, waiting', 'report, waiting',
    ]);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await expect.poll(async () => (await text()).filter((box) => !box.endsWith(', done'))).toEqual([]);

    await openTab(page, 'Answers');
    const report = region(page, 'Report');
    await report.getByRole('heading', { name: 'Lumen Robotics: a briefing' }).waitFor();
    await expect(report.locator('ul > li')).toHaveCount(4);
    await expect(report.locator('ol > li')).toHaveCount(3);
    await expect(report, 'marks are formatted, not shown').not.toContainText('**');
  });

  test('keep hostile text text', async ({ open }) => {
    const page = await open('#preset=company&speed=8');
    await ready(page);
    const hostile = '<img src=x onerror="document.title=1"> <script>document.title=2</script> '
      + '[a](javascript:alert(1)) [b](data:text/html,x) [c](https://example.org/c)';
    await page.getByLabel('Topic', { exact: true }).fill(hostile);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const report = region(page, 'Report');
    await expect(report).toHaveText(/<img src=x/);
    await expect(report.locator('img, script, iframe')).toHaveCount(0);
    const links = await report.locator('a').evaluateAll((all) =>
      all.map((link) => [link.getAttribute('href'), link.rel]));
    expect(links.length).toBeGreaterThan(0);
    for (const [href, rel] of links) {
      expect(href).toBe('https://example.org/c');
      expect(rel).toMatch(/noopener/);
    }
    await expect.poll(() => page.title()).toMatch(/^Converge/);
  });
});

test.describe('the address', () => {
  test('follows the controls, and the page follows the address', async ({ open }) => {
    const page = await open('#preset=company');
    await ready(page);
    await chooseScenario(page, 'One topic');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/topic|views/i);
    await expect(page).toHaveURL(/preset=topic/);
    await page.evaluate(() => { location.hash = '#preset=researchers&speed=banana'; });
    await page.getByRole('heading', { level: 1, name: /three researchers/i }).waitFor();
    await expect(status(page)).toHaveText(/banana/);
    await expect.poll(async () => (await timeline(page)).map((row) => row.agent)).toContain('evresearcher');
  });

  test('cannot send a key to a host that the reader has not accepted', async ({ open }) => {
    const hash = '#provider=compatible&model=m&base_url=https://models.example/v1&schedule=parallel';
    const page = await open(hash);
    await ready(page);
    // The warning opens the sheet that it stands in.
    await page.getByLabel('API key', { exact: true }).fill('sk-not-for-strangers');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/models\.example\. Accept the host first/);
    expect(page.account.requests.filter((url) => url.includes('models.example'))).toEqual([]);
    // Accepting it by hand is enough, and then the call does leave (the test lets it go nowhere).
    page.account.expectForeign(/models\.example/);
    page.account.expect(/net::ERR_FAILED/);
    await button(page, 'I trust models.example').click();
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Failed .*could not reach https:\/\/models\.example/);
    expect(page.account.foreign.length).toBeGreaterThan(0);
  });

  test('starts a run when it is scrolled into view, if it says so', async ({ open }) => {
    const page = await open('#autoplay=visible&speed=8', { viewport: { width: 900, height: 120 } });
    await ready(page);
    await frames(page, 20);
    await expect(status(page)).toHaveText(/^Press Run/);
    await button(page, 'Run').scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 400);
    await expect(status(page)).toHaveText(/^Finished/);
  });

  test('makes it a figure: only the view, and no control that a lesson hides', async ({ open }) => {
    const page = await open('#embed=1&view=race&hide=speed');
    await ready(page);
    // Its name is heard and not seen.
    const { width, height } = await page.getByRole('heading', { level: 1 }).boundingBox();
    expect(width).toBeLessThanOrEqual(1);
    expect(height).toBeLessThanOrEqual(1);
    await expect(page.getByRole('button', { name: 'Scenario' })).toBeHidden();
    await expect(page.getByRole('combobox', { name: 'Speed' })).toBeHidden();
    await expect(region(page, 'Flow')).toHaveCount(0);
    const ground = await page.evaluate(() =>
      getComputedStyle(document.documentElement).backgroundColor);
    expect(ground).toBe('rgba(0, 0, 0, 0)');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished: sequential/);
  });

  test('brings forth many branches, which share a limit', async ({ open }) => {
    const page = await open('#preset=fanout&n=40&limit=7&schedule=parallel&autoplay=1');
    await expect(status(page)).toHaveText(/^Finished: parallel/);
    const rows = await timeline(page);
    expect(rows.length).toBe(41);
    const branches = rows.filter((row) => row.agent !== 'synthesis');
    const together = branches.map(({ start }) =>
      branches.filter((other) => other.start <= start && start < other.end).length);
    expect(Math.max(...together)).toBe(7);
  });
});

test.describe('a slow live model', () => {
  test('is given up after the longest wait, with what to do', async ({ startApi, open }) => {
    const api = await startApi({ answers: [[/./, 'too late']], until: () => new Promise(() => {}) });
    const hash = `#preset=topic&retries=0&provider=compatible&model=m&schedule=parallel&base_url=${api.baseUrl}`;
    const page = await open(hash, { allow: [api.origin], expected: [/net::ERR_/], clock: true });
    await ready(page);
    await openTab(page, 'What if');
    const wait = page.getByLabel('First-token timeout (s)');
    await wait.fill('60');
    await wait.press('Tab');
    await button(page, 'Run').click();
    // The wait begins before the server hears of the call, so that it must not be over by then.
    await expect.poll(() => api.calls.length).toBe(3);
    await page.clock.fastForward(60_000);
    await expect(status(page)).toHaveText(/^Failed .*no answer within 60(\.0)? s.*raise the timeout/);
    await expect.poll(() => api.calls.filter((call) => call.ended === Infinity), 'calls in flight').toEqual([]);
    expect(api.calls.length).toBe(3);
    expect(api.calls.every((call) => call.aborted)).toBe(true);
    await expect(status(page)).toHaveCount(1);
  });
});
