// Every failure, in each of the three wire formats, cancelling the others or going on without: the
// card's words on the page, and on the server's side how often it was called, when, and how soon the
// others were hung up on.

import { inFlight } from './lib/api.mjs';
import { HASTY, NAMES, PATIENCE, cards, refused, wentWrong } from './lib/formats.mjs';
import { button, status } from './lib/page.mjs';
import { TIMING, expect, test } from './lib/test.mjs';

const YOURS = 'You can fix this.';
const SERVICE = "This is a problem of the service.";
const NETWORK = 'The problem is between you and the service.';
const UNKNOWN = 'It is not clear who can fix this.';

/** Of each failure: title, side, whether it may pass, and what the server does in each format. */
const FAILURES = [
  ['The API key is wrong', YOURS, false, {
    openai: refused(401, 'Incorrect API key provided.', 'invalid_api_key'),
    anthropic: refused(401, 'invalid x-api-key', 'authentication_error'),
    gemini: refused(400, 'API key not valid. Please pass a valid API key.', 'INVALID_ARGUMENT'),
  }],
  ['An API key is missing', YOURS, false, {
    openai: refused(401, "You didn't provide an API key.", null),
    anthropic: refused(401, 'x-api-key header is required', 'authentication_error'),
    gemini: refused(403, "Method doesn't allow unregistered callers.", 'PERMISSION_DENIED'),
  }],
  ['The key is not allowed to do this', YOURS, false, {
    openai: refused(403, 'You have insufficient permissions for this operation.', 'forbidden'),
    anthropic: refused(403, 'Your API key does not have permission to use the specified resource.', 'permission_error'),
    gemini: refused(403, 'Requests from referer https://example.org/ are blocked.', 'PERMISSION_DENIED'),
  }],
  ['The organization forbids calls from browsers', YOURS, false, {
    anthropic: refused(401, 'CORS requests are not allowed for this Organization because of its settings.', 'authentication_error'),
  }],
  ['Unknown or retired model', YOURS, false, {
    openai: refused(404, 'The model `x` does not exist or you do not have access to it.', 'model_not_found'),
    anthropic: refused(404, 'model: x', 'not_found_error'),
    gemini: refused(404, 'models/x is not found for API version v1beta.', 'NOT_FOUND'),
  }],
  ['No credit or quota is left', YOURS, false, {
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
  ['The request was not accepted', UNKNOWN, false, {
    openai: refused(400, 'Unrecognized request argument.', 'invalid_request_error'),
    anthropic: refused(400, 'max_tokens: field required', 'invalid_request_error'),
    gemini: refused(400, 'Unknown name "tool": Cannot find field.', 'INVALID_ARGUMENT'),
  }],
  ['The request was not accepted', UNKNOWN, false, all(refused(422, 'temperament: no such field', 'x'))],
  ['The answer took too long', YOURS, true, all(refused(408, 'Request time-out.', 'x'))],
  ['The call was refused', UNKNOWN, true, all(refused(409, 'Conflict.', 'x'))],
  ['The service is overloaded', SERVICE, true, {
    openai: refused(503, 'The engine is currently busy.', 'server_error'),
    anthropic: refused(529, 'Overloaded', 'overloaded_error'),
    gemini: refused(503, 'The model is currently unavailable.', 'UNAVAILABLE'),
  }],
  ['The service has a problem', SERVICE, true, {
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
  ['The answer was cut off', NETWORK, true, all({ then: 'drop' })],
  ['The connection was lost', NETWORK, true, all({ drop: true, wait: 300 })],
  ['The answer was garbled', NETWORK, true, all({ then: 'garbled' })],
  ['The answer took too long', YOURS, true, all({ then: 'stall' })],
  ['The answer took too long', YOURS, true, all({ hang: true })],
  ['This is not the API that was expected', YOURS, false, all({ html: true })],
  ['This is not the API that was expected', YOURS, false, all({ json: { ok: true } })],
];

function all(what) {
  return { openai: what, anthropic: what, gemini: what };
}

/** What is not an answer, in the words for each format. */
const OTHER_JSON = {
  openai: 'JSON that is not a chat completion',
  anthropic: "JSON that is not an event of Anthropic's",
  gemini: "JSON that is not an answer of Gemini's",
};

/** What a card says has happened. */
function happened(what, host, format) {
  const { status, message } = what.then?.status ? what.then : what;
  if (status) return `${host} answered with error ${status}: ${message}`;
  return {
    cut: `The answer of ${host} ended before the model had finished.`,
    drop: `The answer of ${host} ended before the model had finished.`,
    garbled: `A piece of the answer of ${host} could not be read.`,
    stall: `${host} began to answer and then said nothing for ${PATIENCE}.0 s.`,
  }[what.then]
    ?? (what.hang ? `${host} said nothing for ${PATIENCE}.0 s.` : undefined)
    ?? (what.drop ? `The request to ${host} failed, although a plain one works.` : undefined)
    ?? `${host} answered with ${what.json ? OTHER_JSON[format] : 'an HTML page'}.`;
}

/** Whether it ends by nothing but our own patience. */
const isSilent = (what) => what.hang || what.then === 'stall';

/** Runs a failure whose siblings go on, and holds the page to the server's notes. */
async function goesOn(page, server, format, [title, side, mayPass, { [format]: what }]) {
  server.forget();
  server.behaviour = (agent) => (agent === 'questions' ? what : undefined);
  const name = `${title} (${JSON.stringify(what)})`;
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText(/^Finished: .*The report is missing an answer\. Questions failed/);
  await wentWrong(page).getByText(happened(what, server.host, format), { exact: true }).waitFor();
  const told = await cards(page);
  const tries = server.of('questions');
  const expected = ['questions', title, happened(what, server.host, format),
    ...mayPass ? ['It failed 2 times in a row.'] : [], side];
  expect(told.map((lines) => lines.slice(0, -1)), name).toEqual([expected]);
  expect(tries.length, `${name}: tries`).toBe(mayPass ? 2 : 1);
  // How long it was to be is told by waits.test.mjs. When the page gives a call up, the server hears late.
  if (mayPass && !isSilent(what)) {
    expect(tries[1].arrived - tries[0].ended, `${name}: ms to the second try`).toBeGreaterThanOrEqual(190);
  }
  expect(server.calls.length, name).toBe(3 + tries.length);
  const [synthesis] = server.of('synthesis');
  // The page hangs up on one connection and calls on another: which of the two the server hears
  // of first is not the page's to say.
  await expect.poll(() => server.calls.filter((call) => call.ended === Infinity), name).toEqual([]);
  const isOver = (call) => call.aborted || call.ended <= synthesis.arrived;
  expect(server.calls.filter((call) => call !== synthesis && !isOver(call)),
    `${name}: what the synthesis did not wait for`).toEqual([]);
}

for (const format of NAMES) {
  test.describe(`failures in the words of ${format}`, () => {
    const own = FAILURES.filter(([, , , what]) => what[format]);

    test('cancel: one card, and the others are hung up on within 250 ms', { tag: TIMING }, async ({ startFormat, openOn }) => {
      const server = await startFormat(format, () => undefined);
      const page = await openOn(format, server, `&retries=0${HASTY}`);
      for (const [title, side, , { [format]: what }] of own) {
        server.forget();
        // The others answer slowly enough to be in flight, and the one that fails waits for their calls.
        let allAsked;
        const after = new Promise((resolve) => { allAsked = resolve; });
        server.behaviour = (agent) => {
          if (server.calls.length === 3) allAsked();
          return agent === 'questions' ? { ...what, after } : { then: 'stall' };
        };
        const name = `${title} (${JSON.stringify(what)})`;
        if (isSilent(what)) {
          // Whoever stalls is timed out too, so that here the others have been through.
          server.behaviour = (agent) => (agent === 'questions' ? what : undefined);
        }
        const pressed = performance.now();
        await button(page, 'Run').click();
        await expect(status(page)).toHaveText(/^Failed/);
        await wentWrong(page).getByText(happened(what, server.host, format), { exact: true }).waitFor();
        const told = await cards(page);
        expect(told.map((lines) => lines.slice(0, 4)), name)
          .toEqual([['questions', title, happened(what, server.host, format), side]]);
        expect(told[0][4].length, `${name}: advice`).toBeGreaterThan(20);
        await expect.poll(() => inFlight(server.calls), 'calls in flight').toEqual([]);
        expect(server.calls.map(({ agent }) => agent).sort(), name).toEqual(['key_terms', 'questions', 'summary']);
        const [failed] = server.of('questions');
        const asked = isSilent(what);
        expect(failed.aborted, `${name}: a call that timed out is hung up on`).toBe(Boolean(asked));
        if (asked) {
          // Counted from the click, since the page had sent it before it arrived.
          expect(failed.ended - pressed, `${name}: not before its time`).toBeGreaterThanOrEqual(PATIENCE * 1000);
          continue;
        }
        for (const other of server.calls.filter((call) => call !== failed)) {
          expect(other.aborted, `${name}: ${other.agent} was hung up on`).toBe(true);
          expect(other.ended - failed.ended, `${name}: ms until ${other.agent} was hung up on`)
            .toBeLessThanOrEqual(250);
        }
      }
    });

    test('collect: one card, one more try where that may help, and the rest is in the report', async ({ startFormat, openOn }) => {
      const server = await startFormat(format, () => undefined);
      const page = await openOn(format, server, '&retries=1&on_error=collect');
      for (const failure of own.filter((failure) => !isSilent(failure[3][format]))) {
        await goesOn(page, server, format, failure);
      }
    });

    test('collect: so it is with a server that falls silent', { tag: TIMING }, async ({ startFormat, openOn }) => {
      const server = await startFormat(format, () => undefined);
      const page = await openOn(format, server, `&retries=1&on_error=collect${HASTY}`);
      const silent = own.filter((failure) => isSilent(failure[3][format]));
      expect(silent).toHaveLength(2);
      for (const failure of silent) await goesOn(page, server, format, failure);
    });
  });
}
