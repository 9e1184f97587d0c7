// What the page does besides racing: time that can be held and walked through, failures that can be
// read, hostile text that stays text, links that set no trap, and the figure in somebody's page.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { startApi, until } from './lib/api.mjs';
import { finish, open, quit } from './lib/browser.mjs';
import {
  button, makespan, near, output, ready, status, statusSays, statusText, timeline,
} from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const region = (page, name) => page.getByRole('region', { name, exact: true });
const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const cursor = async (page) => Number(await time(page).inputValue());
const outcomes = (rows, schedule) => Object.fromEntries(
  rows.filter((row) => row.schedule === schedule).map((row) => [row.agent, row.outcome]));

/** Lets the page draw that many frames. */
const frames = (page, count) => page.evaluate((n) => new Promise((done) => {
  const next = () => (n-- > 0 ? requestAnimationFrame(next) : done());
  next();
}), count);

after(quit);

describe('time', () => {
  test('stands while it is paused, and the run is none the longer for it', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company');
    await ready(page);
    await button(page, 'Run').click();
    await page.waitForFunction(() => document.querySelector('[aria-label=Time]').value > 0.3);
    await button(page, 'Pause').click();
    await button(page, 'Play').waitFor();
    const [held, rows] = [await cursor(page), await timeline(page)];
    await frames(page, 30);
    assert.equal(await cursor(page), held);
    assert.deepEqual(await timeline(page), rows);
    assert.match(await statusText(page), /^Running/);
    await button(page, 'Play').click();
    await statusSays(page, /^Finished/);
    const over = await timeline(page);
    // The pause was half a second or more, a tenth of the run and a fifth: less than that is late timers.
    near(makespan(over, 'sequential'), 5.1, 0.05, 'sequential makespan');
    near(makespan(over, 'parallel'), 2.3, 0.1, 'parallel makespan');
    await finish(page);
  });

  test('can be walked through after the run, and shows what was there then', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8&autoplay=1');
    await statusSays(page, /^Finished/);
    const over = await timeline(page);
    const whole = await output(page, 'news').textContent();
    await time(page).focus();
    await page.keyboard.press('Home');
    await statusSays(page, /^Running: 0 of 4 branches done/);
    assert.ok(!(await output(page, 'news').textContent()).includes('second assembly hall'));
    assert.equal(outcomes(await timeline(page), 'parallel').synthesis, 'waiting');

    // A step shows just what had ended by then, which the finished run's own table tells.
    await button(page, 'Step forward').click();
    await statusSays(page, /^Running: [1-4] of 4 branches done/);
    const now = await cursor(page);
    for (const { agent, schedule, outcome } of await timeline(page)) {
      const { end } = over.find((row) => row.agent === agent && row.schedule === schedule);
      if (Math.abs(end - now) > 0.011) assert.equal(outcome === 'done', end < now, agent);
    }
    await button(page, 'Step back').click();
    await statusSays(page, /^Running: 0 of 4 branches done/);

    await time(page).focus();
    await page.keyboard.press('End');
    await statusSays(page, /^Finished/);
    assert.equal(await output(page, 'news').textContent(), whole);
    await finish(page);
  });

  test('follows the speed of the menu', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=0.1');
    await ready(page);
    const began = await page.evaluate(() => performance.now());
    await button(page, 'Run').click();
    await page.waitForFunction(() => document.querySelector('[aria-label=Time]').value > 0);
    await page.getByRole('combobox', { name: 'Speed', exact: true }).selectOption('8');
    await statusSays(page, /^Finished/);
    const took = (await page.evaluate(() => performance.now())) - began;
    // At a tenth of the speed it would be 51 s; nothing in a run is ever early.
    assert.ok(took < 25_000, `${took} ms`);
    assert.ok(makespan(await timeline(page), 'sequential') >= 5.1 - 0.011);
    assert.match(new URL(page.url()).hash, /speed=8/);
    await finish(page);
  });
});

describe('a failure', () => {
  test('cancels the others, and says who failed of what', async (t) => {
    const page = await open(t, await serveSite(t), '#fail=stock:500@0.4&autoplay=1');
    const text = await statusSays(page, /^Failed after/);
    assert.match(text, /stock failed: the server answered with error 500.*run again/);
    const rows = await timeline(page);
    assert.deepEqual(outcomes(rows, 'parallel'), {
      news: 'cancelled', stock: 'failed', social: 'cancelled', internal: 'cancelled', synthesis: 'skipped',
    });
    assert.deepEqual(outcomes(rows, 'sequential'), {
      news: 'done', stock: 'failed', social: 'cancelled', internal: 'cancelled', synthesis: 'skipped',
    });
    assert.match(await output(page, 'stock').textContent(), /error 500/);
    assert.match(await output(page, 'synthesis').textContent(), /was not started: it needs/);
    await finish(page);
  });

  test('is collected where the reader wants that, and the gap is marked', async (t) => {
    const page = await open(t, await serveSite(t), '#fail=stock:500@0.4&speed=4');
    await ready(page);
    await page.getByRole('combobox', { name: 'When a branch fails', exact: true })
      .selectOption('collect');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished: .*Not everything is in it: stock failed/);
    assert.match(await region(page, 'Report').textContent(), /stock is missing/);
    assert.equal(outcomes(await timeline(page), 'parallel').synthesis, 'done');
    await finish(page);
  });

  test('of an agent that hangs ends with Stop', async (t) => {
    const page = await open(t, await serveSite(t), '#fail=news:hang&schedule=parallel&speed=8&autoplay=1');
    await statusSays(page, /^Running: 3 of 4/);
    await button(page, 'Stop').click();
    await statusSays(page, /^Stopped/);
    assert.equal(outcomes(await timeline(page), 'parallel').news, 'cancelled');
    await finish(page);
  });
});

describe('the flow and the report', () => {
  test('show what the run has come to', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8');
    await ready(page);
    const boxes = () => region(page, 'Flow').getByRole('listitem').allTextContents();
    const text = async () => (await boxes()).map((box) => box.replace(/\u200b/g, ''));
    assert.deepEqual(await text(), [
      'input, waiting', 'news, waiting', 'stock, waiting', 'social, waiting', 'internal, waiting',
      'synthesis, waiting', 'report, waiting',
    ]);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    assert.deepEqual((await text()).filter((box) => !box.endsWith(', done')), []);

    const report = region(page, 'Report');
    await report.getByRole('heading', { name: 'Lumen Robotics: a briefing' }).waitFor();
    assert.equal(await report.locator('ul > li').count(), 4);
    assert.equal(await report.locator('ol > li').count(), 3);
    assert.ok(!(await report.textContent()).includes('**'), 'marks are formatted, not shown');
    await finish(page);
  });

  test('keep hostile text text', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8');
    await ready(page);
    const hostile = '<img src=x onerror="document.title=1"> <script>document.title=2</script> '
      + '[a](javascript:alert(1)) [b](data:text/html,x) [c](https://example.org/c)';
    await page.getByLabel('Topic', { exact: true }).fill(hostile);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    const report = region(page, 'Report');
    assert.equal(await report.locator('img, script, iframe').count(), 0);
    const links = await report.locator('a').evaluateAll((all) =>
      all.map((link) => [link.getAttribute('href'), link.rel]));
    assert.ok(links.length > 0);
    for (const [href, rel] of links) {
      assert.equal(href, 'https://example.org/c');
      assert.match(rel, /noopener/);
    }
    assert.match(await report.textContent(), /<img src=x/);
    assert.match(await page.title(), /^Converge/);
    await finish(page);
  });
});

describe('the address', () => {
  test('follows the controls, and the page follows the address', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company');
    await ready(page);
    await page.getByRole('combobox', { name: 'Preset', exact: true }).selectOption('topic');
    await page.getByRole('heading', { level: 1, name: /three views/ }).waitFor();
    assert.match(new URL(page.url()).hash, /preset=topic/);
    await page.evaluate(() => { location.hash = '#preset=researchers&speed=banana'; });
    await page.getByRole('heading', { level: 1, name: /three researchers/ }).waitFor();
    await statusSays(page, /banana/);
    const agents = (await timeline(page)).map((row) => row.agent);
    assert.ok(agents.includes('evresearcher'));
    await finish(page);
  });

  test('cannot send a key to a host that the reader has not accepted', async (t) => {
    const hash = '#provider=compatible&model=m&base_url=https://models.example/v1&schedule=parallel';
    const page = await open(t, await serveSite(t), hash);
    await ready(page);
    await page.getByLabel('API key', { exact: true }).fill('sk-not-for-strangers');
    await button(page, 'Run').click();
    await statusSays(page, /models\.example: accept that host first/);
    assert.ok(!page.account.requests.some((url) => url.includes('models.example')));
    // Accepting it by hand is enough, and then the call does leave (the test lets it go nowhere).
    await button(page, 'Send my key to models.example').click();
    await button(page, 'Run').click();
    await statusSays(page, /^Failed .*could not reach https:\/\/models\.example/);
    assert.ok(page.account.foreign.length > 0);
    page.account.foreign.length = 0;
    await finish(page, [/net::ERR_FAILED/]);
  });

  test('starts a run when it is scrolled into view, if it says so', async (t) => {
    const page = await open(t, await serveSite(t), '#autoplay=visible&speed=8',
      { viewport: { width: 900, height: 120 } });
    await ready(page);
    await frames(page, 20);
    assert.match(await statusText(page), /^Ready/);
    await button(page, 'Run').scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 400);
    await statusSays(page, /^Finished/);
    await finish(page);
  });

  test('makes it a figure: only the view, and no control that a lesson hides', async (t) => {
    const page = await open(t, await serveSite(t), '#embed=1&view=race&hide=speed');
    await ready(page);
    // Its name is heard and not seen.
    const { width, height } = await page.getByRole('heading', { level: 1 }).boundingBox();
    assert.ok(width <= 1 && height <= 1, `${width} x ${height}`);
    assert.equal(await page.getByRole('combobox', { name: 'Preset' }).isVisible(), false);
    assert.equal(await page.getByRole('combobox', { name: 'Speed' }).isVisible(), false);
    assert.equal(await region(page, 'Flow').count(), 0);
    const ground = await page.evaluate(() =>
      getComputedStyle(document.documentElement).backgroundColor);
    assert.equal(ground, 'rgba(0, 0, 0, 0)');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished: sequential/);
    await finish(page);
  });

  test('brings forth many branches, which share a limit', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=fanout&n=40&limit=7&schedule=parallel&autoplay=1');
    await statusSays(page, /^Finished: parallel/);
    const rows = await timeline(page);
    assert.equal(rows.length, 41);
    const branches = rows.filter((row) => row.agent !== 'synthesis');
    const together = branches.map(({ start }) =>
      branches.filter((other) => other.start <= start && start < other.end).length);
    assert.equal(Math.max(...together), 7);
    await finish(page);
  });
});

describe('a slow live model', () => {
  test('is given up after the longest wait, with what to do', async (t) => {
    const never = { text: 'too late', streamingProfile: { ttft: 20_000, tps: 100 } };
    const api = await startApi(t, { answers: [[/./, never]] });
    const hash = `#preset=topic&retries=0&provider=compatible&model=m&schedule=parallel&base_url=${api.baseUrl}`;
    const page = await open(t, await serveSite(t), hash, { allow: [api.origin] });
    await ready(page);
    const wait = page.getByLabel('Longest wait for the first piece of an answer, in seconds');
    await wait.fill('0.4');
    await wait.press('Tab');
    await button(page, 'Run').click();
    await statusSays(page, /^Failed .*no answer within 0\.4 s.*allow more time/);
    await until('the calls are hung up on', () => api.calls.every((call) => call.ended < Infinity));
    assert.equal(api.calls.length, 3);
    assert.ok(api.calls.every((call) => call.aborted));
    assert.equal(await status(page).count(), 1);
    await finish(page, [/net::ERR_/]);
  });
});
