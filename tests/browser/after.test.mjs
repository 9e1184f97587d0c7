// After a live run: what each agent used, what the other schedule would have taken and, at a press
// of a button, what it takes; and the same run several times.

import { setTimeout as wait } from 'node:timers/promises';
import { violations } from './lib/axe.mjs';
import { gate, inFlight, mostInFlight } from './lib/api.mjs';
import { REQUEST_FAILED, refused } from './lib/formats.mjs';
import { button, giveKey, near, openTab, output, ready, status, timeline } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

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

test.describe('after a live run', () => {
  test('tokens and cost are told, and the other schedule is estimated, then measured', async ({ open }) => {
    const page = await open('#preset=topic&schedule=parallel&provider=openai');
    const calls = await answerAsOpenAi(page);
    await ready(page);
    await giveKey(page, 'sk-test');
    await openTab(page, 'Runs');
    await expect(group(page, 'After the run')).toHaveCount(0);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const told = group(page, 'After the run');
    const sentence = told.getByText(/^Sequential would have taken \d+\.\d s \(estimated from the measured latencies\)\./);
    const estimate = Number.parseFloat((await sentence.innerText()).match(/[\d.]+ s/)[0]);
    const parts = await timeline(page);
    near(estimate, parts.reduce((sum, { start, end }) => sum + end - start, 0), 0.1, 'the estimate');
    await told.getByText('Parallel used 60000 tokens, $0.0108 for 4 calls. Sequentially, the same calls read and write the same, so they cost the same.').waitFor();
    const rows = told.getByRole('table', { name: 'Tokens and cost' }).getByRole('row');
    await expect(rows).toHaveText([
      'Agent parallel (tokens in, out)',
      ...['Summary', 'Questions', 'Key terms', 'Synthesis'].map((agent) => `${agent} 12000, 3000 (1000 thinking), $0.0027`),
    ], { useInnerText: true });
    await told.getByText('Prices of November 2026.').waitFor();
    await openTab(page, 'Answers');
    await output(page, 'summary').getByText(/ · 12000 tokens in, 3000 out \(1000 thinking\)$/).waitFor();
    await openTab(page, 'Runs');
    expect(await violations(page)).toEqual([]);

    expect(calls.length).toBe(4);
    await button(page, 'Measure it: 4 calls').click();
    await expect(status(page)).toHaveText(/^Finished: sequential .* parallel/);
    expect(calls.length, 'the parallel run is not made again').toBe(8);
    await told.getByText(/^Sequential took \d+\.\d s; the latencies of the parallel run add up to/).waitFor();
    await told.getByText('Parallel used 60000 tokens, $0.0108; sequential 60000 tokens, $0.0108: the same 4 calls.').waitFor();
    const both = await timeline(page);
    expect([...new Set(both.map(({ outcome }) => outcome))]).toEqual(['done']);
    expect(both.length).toBe(2 * parts.length);
    const old = both.filter(({ schedule }) => schedule === 'parallel');
    expect(old, 'and stays as it was').toEqual(parts);
    await expect(button(page, 'Measure it: 4 calls')).toHaveCount(0);
  });

  test('what was not said is not counted as nothing', async ({ openOn, startFormat }) => {
    const server = await startFormat('openai', (agent) =>
      (agent === 'questions' ? refused(400, 'No.', 'invalid_request_error') : undefined));
    const page = await openOn('openai', server, '&on_error=collect');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await openTab(page, 'Runs');
    const told = group(page, 'After the run');
    await told.getByText(/^Parallel used 450 tokens as far as the server reported it for 4 calls\./).waitFor();
    const row = told.getByRole('row', { name: /^Questions/ });
    await expect(row).toHaveText('Questions not reported', { useInnerText: true });
  });

  test('repeating interleaves the schedules, and flags a hidden tab', async ({ startApi, open }) => {
    // The branches of a parallel run are answered once all three are out, and the second time goes on once
    // the tab was hidden in it.
    const [first, hidden, last] = [gate(), gate(), gate()];
    const until = (call, { length: number }) => {
      if (number === 3) first.open();
      if (number === 15) last.open();
      if (number <= 3) return first.passed;
      return number === 9 ? hidden.passed : number > 12 && last.passed;
    };
    const api = await startApi({ answers: [[/./, 'Said.']], ttft: 0, until });
    const hash = `#preset=topic&provider=compatible&model=test&base_url=${api.baseUrl}`;
    const page = await open(hash, { allow: [api.origin] });
    await ready(page);
    await openTab(page, 'Runs');
    await page.getByLabel('How many times to repeat').fill('2');
    await page.keyboard.press('Tab');
    await button(page, 'Measure 2 more races (16 calls)').click();
    await expect.poll(() => api.calls.length, 'calls, up to the first of the second time').toBe(9);
    await page.evaluate(() => {
      const hide = (hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      hide(true);
      hide(false);
    });
    hidden.open();
    const lines = group(page, 'Repeat').getByRole('listitem');
    await lines.getByText(/the tab was hidden$/).waitFor();
    const length = '\\d+\\.\\d+ s';
    for (const [at, pattern] of [
      `^parallel: median ${length}, from \\d+\\.\\d+ to ${length} in 1 run$`,
      `^sequential: median ${length}, from \\d+\\.\\d+ to ${length} in 1 run$`,
      '^left out: 1 with the tab hidden',
      `^sequential ${length}, parallel ${length}$`,
      `^sequential ${length}, parallel ${length}, the tab was hidden$`,
    ].entries()) await expect(lines.nth(at)).toHaveText(new RegExp(pattern), { useInnerText: true });
    expect(api.calls.length).toBe(16);
    const most = [0, 4, 8, 12].map((at) => mostInFlight(api.calls.slice(at, at + 4)));
    expect(most, 'in turn, and in turn which goes first').toEqual([3, 1, 1, 3]);
  });

  test('Stop ends repeating', async ({ startApi, open }) => {
    const stopped = gate();
    const api = await startApi({ answers: [[/./, 'Said.']], ttft: 150, until: () => stopped.passed });
    const hash = `#preset=topic&provider=compatible&model=test&base_url=${api.baseUrl}`;
    const page = await open(hash, { allow: [api.origin], expected: REQUEST_FAILED });
    await ready(page);
    await openTab(page, 'Runs');
    await button(page, 'Measure 3 more races (24 calls)').click();
    // All of the first branches, so that none is still on its way to the server when they are counted.
    await expect.poll(() => api.calls.length).toBe(3);
    await button(page, 'Stop').click();
    await expect(status(page)).toHaveText(/^Stopped/);
    await expect.poll(() => inFlight(api.calls), 'calls in flight').toEqual([]);
    await expect(page.getByRole('list', { name: 'Each time' })).toHaveCount(0);
    stopped.open();
    // A run takes longer than the next of the others would have needed to come: only its calls do.
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(api.calls.length, 'calls after Stop').toBe(3 + 8);
  });
});
