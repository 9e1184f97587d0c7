// What live answers end with when it is not the end of what there was to say, and what stays visible
// of those that came to nothing; the queue under a limit, and a run that lowers its own.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, test } from 'node:test';
import { mostInFlight, until } from './lib/api.mjs';
import { finish, open, quit } from './lib/browser.mjs';
import { button, output, ready, statusSays, timeline } from './lib/page.mjs';
import { listen, serveSite } from './lib/site.mjs';

const data = (value) => `data: ${JSON.stringify(value)}\n\n`;

/** An answer that says "Half of it." and then stops, in each format, for a reason of its own words. */
const STOPPED = {
  openai: (reason) => data({ choices: [{ delta: { content: 'Half of it.' }, finish_reason: reason }] }),
  anthropic: (reason) => data({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Half of it.' } })
    + data({ type: 'message_delta', delta: { stop_reason: reason }, usage: { output_tokens: 3 } })
    + data({ type: 'message_stop' }),
  gemini: (reason) => data({ candidates: [{ content: { parts: [{ text: 'Half of it.' }] }, finishReason: reason }] }),
};

const LENGTH = 'questions reached its limit on tokens: the answer is incomplete.';
const FILTERED = 'A content filter ended the answer of questions.';
const DECLINED = 'The model declined to answer questions: ask in other words.';
const TOOL = 'questions ended with a call of a tool that this page does not have: the answer is incomplete.';
/** Of each format: the API's own word for a whole answer, and what a card says of each other one. */
const REASONS = {
  openai: ['stop', { length: LENGTH, content_filter: FILTERED, refusal: DECLINED, tool_calls: TOOL }],
  anthropic: ['end_turn', { max_tokens: LENGTH, refusal: DECLINED, tool_use: TOOL }],
  gemini: ['STOP', { MAX_TOKENS: LENGTH, SAFETY: FILTERED, RECITATION: FILTERED, MALFORMED_FUNCTION_CALL: TOOL }],
};

/**
 * Answers each call with what `answer(body, nth)` says, `nth` counted from 1: `{ status, body, wait }`,
 * `wait` in ms before anything is said. `calls` are when each came and ended.
 */
async function startServer(t, answer) {
  const calls = [];
  const server = createServer((request, response) => {
    const cors = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '*',
    };
    if (request.method === 'OPTIONS') {
      response.writeHead(204, cors).end();
      return;
    }
    const call = { arrived: performance.now(), ended: Infinity, asks: '' };
    request.on('data', (chunk) => { call.asks += chunk; });
    request.on('end', () => {
      calls.push(call);
      const { status = 200, body, wait = 0 } = answer(call.asks, calls.length);
      const type = status === 200 ? 'text/event-stream' : 'application/json';
      setTimeout(() => {
        response.writeHead(status, { ...cors, 'Content-Type': type });
        response.end(body);
      }, wait);
    });
    response.on('close', () => { call.ended = performance.now(); });
  });
  return { ...(await listen(t, server)), calls };
}

/** Whether it is the agent of the topic preset that thinks of questions: the synthesis reads answers. */
const isQuestions = (asks) => /question/i.test(asks) && !/Half of it/.test(asks);

async function openOn(t, format, origin, more = '') {
  const base = origin + (format === 'gemini' ? '/v1beta' : '/v1');
  const hash = `#preset=topic&schedule=parallel&provider=${format}&model=x&base_url=${base}${more}`;
  const page = await open(t, await serveSite(t), hash, { allow: [origin] });
  await ready(page);
  await page.getByLabel('API key', { exact: true }).fill('sk-test-not-a-real-key');
  return page;
}

const ofPhase = async (page, phase) =>
  (await timeline(page)).filter(({ outcome }) => outcome === phase).length;

after(quit);

describe('an answer that stops early', () => {
  for (const [format, [whole, reasons]] of Object.entries(REASONS)) {
    test(`is shown as what it is, in the words of ${format}`, async (t) => {
      let reason = whole;
      const server = await startServer(t, (asks) =>
        ({ body: STOPPED[format](isQuestions(asks) ? reason : whole) }));
      const page = await openOn(t, format, server.origin);
      const card = output(page, 'questions');
      for (const [word, told] of [[whole, undefined], ...Object.entries(reasons)]) {
        reason = word;
        const before = server.calls.length;
        await button(page, 'Run').click();
        await until(`four calls with ${word}`, () => server.calls.length === before + 4);
        await statusSays(page, /^Finished/);
        if (told) await card.getByText(told, { exact: true }).waitFor();
        const texts = await card.getByRole('group', { name: 'What questions says' }).innerText();
        const lines = texts.split('\n').filter(Boolean);
        assert.deepEqual(lines, told ? [told, 'Half of it.'] : ['Half of it.'], word);
        assert.equal(server.calls.length, before + 4, `${word}: it is an answer, and not asked again`);
      }
      await finish(page);
    });
  }
});

describe('an attempt that came to nothing', () => {
  test('stays visible, struck through, beside the answer that followed', async (t) => {
    let asked = 0;
    const server = await startServer(t, (asks) => {
      const isFirst = isQuestions(asks) && (asked += 1) === 1;
      const said = data({ choices: [{ delta: { content: 'Thrown.' } }] });
      return { body: isFirst ? said : STOPPED.openai('stop') };
    });
    const page = await openOn(t, 'openai', server.origin, '&retries=1');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    const card = output(page, 'questions');
    assert.equal(await card.getByRole('deletion').innerText(), 'Thrown.');
    await card.getByText(/^Try 1 failed after .* What it had said is thrown away:$/).waitFor();
    assert.ok((await card.innerText()).includes('Half of it.'));
    assert.equal(server.calls.length, 5);
    assert.ok(!server.calls.some(({ asks }) => asks.includes('Thrown.')), 'nobody reads it');
    await finish(page);
  });
});

describe('the last attempt', () => {
  test('is thrown away like the others, and a report that is one says so', async (t) => {
    const server = await startServer(t, (asks) => ({
      body: isQuestions(asks) || /Half of it/.test(asks)
        ? data({ choices: [{ delta: { content: 'Thrown.' } }] }) : STOPPED.openai('stop'),
    }));
    const page = await openOn(t, 'openai', server.origin, '&retries=0&on_error=collect');
    await button(page, 'Run').click();
    await statusSays(page, /^Failed/);
    for (const agent of ['questions', 'synthesis']) {
      const card = output(page, agent);
      assert.equal(await card.getByRole('deletion').innerText(), 'Thrown.');
      await card.getByText('What it had said is thrown away:', { exact: true }).waitFor();
    }
    assert.equal(await output(page, 'summary').getByRole('deletion').count(), 0);
    await output(page, 'Report').getByText(/^synthesis failed: the answer was cut off\./).waitFor();
    const [synthesis] = server.calls.filter(({ asks }) => /Half of it/.test(asks));
    assert.ok(!synthesis.asks.includes('Thrown.') && synthesis.asks.includes('is missing'));
    // Nobody said what it cost, and no sum is made up.
    const told = page.getByRole('group', { name: 'After the run', exact: true });
    await told.getByText('Parallel used tokens that nobody has counted for 4 calls.', { exact: true }).waitFor();
    await finish(page);
  });
});

describe('a limit', () => {
  test('makes a queue that is shown, and is kept to on the wire', async (t) => {
    const server = await startServer(t, () => ({ body: STOPPED.openai('stop'), wait: 900 }));
    const page = await openOn(t, 'openai', server.origin, '&limit=1');
    await button(page, 'Run').click();
    await until('the first call', () => server.calls.length === 1);
    await page.waitForFunction(() => document.querySelectorAll('.lane[data-phase=queued]').length === 2);
    assert.deepEqual([await ofPhase(page, 'running'), await ofPhase(page, 'queued')], [1, 2]);
    await statusSays(page, /^Finished/);
    assert.equal(mostInFlight(server.calls), 1);
    assert.equal(server.calls.length, 4);
    await finish(page);
  });

  test('is lowered by the run itself after a refusal, which it says', async (t) => {
    const refusal = JSON.stringify({ error: { message: 'Rate limit reached. Please try again in 300ms.', code: 'rate_limit_exceeded' } });
    let asked = 0;
    const server = await startServer(t, (asks) => (isQuestions(asks) && (asked += 1) === 1
      ? { status: 429, body: refusal, wait: 200 }
      : { body: STOPPED.openai('stop'), wait: 1500 }));
    const page = await openOn(t, 'openai', server.origin, '&retries=1');
    const lowered = page.getByText('at most 2 at once since a refusal', { exact: true });
    assert.equal(await lowered.count(), 0);
    await button(page, 'Run').click();
    await statusSays(page, /at most 2 at once since a refusal/);
    await statusSays(page, /^Finished/);
    assert.equal(server.calls.length, 5);
    assert.equal(mostInFlight(server.calls.slice(0, 3)), 3, 'three before the refusal');
    assert.ok(mostInFlight(server.calls.slice(3)) <= 2);
    await lowered.waitFor();
    await finish(page, [/Failed to load resource/]);
  });
});
