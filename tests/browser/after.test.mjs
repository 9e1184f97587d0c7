// After a live run: what each agent used, what the other schedule would have taken and, at a press
// of a button, what it takes; and the same run several times.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import axe from 'axe-core';
import { mostInFlight, startApi, until } from './lib/api.mjs';
import { finish, open, quit } from './lib/browser.mjs';
import { REQUEST_FAILED, openOn, refused, startFormat } from './lib/formats.mjs';
import { button, near, output, ready, statusSays, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const group = (page, name) => page.getByRole('group', { name, exact: true });

/** OpenAI's own address, answered in the browser: prices are known of no other. */
async function answerAsOpenAi(page) {
  const calls = [];
  await page.route('https://api.openai.com/**', async (route) => {
    calls.push(route.request().postDataJSON());
    await wait(300);
    const events = [
      { choices: [{ delta: { content: 'Said.' } }] },
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
      { choices: [], usage: { prompt_tokens: 12_000, completion_tokens: 3000, completion_tokens_details: { reasoning_tokens: 1000 } } },
    ];
    const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    await route.fulfill({
      body: `${body}data: [DONE]\n\n`,
      contentType: 'text/event-stream',
      headers: { 'access-control-allow-origin': '*' },
    });
  });
  return calls;
}

after(quit);

describe('after a live run', () => {
  test('tokens and cost are told, and the other schedule is estimated, then measured', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=topic&schedule=parallel&provider=openai');
    const calls = await answerAsOpenAi(page);
    await ready(page);
    await page.getByLabel('API key', { exact: true }).fill('sk-test');
    assert.equal(await group(page, 'After the run').count(), 0);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    const told = group(page, 'After the run');
    const sentence = told.getByText(/^Sequential would have taken \d+\.\d s \(an estimate from the measured latencies\)\./);
    const estimate = Number.parseFloat((await sentence.innerText()).match(/[\d.]+ s/)[0]);
    const parts = await timeline(page);
    near(estimate, parts.reduce((sum, { start, end }) => sum + end - start, 0), 0.1, 'the estimate');
    await told.getByText('Parallel used 60000 tokens, $0.0108 for 4 calls. In sequence the same calls read and write the same, so that they cost the same.').waitFor();
    const rows = told.getByRole('table', { name: 'Tokens and cost' }).getByRole('row');
    assert.deepEqual(await rows.allInnerTexts(), [
      'Agent\tparallel (tokens in, out)',
      ...['summary', 'questions', 'key_terms', 'synthesis'].map((agent) => `${agent}\t12000, 3000 (1000 thinking), $0.0027`),
    ]);
    await told.getByText('Prices of November 2026.').waitFor();
    await output(page, 'summary').getByText(/ · 12000 tokens in, 3000 out \(1000 thinking\)$/).waitFor();
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run(document));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);

    assert.equal(calls.length, 4);
    await button(page, 'Measure it: 4 calls').click();
    await statusSays(page, /^Finished: sequential .* parallel/);
    assert.equal(calls.length, 8, 'the parallel run is not made again');
    await told.getByText(/^Sequential took \d+\.\d s; by the latencies of the parallel run it would have been/).waitFor();
    await told.getByText('Parallel used 60000 tokens, $0.0108; sequential 60000 tokens, $0.0108: the same 4 calls.').waitFor();
    const both = await timeline(page);
    assert.deepEqual([...new Set(both.map(({ outcome }) => outcome))], ['done']);
    assert.equal(both.length, 2 * parts.length);
    const old = both.filter(({ schedule }) => schedule === 'parallel');
    assert.deepEqual(old, parts, 'and stays as it was');
    assert.equal(await button(page, 'Measure it: 4 calls').count(), 0);
    await finish(page);
  });

  test('what was not said is not counted as nothing', async (t) => {
    const server = await startFormat(t, 'openai', (agent) =>
      (agent === 'questions' ? refused(400, 'No.', 'invalid_request_error') : undefined));
    const page = await openOn(t, 'openai', server, '&on_error=collect');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    const told = group(page, 'After the run');
    await told.getByText(/^Parallel used 450 tokens as far as it was said for 4 calls\./).waitFor();
    const row = told.getByRole('row', { name: /^questions/ });
    assert.equal(await row.innerText(), 'questions\tnot said');
    await finish(page, REQUEST_FAILED);
  });

  test('repeating interleaves the schedules, and flags a hidden tab', async (t) => {
    const api = await startApi(t, { answers: [[/./, 'Said.']], ttft: 150 });
    const hash = `#preset=topic&provider=compatible&model=test&base_url=${api.baseUrl}`;
    const page = await open(t, await serveSite(t), hash, { allow: [api.origin] });
    await ready(page);
    await page.getByLabel('How many times to repeat').fill('2');
    await page.keyboard.press('Tab');
    await button(page, 'Repeat 2 times: 16 calls').click();
    await until('the second time', () => api.calls.length > 8);
    await page.evaluate(() => {
      const hide = (hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      hide(true);
      hide(false);
    });
    const lines = group(page, 'Repeat').getByRole('listitem');
    await lines.getByText(/the tab was hidden$/).waitFor();
    const length = '\\d+\\.\\d+ s';
    for (const [at, pattern] of [
      `^parallel: median ${length}, from \\d+\\.\\d+ to ${length} in 1 run$`,
      `^sequential: median ${length}, from \\d+\\.\\d+ to ${length} in 1 run$`,
      '^left out: 1 with the tab hidden',
      `^sequential ${length}, parallel ${length}$`,
      `^sequential ${length}, parallel ${length}, the tab was hidden$`,
    ].entries()) assert.match(await lines.nth(at).innerText(), new RegExp(pattern));
    assert.equal(api.calls.length, 16);
    const most = [0, 4, 8, 12].map((at) => mostInFlight(api.calls.slice(at, at + 4)));
    assert.deepEqual(most, [3, 1, 1, 3], 'in turn, and in turn which goes first');
    await finish(page);
  });

  test('Stop ends repeating', async (t) => {
    const api = await startApi(t, { answers: [[/./, 'Said.']], ttft: 400 });
    const hash = `#preset=topic&provider=compatible&model=test&base_url=${api.baseUrl}`;
    const page = await open(t, await serveSite(t), hash, { allow: [api.origin] });
    await ready(page);
    await button(page, 'Repeat 3 times: 24 calls').click();
    await until('a call', () => api.calls.length > 0);
    await button(page, 'Stop').click();
    await statusSays(page, /^Stopped/);
    await until('no call in flight', () => api.calls.every((call) => call.ended < Infinity));
    await page.waitForTimeout(600);
    assert.ok(api.calls.length <= 3, `${api.calls.length} calls, none after Stop`);
    assert.equal(await page.getByRole('list', { name: 'Each time' }).count(), 0);
    await finish(page, [/Failed to load resource/, /net::ERR_/]);
  });
});
