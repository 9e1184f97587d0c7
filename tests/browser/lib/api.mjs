// A real server that speaks the Chat Completions format (aimock), and a gauge in front of it. The
// gauge is a plain reverse proxy that answers nothing itself: it notes when each request arrived,
// what it carried, when its response ended, and whether the client hung up before that.

import { createServer, request as forward } from 'node:http';
import { LLMock } from '@copilotkit/aimock';
import { listen } from './site.mjs';

/**
 * Starts both on free ports, which `owner` ends with the test. `answers` are pairs of a pattern and what to
 * answer to a request whose messages it matches: a text, or `{ text, ...options }` with aimock's
 * options for a fixture (`streamingProfile`, `truncateAfterChunks`, `chaos`), or
 * `{ error, status, ...options }`. The first match wins. `ttft` (ms) passes before the first chunk
 * of every answer. `until(call, calls)` may give a promise that the call waits for before it is passed on to
 * be answered: what has to be seen while calls are out, or has to be out together, is not left to the
 * machine's pace.
 *
 * The result has `baseUrl` (what a user would type), `origin` and `calls` (the gauge's notes, oldest
 * first, preflights left out).
 */
export async function startApi(owner, { answers, ttft = 150, until = () => undefined }) {
  const mock = new LLMock({ host: '127.0.0.1', port: 0, strict: true, chunkSize: 12 });
  for (const [pattern, answer] of answers) {
    const { text, error, status, ...options } =
      typeof answer === 'string' ? { text: answer } : answer;
    mock.addFixture({
      match: { predicate: ({ messages }) => pattern.test(JSON.stringify(messages)) },
      response: error ? { error: { message: error }, status } : { content: text },
      streamingProfile: { ttft, tps: 100 },
      ...options,
    });
  }
  await mock.start();
  owner.after(() => mock.stop());
  return startGauge(owner, mock.port, until);
}

async function startGauge(owner, port, until) {
  const calls = [];
  const server = createServer((incoming, outgoing) => {
    const call = {
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
      body: '',
      arrived: performance.now(),
      ended: Number.POSITIVE_INFINITY,
      status: undefined,
      // The client hung up, or the mock did.
      aborted: false,
      cut: false,
    };
    const isCall = incoming.method !== 'OPTIONS';
    if (isCall) calls.push(call);
    let upstream;
    const pass = (body) => {
      const { method, url: path } = incoming;
      // A connection for each request, so that none is left open for the mock to wait for.
      const headers = { ...incoming.headers, connection: 'close' };
      const to = { host: '127.0.0.1', port, method, path, headers, agent: false };
      upstream = forward(to, (answer) => {
        call.status = answer.statusCode;
        outgoing.writeHead(answer.statusCode, allowed(incoming, answer.headers));
        // The mock's cut is passed on as hard as it came.
        answer.on('error', () => {
          call.cut = true;
          outgoing.destroy();
        });
        answer.pipe(outgoing);
      });
      upstream.on('error', () => outgoing.destroy());
      upstream.end(body);
    };
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', async () => {
      const body = Buffer.concat(chunks);
      call.body = body.toString();
      if (isCall) await until(call, calls);
      if (!outgoing.destroyed) pass(body);
    });
    outgoing.on('close', () => {
      call.ended = performance.now();
      if (outgoing.writableFinished) return;
      call.aborted = !call.cut;
      upstream?.destroy();
    });
  });
  const { origin } = await listen(owner, server);
  return { origin, baseUrl: `${origin}/v1`, calls };
}

/** A promise that is kept when the test says so. */
export function gate() {
  let open;
  const passed = new Promise((resolve) => { open = resolve; });
  return { open, passed };
}

/** A wildcard does not cover Authorization; real services name it in their preflight's answer. */
function allowed(incoming, headers) {
  const asked = incoming.headers['access-control-request-headers'];
  return asked ? { ...headers, 'access-control-allow-headers': asked } : headers;
}

/**
 * A server whose answers pages of other origins may read: `answer(request, response)` is asked for all but
 * the browser's own question whether they may, whose answer holds for ten minutes.
 */
export function readable(answer) {
  return createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '*');
    response.setHeader('Access-Control-Max-Age', '600');
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    return answer(request, response);
  });
}

/** A server that answers everything with the same page, as a captive portal would. */
export async function startFixed(owner, { status = 200, type = 'text/html', body }) {
  const server = readable((request, response) => {
    request.resume();
    response.writeHead(status, { 'Content-Type': type }).end(body);
  });
  const { origin } = await listen(owner, server);
  return { origin, baseUrl: `${origin}/v1` };
}

/**
 * Where nobody listens: a port of this machine that is free, and not one of those that a server of
 * another test may be given while this one goes on.
 */
export async function nobody() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => { server.close(resolve); });
    const origin = `http://127.0.0.1:${port}`;
    return { origin, baseUrl: `${origin}/v1` };
  }
}

/** The largest number of calls that were in flight at one time. */
export function mostInFlight(calls) {
  return Math.max(
    0,
    ...calls.map(({ arrived }) =>
      calls.filter((other) => other.arrived <= arrived && arrived < other.ended).length),
  );
}

/** The calls that are in flight now, by the notes of a server. */
export const inFlight = (calls) => calls.filter((call) => call.ended === Infinity);
