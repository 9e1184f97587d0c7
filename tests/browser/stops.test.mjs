// What live answers end with when it is not the end of what there was to say, and what stays visible
// of those that came to nothing; the queue under a limit, and a run that lowers its own.

import { setTimeout as pause } from 'node:timers/promises';
import { gate, mostInFlight, readable } from './lib/api.mjs';
import { button, giveKey, openTab, output, ready, status, timeline } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

const data = (value) => `data: ${JSON.stringify(value)}\n\n`;

/** An answer that says "Half of it." and then stops, in each format, for a reason of its own words. */
const STOPPED = {
  openai: (reason) => data({ choices: [{ delta: { content: 'Half of it.' }, finish_reason: reason }] }),
  anthropic: (reason) => data({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Half of it.' } })
    + data({ type: 'message_delta', delta: { stop_reason: reason }, usage: { output_tokens: 3 } })
    + data({ type: 'message_stop' }),
  gemini: (reason) => data({ candidates: [{ content: { parts: [{ text: 'Half of it.' }] }, finishReason: reason }] }),
};

const LENGTH = 'Questions reached the limit on output tokens: the answer is incomplete.';
const FILTERED = 'A content filter ended the answer of Questions.';
const DECLINED = 'The model declined to answer Questions. Rephrase the prompt.';
const TOOL = 'Questions ended with a call to a tool that this page does not have. The answer is incomplete.';
/** Of each format: the API's own word for a whole answer, and what a card says of each other one. */
const REASONS = {
  openai: ['stop', { length: LENGTH, content_filter: FILTERED, refusal: DECLINED, tool_calls: TOOL }],
  anthropic: ['end_turn', { max_tokens: LENGTH, refusal: DECLINED, tool_use: TOOL }],
  gemini: ['STOP', { MAX_TOKENS: LENGTH, SAFETY: FILTERED, RECITATION: FILTERED, MALFORMED_FUNCTION_CALL: TOOL }],
};

const test = base.extend({
  /**
   * Answers each call with what `answer(body, nth)` says, `nth` counted from 1: `{ status, body, wait }`,
   * `wait` a promise before anything is said. `calls` are when each came and ended.
   */
  startServer: ({ listen }, use) => use(async (answer) => {
    const calls = [];
    const server = readable((request, response) => {
      const call = { arrived: performance.now(), ended: Infinity, asks: '' };
      request.on('data', (chunk) => { call.asks += chunk; });
      request.on('end', () => {
        calls.push(call);
        const { status = 200, body, wait } = answer(call.asks, calls.length);
        const type = status === 200 ? 'text/event-stream' : 'application/json';
        Promise.resolve(wait).then(() => {
          response.writeHead(status, { 'Content-Type': type });
          response.end(body);
        });
      });
      response.on('close', () => { call.ended = performance.now(); });
    });
    return { ...(await listen(server)), calls };
  }),

  /** The topic preset on that server, with a key. */
  openAt: ({ open }, use) => use(async (format, origin, more = '', context = {}) => {
    const path = format === 'gemini' ? '/v1beta' : '/v1';
    const hash = `#preset=topic&schedule=parallel&provider=${format}&model=x&base_url=${origin}${path}${more}`;
    const page = await open(hash, { allow: [origin], ...context });
    await ready(page);
    await giveKey(page, 'sk-test-not-a-real-key');
    return page;
  }),
});

/** Whether it is the agent of the topic preset that thinks of questions: the synthesis reads answers. */
const isQuestions = (asks) => /question/i.test(asks) && !/Half of it/.test(asks);

const ofPhase = async (page, phase) =>
  (await timeline(page)).filter(({ outcome }) => outcome === phase).length;

test.describe('an answer that stops early', () => {
  for (const [format, [whole, reasons]] of Object.entries(REASONS)) {
    test(`is shown as what it is, in the words of ${format}`, async ({ startServer, openAt }) => {
      let reason = whole;
      const server = await startServer((asks) =>
        ({ body: STOPPED[format](isQuestions(asks) ? reason : whole) }));
      const page = await openAt(format, server.origin);
      const card = output(page, 'questions');
      for (const [word, told] of [[whole, undefined], ...Object.entries(reasons)]) {
        reason = word;
        const before = server.calls.length;
        await button(page, 'Run').click();
        await expect.poll(() => server.calls.length, `calls with ${word}`).toBe(before + 4);
        await expect(status(page)).toHaveText(/^Finished/);
        if (told) await card.getByText(told, { exact: true }).waitFor();
        const said = card.locator('.said');
        const lines = async () => (await said.innerText()).split('\n').filter(Boolean);
        await expect.poll(lines, word).toEqual(told ? [told, 'Half of it.'] : ['Half of it.']);
        expect(server.calls.length, `${word}: it is an answer, and not asked again`).toBe(before + 4);
      }
    });
  }
});

test.describe('an attempt that came to nothing', () => {
  test('stays visible, struck through, beside the answer that followed', async ({ startServer, openAt }) => {
    let asked = 0;
    const server = await startServer((asks) => {
      const isFirst = isQuestions(asks) && (asked += 1) === 1;
      const said = data({ choices: [{ delta: { content: 'Thrown.' } }] });
      return { body: isFirst ? said : STOPPED.openai('stop') };
    });
    const page = await openAt('openai', server.origin, '&retries=1');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const card = output(page, 'questions');
    await expect(card.getByRole('deletion')).toHaveText('Thrown.');
    await card.getByText(/^Attempt 1 failed after .* Discarded partial answer:$/).waitFor();
    await expect(card).toContainText('Half of it.');
    expect(server.calls.length).toBe(5);
    expect(server.calls.filter(({ asks }) => asks.includes('Thrown.')), 'nobody reads it').toEqual([]);
  });
});

test.describe('the last attempt', () => {
  test('is thrown away like the others, and a report that is one says so', async ({ startServer, openAt }) => {
    const server = await startServer((asks) => ({
      body: isQuestions(asks) || /Half of it/.test(asks)
        ? data({ choices: [{ delta: { content: 'Thrown.' } }] }) : STOPPED.openai('stop'),
    }));
    const page = await openAt('openai', server.origin, '&retries=0&on_error=collect');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Failed/);
    for (const agent of ['questions', 'synthesis']) {
      const card = output(page, agent);
      await expect(card.getByRole('deletion')).toHaveText('Thrown.');
      await card.getByText('Discarded partial answer:', { exact: true }).waitFor();
    }
    await expect(output(page, 'summary').getByRole('deletion')).toHaveCount(0);
    await output(page, 'Report').getByText(/^Synthesis failed: the answer was cut off\./).waitFor();
    const [synthesis] = server.calls.filter(({ asks }) => /Half of it/.test(asks));
    expect(synthesis.asks).not.toContain('Thrown.');
    expect(synthesis.asks).toContain('is missing');
    // The server did not say what it cost, and no sum is made up.
    await openTab(page, 'Runs');
    const told = page.getByRole('group', { name: 'After the run', exact: true });
    await told.getByText('4 calls. The server reported no token usage.', { exact: true }).waitFor();
  });
});

test.describe('a limit', () => {
  test('makes a queue that is shown, and is kept to on the wire', async ({ startServer, openAt }) => {
    const looked = gate();
    const server = await startServer(() => ({ body: STOPPED.openai('stop'), wait: looked.passed.then(() => pause(300)) }));
    const page = await openAt('openai', server.origin, '&limit=1');
    await button(page, 'Run').click();
    // Two branches, and the one that only hands the topic on.
    await expect(page.locator('.lane[data-phase=queued]')).toHaveCount(3);
    await expect.poll(async () => [await ofPhase(page, 'running'), await ofPhase(page, 'queued')]).toEqual([1, 3]);
    // An agent is running from the moment at which its call is sent, which is before the server hears of it.
    await expect.poll(() => server.calls.length).toBe(1);
    looked.open();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(mostInFlight(server.calls)).toBe(1);
    expect(server.calls.length).toBe(4);
  });

  test('is lowered by the run itself after a refusal, which it says', async ({ startServer, openAt }) => {
    const refusal = JSON.stringify({ error: { message: 'Rate limit reached. Please try again in 300ms.', code: 'rate_limit_exceeded' } });
    const [all, told] = [gate(), gate()];
    let asked = 0;
    const server = await startServer((asks) => (isQuestions(asks) && (asked += 1) === 1
      ? { status: 429, body: refusal, wait: all.passed }
      : { body: STOPPED.openai('stop'), wait: told.passed }));
    const page = await openAt('openai', server.origin, '&retries=1', { expected: [/Failed to load resource/] });
    const lowered = page.locator('.limit-line');
    await expect(lowered).toHaveCount(0);
    await button(page, 'Run').click();
    await expect.poll(() => server.calls.length).toBe(3);
    all.open();
    await expect(status(page)).toHaveText(/limited to 2 at once after a rate limit/);
    told.open();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(server.calls.length).toBe(5);
    expect(mostInFlight(server.calls.slice(0, 3)), 'three before the refusal').toBe(3);
    expect(mostInFlight(server.calls.slice(3))).toBeLessThanOrEqual(2);
    await expect(lowered).toHaveCount(1);
    await button(page, 'Why?').click();
    await page.locator('.verdict-why').getByText('limited to 2 at once after a rate limit').waitFor();
  });
});
