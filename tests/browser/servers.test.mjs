// What real servers do and a stand-in with a script does not: think for minutes, have a quota of the
// day, refuse a part of the call. How they say it, and all else that they say, is tried on the host.

import { readable } from './lib/api.mjs';
import { refused } from './lib/formats.mjs';
import { button, output, ready, status } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const data = (value) => `data: ${JSON.stringify(value)}\n\n`;

/** A chunk of Chat Completions; `tokens` is what the answer has cost so far. */
const chunk = (delta, tokens) => data({
  choices: [{ index: 0, delta, finish_reason: null }],
  usage: { prompt_tokens: 9, completion_tokens: tokens },
});

const END = data({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) + 'data: [DONE]\n\n';

/** A server whose first call goes on for as long as the test likes; the others are answered at once. */
async function startThinker(listen) {
  const thinker = { calls: 0, say: undefined };
  const server = readable((request, response) => {
    request.resume();
    thinker.calls += 1;
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    if (thinker.calls === 1) {
      thinker.say = (text) => response.write(text);
      thinker.end = () => response.end(END);
    } else {
      response.end(chunk({ content: 'At once.' }, 2) + END);
    }
  });
  return Object.assign(thinker, await listen(server));
}

test('a model may think for longer than any wait, as long as it thinks aloud', async ({ open, listen }) => {
  const thinker = await startThinker(listen);
  const hash = '#preset=topic&schedule=parallel&limit=1&provider=compatible&model=m'
    + `&base_url=${thinker.origin}/v1`;
  const page = await open(hash, { allow: [thinker.origin], clock: true });
  await ready(page);
  await button(page, 'Run').click();
  await expect.poll(() => thinker.calls).toBe(1);
  const card = output(page, 'summary');
  // Each piece is seen to have come, by what it says of the tokens, before the time goes on. It jumps:
  // what matters is which timer is due then, not the frames in between.
  for (const tokens of [10, 20, 30]) {
    thinker.say(chunk({ reasoning_content: 'Step by step.' }, tokens));
    await expect(card).toContainText(`${tokens} out`);
    await page.clock.fastForward(100_000);
  }
  await expect(card).toContainText(/thought for 3\d\d\.\d s/);
  await button(page, 'Why?').click();
  await expect(page.getByRole('listitem').filter({ hasText: /^thinking$/ })).toBeVisible();
  // A comment is a sign of life as well. That it has come shows by the piece after it.
  thinker.say(`: keep-alive\n\n${chunk({ reasoning_content: 'Done.' }, 40)}`);
  await expect(card).toContainText('40 out');
  thinker.say(chunk({ content: 'Tides turn.' }, 43));
  await expect(card).toContainText('Tides turn.');
  thinker.end();
  await expect(status(page)).toHaveText(/^Finished: parallel/);
  await expect(card).not.toContainText('Step by step');
  expect(thinker.calls, 'no call was made twice').toBe(4);
});

test('a model that is silent is given up after two minutes', async ({ open, listen }) => {
  const thinker = await startThinker(listen);
  const hash = '#preset=topic&schedule=parallel&limit=1&retries=0&provider=compatible&model=m'
    + `&base_url=${thinker.origin}/v1`;
  const page = await open(hash, { allow: [thinker.origin], clock: true });
  await ready(page);
  await button(page, 'Run').click();
  await expect.poll(() => thinker.calls).toBe(1);
  // The page's time goes on meanwhile, so that there is room before the two minutes.
  await page.clock.fastForward(100_000);
  await expect(status(page)).toHaveText(/^Running/);
  await page.clock.fastForward(20_000);
  await expect(status(page)).toHaveText(/^Failed after 12\d\.\d s: Summary failed: no answer within 120(\.0)? s/);
});

test('a quota of the day is asked once', async ({ startFormat, openOn }) => {
  const violation = { quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaValue: '20' };
  const error = {
    code: 429,
    message: 'You exceeded your current quota, please check your plan and billing details.',
    status: 'RESOURCE_EXHAUSTED',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [violation] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' },
    ],
  };
  const usedUp = { ...refused(429, error.message, error.status), more: { error } };
  const server = await startFormat('gemini', () => usedUp);
  const page = await openOn('gemini', server, '&retries=2&on_error=collect');
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText(/^Failed/);
  const headings = page.getByRole('heading', { name: 'No credit or quota is left' });
  await expect(headings).toHaveCount(3);
  await expect(page.getByText('This quota resets tomorrow or later').first()).toBeVisible();
  for (const agent of ['summary', 'questions', 'key_terms']) {
    expect(server.of(agent).length, agent).toBe(1);
  }
});

test('what one agent has learned of a server, the others need not learn again', async ({ startFormat, openOn }) => {
  const hot = (body) => body.includes('"temperature"');
  const refusal = refused(400, "Unsupported value: 'temperature' does not support 0.7.", 'unsupported_value');
  const server = await startFormat('openai', (agent, nth, body) => (hot(body) ? refusal : undefined));
  const page = await openOn('openai', server, '&limit=1&retries=0&temperature=0.7');
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText(/^Finished/);
  expect(server.of('summary').map(({ body }) => hot(body))).toEqual([true, false]);
  for (const agent of ['questions', 'key_terms', 'synthesis']) {
    expect(server.of(agent).map(({ body }) => hot(body)), agent).toEqual([false]);
    await expect(output(page, agent)).toContainText('without temperature (refused by the server)');
  }
  await expect(output(page, 'summary')).toContainText('It was sent again at once without temperature.');
});
