// Every failure, in each of the three wire formats, cancelling the others or going on without: the
// card's words on the page, and on the server's side how often it was called, when, and how soon the
// others were hung up on.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { until } from './lib/api.mjs';
import { finish, open, quit } from './lib/browser.mjs';
import { startFormat } from './lib/formats.mjs';
import { button, ready, statusSays } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const REQUEST_FAILED = [/Failed to load resource/, /net::ERR_/];

const YOURS = 'This is on your side.';
const SERVICE = "This is on the service's side.";
const NETWORK = 'This is on the way between you and the service.';
const PAGE = "This is on the page's side.";

/** What stands for the longest waits, in seconds. */
const PATIENCE = 1;

const refused = (status, message, word) => ({ status, message, word });
/** Of each failure: title, side, whether it may pass, and what the server does in each format. */
const FAILURES = [
  ['The API key is wrong', YOURS, false, {
    openai: refused(401, 'Incorrect API key provided.', 'invalid_api_key'),
    anthropic: refused(401, 'invalid x-api-key', 'authentication_error'),
    gemini: refused(400, 'API key not valid. Please pass a valid API key.', 'INVALID_ARGUMENT'),
  }],
  ['The key may not do this', YOURS, false, {
    openai: refused(403, 'You have insufficient permissions for this operation.', 'forbidden'),
    anthropic: refused(403, 'Your API key does not have permission to use the specified resource.', 'permission_error'),
    gemini: refused(403, 'Requests from referer https://example.org/ are blocked.', 'PERMISSION_DENIED'),
  }],
  ['The organisation forbids calls from browsers', YOURS, false, {
    anthropic: refused(401, 'CORS requests are not allowed for this Organization because of its settings.', 'authentication_error'),
  }],
  ['The model is unknown or retired', YOURS, false, {
    openai: refused(404, 'The model `x` does not exist or you do not have access to it.', 'model_not_found'),
    anthropic: refused(404, 'model: x', 'not_found_error'),
    gemini: refused(404, 'models/x is not found for API version v1beta.', 'NOT_FOUND'),
  }],
  ['No credit or quota is left', YOURS, undefined, {
    openai: refused(429, 'You exceeded your current quota, please check your plan.', 'insufficient_quota'),
    anthropic: refused(400, 'Your credit balance is too low to access the Anthropic API.', 'invalid_request_error'),
    gemini: refused(429, 'You exceeded your current quota. Quota exceeded for metric: x, limit: 0, model: x', 'RESOURCE_EXHAUSTED'),
  }],
  ['Too many calls in too short a time', YOURS, true, {
    openai: refused(429, 'Rate limit reached. Please try again in 200ms.', 'rate_limit_exceeded'),
    anthropic: refused(429, "This request would exceed your organization's rate limit.", 'rate_limit_error'),
    gemini: refused(429, 'Resource has been exhausted (e.g. check quota).', 'RESOURCE_EXHAUSTED'),
  }],
  ['The prompt is too long', YOURS, false, {
    openai: refused(400, "This model's maximum context length is 8 tokens.", 'context_length_exceeded'),
    anthropic: refused(400, 'prompt is too long: 9 tokens > 8 maximum', 'invalid_request_error'),
    gemini: refused(400, 'The input token count (9) exceeds the maximum number of tokens allowed (8).', 'INVALID_ARGUMENT'),
  }],
  ['The content was refused', SERVICE, false, {
    openai: refused(400, 'Your request was rejected as a result of our safety system.', 'content_policy_violation'),
    anthropic: refused(400, 'Output blocked by content filtering policy: it was flagged', 'invalid_request_error'),
    gemini: refused(400, 'The prompt was blocked by safety settings.', 'INVALID_ARGUMENT'),
  }],
  ['The request was not understood', PAGE, false, {
    openai: refused(400, 'Unrecognized request argument.', 'invalid_request_error'),
    anthropic: refused(400, 'max_tokens: field required', 'invalid_request_error'),
    gemini: refused(400, 'Unknown name "tool": Cannot find field.', 'INVALID_ARGUMENT'),
  }],
  ['The service is overloaded', SERVICE, true, {
    openai: refused(503, 'The engine is currently busy.', 'server_error'),
    anthropic: refused(529, 'Overloaded', 'overloaded_error'),
    gemini: refused(503, 'The model is currently unavailable.', 'UNAVAILABLE'),
  }],
  ['The service is in trouble', SERVICE, true, {
    openai: refused(500, 'The server had an error.', 'server_error'),
    anthropic: refused(500, 'Internal server error', 'api_error'),
    gemini: refused(500, 'An internal error has occurred.', 'INTERNAL'),
  }],
  ['The service is overloaded', SERVICE, true, {
    openai: { then: refused(503, 'Gone in the middle.', 'overloaded_error') },
    anthropic: { then: refused(503, 'Gone in the middle.', 'overloaded_error') },
    gemini: { then: refused(503, 'Gone in the middle.', 'UNAVAILABLE') },
  }],
  ['The answer was cut off', NETWORK, true, all({ then: 'cut' })],
  ['The answer was garbled', NETWORK, true, all({ then: 'garbled' })],
  ['The answer took too long', YOURS, true, all({ then: 'stall' })],
  ['The answer took too long', YOURS, true, all({ hang: true })],
  ['This is not the API that was expected', YOURS, false, all({ html: true })],
];

function all(what) {
  return { openai: what, anthropic: what, gemini: what };
}

/** What a card says has happened. */
function happened(what, host) {
  const { status, message } = what.then?.status ? what.then : what;
  if (status) return `${host} answered with error ${status}: ${message}`;
  return {
    cut: `The answer of ${host} ended before the model had finished.`,
    garbled: `A piece of the answer of ${host} could not be read.`,
    stall: `${host} began to answer and then said nothing for ${PATIENCE}.0 s.`,
  }[what.then] ?? (what.hang
    ? `${host} said nothing for ${PATIENCE}.0 s.`
    : `${host} answered with an HTML page.`);
}

const region = (page) => page.getByRole('region', { name: 'What went wrong', exact: true });

/** The cards' lines, agent first. */
async function cards(page) {
  const texts = await region(page).getByRole('article').allInnerTexts();
  return texts.map((text) => text.split('\n').map((line) => line.trim()).filter(Boolean));
}

/** Opens the topic preset on such a server. Only what `more` says is asked again. */
async function openOn(t, format, server, more) {
  const hash = `#preset=topic&schedule=parallel&provider=${format}&model=x&base_url=${server.base}`
    + `&first_timeout=${PATIENCE}&read_timeout=${PATIENCE}${more}`;
  const page = await open(t, await serveSite(t), hash, { allow: [server.origin] });
  await ready(page);
  await page.getByLabel('API key', { exact: true }).fill('sk-test-not-a-real-key');
  return page;
}

after(quit);

for (const format of ['openai', 'anthropic', 'gemini']) {
  describe(`failures in the words of ${format}`, () => {
    const own = FAILURES.filter(([, , , what]) => what[format]);

    test('cancel: one card, and the others are hung up on within 250 ms', async (t) => {
      const server = await startFormat(t, format, () => undefined);
      const page = await openOn(t, format, server, '&retries=0');
      for (const [title, side, , { [format]: what }] of own) {
        server.forget();
        // The others answer slowly enough to be in flight, and keep within what one may wait.
        server.behaviour = (agent) => (agent === 'questions' ? what : { then: 'stall' });
        const name = `${title} (${JSON.stringify(what)})`;
        if (what.hang || what.then === 'stall') {
          // Whoever stalls is timed out too, so that here the others have been through.
          server.behaviour = (agent) => (agent === 'questions' ? what : undefined);
        }
        const pressed = performance.now();
        await button(page, 'Run').click();
        await statusSays(page, /^Failed/);
        await region(page).getByRole('heading', { name: title, exact: true }).waitFor();
        const told = await cards(page);
        assert.deepEqual(told.map((lines) => lines.slice(0, 4)),
          [['questions', title, happened(what, server.host), side]], name);
        assert.ok(told[0][4].length > 20, `${name}: advice`);
        await until('nothing in flight', () => server.calls.every((call) => call.ended < Infinity));
        assert.deepEqual(server.calls.map(({ agent }) => agent).sort(), ['key_terms', 'questions', 'summary'], name);
        const [failed] = server.of('questions');
        const asked = what.hang || what.then === 'stall';
        assert.equal(failed.aborted, Boolean(asked), `${name}: a call that timed out is hung up on`);
        if (asked) {
          // Counted from the click, since the page had sent it before it arrived.
          assert.ok(failed.ended - pressed >= PATIENCE * 1000, `${name}: not before its time`);
          continue;
        }
        for (const other of server.calls.filter((call) => call !== failed)) {
          const after = other.ended - failed.ended;
          assert.ok(other.aborted, `${name}: ${other.agent} was hung up on`);
          assert.ok(after <= 250, `${name}: ${other.agent} was hung up on after ${after} ms`);
        }
      }
      await finish(page, REQUEST_FAILED);
    });

    test('collect: one card, one more try where that may help, and the rest is in the report', async (t) => {
      const server = await startFormat(t, format, () => undefined);
      const page = await openOn(t, format, server, '&retries=1&on_error=collect');
      for (const [title, side, mayPass, { [format]: what }] of own) {
        server.forget();
        server.behaviour = (agent) => (agent === 'questions' ? what : undefined);
        const name = `${title} (${JSON.stringify(what)})`;
        await button(page, 'Run').click();
        await statusSays(page, /^Finished: .*Not everything is in it: questions failed/);
        await region(page).getByRole('heading', { name: title, exact: true }).waitFor();
        const told = await cards(page);
        assert.deepEqual(told.map((lines) => lines.slice(0, 4)),
          [['questions', title, happened(what, server.host), side]], name);
        const tries = server.of('questions');
        // Some say "quota" with a status that may pass, and are told apart by their words only.
        const passes = mayPass ?? what.status === 429;
        assert.equal(tries.length, passes ? 2 : 1, `${name}: ${tries.length} tries`);
        if (passes) {
          const gap = tries[1].arrived - tries[0].ended;
          assert.ok(gap >= 190 && gap < 3000, `${name}: the second try came after ${gap} ms`);
        }
        assert.equal(server.calls.length, 3 + tries.length, name);
        const [synthesis] = server.of('synthesis');
        assert.ok(server.calls.every((call) => call === synthesis || call.ended <= synthesis.arrived),
          `${name}: the synthesis waits for all`);
      }
      await finish(page, REQUEST_FAILED);
    });

    test('a wait that the server asks for is kept, and then it is asked again', async (t) => {
      const refusal = {
        openai: refused(429, 'Rate limit reached. Please try again in 1.2s.', 'rate_limit_exceeded'),
        anthropic: { ...refused(429, 'Too many.', 'rate_limit_error'), headers: { 'Retry-After': '1' } },
        gemini: refused(429, 'Resource has been exhausted. Please retry in 1.1s.', 'RESOURCE_EXHAUSTED'),
      }[format];
      const wait = { openai: 1200, anthropic: 1000, gemini: 1100 }[format];
      const server = await startFormat(t, format, (agent, nth) =>
        (agent === 'questions' && nth === 1 ? refusal : undefined));
      const page = await openOn(t, format, server, '&retries=1');
      await button(page, 'Run').click();
      await statusSays(page, /questions waits for try 2 of 2/);
      await statusSays(page, /^Finished/);
      const [first, second, ...more] = server.of('questions');
      assert.deepEqual(more, []);
      const waited = second.arrived - first.ended;
      assert.ok(waited >= wait - 5 && waited < wait + 1000, `asked for ${wait} ms, waited ${waited}`);
      assert.equal(server.calls.length, 5);
      await finish(page, REQUEST_FAILED);
    });

    test('Stop hangs up on everybody within 250 ms', async (t) => {
      const server = await startFormat(t, format, () => ({ then: 'stall' }));
      const page = await openOn(t, format, server, '&retries=0&read_timeout=60');
      await button(page, 'Run').click();
      await page.getByText('said by questions').first().waitFor();
      await until('three calls', () => server.calls.length === 3);
      const pressed = await page.evaluate(() => {
        const stop = [...document.querySelectorAll('button')].find((b) => b.textContent === 'Stop');
        stop.click();
        return performance.timeOrigin + performance.now();
      });
      await until('nothing in flight', () => server.calls.every((call) => call.ended < Infinity));
      for (const call of server.calls) {
        const took = performance.timeOrigin + call.ended - pressed;
        assert.ok(call.aborted && took <= 250, `${call.agent} was hung up on after ${took} ms`);
      }
      await finish(page, REQUEST_FAILED);
    });
  });
}
