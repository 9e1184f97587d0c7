// A server for each of the three wire formats that fails on demand, in the vendor's own words and at
// any moment of an answer, and notes when each call came, when it ended, and who ended it.

import { createServer } from 'node:http';
import { listen } from './site.mjs';

const data = (value) => `data: ${JSON.stringify(value)}\n\n`;

/** How each API says a piece of an answer, its end, and an error. */
export const FORMATS = {
  openai: {
    path: '/v1',
    text: (text) => data({ choices: [{ delta: { content: text } }] }),
    end: () => `${data({ choices: [{ delta: {}, finish_reason: 'stop' }] })}data: [DONE]\n\n`,
    error: (status, message, word) => ({ error: { message, type: word, code: word } }),
    inside: (error) => data(error),
    garbled: 'data: {"choi\n\n',
  },
  anthropic: {
    path: '/v1',
    text: (text) => `event: content_block_delta\n${data({
      type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text },
    })}`,
    end: () => `event: message_delta\n${data({
      type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 },
    })}event: message_stop\n${data({ type: 'message_stop' })}`,
    error: (status, message, word) => ({ type: 'error', error: { type: word, message } }),
    inside: (error) => `event: error\n${data(error)}`,
    garbled: 'event: content_block_delta\ndata: {"type\n\n',
  },
  gemini: {
    path: '/v1beta',
    text: (text) => data({ candidates: [{ content: { parts: [{ text }] } }] }),
    end: () => data({ candidates: [{ content: { parts: [] }, finishReason: 'STOP' }] }),
    error: (status, message, word) => ({ error: { code: status, message, status: word } }),
    inside: (error) => data(error),
    garbled: 'data: {"cand\n\n',
  },
};

/** Which agent of the topic preset asks: the synthesis is the one that reads an answer. */
function agentOf(body) {
  const found = [['synthesis', /said by/], ['questions', /question/i], ['key_terms', /terms/i]]
    .find(([, pattern]) => pattern.test(body));
  return found?.[0] ?? 'summary';
}

/**
 * Starts one until the test `t` ends. `behaviour(agent, nth)` says what happens to an agent's nth
 * call (from 1): `undefined` is an answer, otherwise
 * `{ status, message, word, headers }` for a refusal, `{ html: true }`, `{ hang: true }` for silence,
 * or `{ then }` for half an answer and then `'cut'`, `'stall'`, `'garbled'`, or an error
 * (`{ status, message, word }`) inside the stream. `calls` are the notes since `forget()`.
 */
export async function startFormat(t, name, behaviour) {
  const format = FORMATS[name];
  const server = { calls: [], behaviour };
  const http = createServer((request, response) => {
    const cors = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '*',
      'Access-Control-Expose-Headers': '*',
    };
    if (request.method === 'OPTIONS') {
      response.writeHead(204, cors).end();
      return;
    }
    const call = {
      path: request.url, agent: undefined, arrived: performance.now(), ended: Infinity, aborted: false,
    };
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      call.agent = agentOf(body);
      server.calls.push(call);
      const nth = server.calls.filter(({ agent }) => agent === call.agent).length;
      answer(format, server.behaviour(call.agent, nth), call.agent, response, cors);
    });
    response.on('close', () => {
      call.ended = performance.now();
      call.aborted = !response.writableFinished && !response.cutHere;
    });
  });
  const { origin } = await listen(t, http);
  server.forget = () => { server.calls = []; };
  server.of = (agent) => server.calls.filter((call) => call.agent === agent);
  return Object.assign(server, { origin, base: origin + format.path, host: new URL(origin).host });
}

function answer(format, what, agent, response, cors) {
  if (what?.hang) return;
  if (what?.html) {
    response.writeHead(200, { ...cors, 'Content-Type': 'text/html' }).end('<!doctype html><p>Sign in');
    return;
  }
  if (what?.status) {
    const { status, message, word, headers } = what;
    response.writeHead(status, { ...cors, ...headers, 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ ...format.error(status, message, word), ...what.more }));
    return;
  }
  response.writeHead(200, { ...cors, 'Content-Type': 'text/event-stream' });
  response.write(format.text(`said by ${agent}`));
  const { then } = what ?? {};
  if (then === 'stall') return;
  if (then === 'cut') {
    response.end();
  } else if (then === 'garbled') {
    response.end(format.garbled);
  } else if (then) {
    response.end(format.inside(format.error(then.status, then.message, then.word)));
  } else {
    response.end(format.end());
  }
}
