// A server for each of the three wire formats that fails on demand, in the vendor's own words and at
// any moment of an answer, and notes when each call came, when it ended, and who ended it.

import { createServer } from 'node:http';
import { giveKey, ready } from './page.mjs';
import { listen } from './site.mjs';

const data = (value) => `data: ${JSON.stringify(value)}\n\n`;

/** How each API says a piece of an answer, its end, and an error. */
export const FORMATS = {
  openai: {
    path: '/v1',
    text: (text) => data({ choices: [{ delta: { content: text } }] }),
    end: () => `${data({ choices: [{ delta: {}, finish_reason: 'stop' }] })}${data({
      choices: [], usage: { prompt_tokens: 120, completion_tokens: 30 },
    })}data: [DONE]\n\n`,
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

export const NAMES = Object.keys(FORMATS);

/** Lines that the browser itself writes about a failed request. */
export const REQUEST_FAILED = [/Failed to load resource/, /net::ERR_/];

/** What stands for the longest waits, in seconds, where they are what a test is about. */
export const PATIENCE = 1;

/** The settings for that. On a busy machine a call may take as long, so it is for timing tests. */
export const HASTY = `&first_timeout=${PATIENCE}&read_timeout=${PATIENCE}`;

/** A refusal, for `behaviour`. */
export const refused = (status, message, word, headers) => ({ status, message, word, headers });

/**
 * Opens the topic preset on such a server with the fixture `open`, with a key, and with all the patience
 * in the world, unless `more` says otherwise. `context` is for `open`.
 */
export async function openOn(open, format, server, more, context) {
  const hash = `#preset=topic&schedule=parallel&provider=${format}&model=x&base_url=${server.base}`
    + `&first_timeout=60&read_timeout=60${more}`;
  const page = await open(hash, { allow: [server.origin], expected: REQUEST_FAILED, ...context });
  await ready(page);
  await giveKey(page, 'sk-test-not-a-real-key');
  return page;
}

export const wentWrong = (page) => page.getByRole('region', { name: 'What went wrong', exact: true });

/** The lines of the cards, agent first. */
export async function cards(page) {
  const texts = await wentWrong(page).getByRole('article').allInnerTexts();
  return texts.map((text) => text.split('\n').map((line) => line.trim()).filter(Boolean));
}

/** Which agent of the topic preset asks: the synthesis is the one that reads an answer. */
function agentOf(body) {
  const found = [['synthesis', /said by/], ['questions', /question/i], ['key_terms', /terms/i]]
    .find(([, pattern]) => pattern.test(body));
  return found?.[0] ?? 'summary';
}

/**
 * Starts one which `owner` ends with the test. `behaviour(agent, nth, body)` says what happens to an agent's
 * nth call (from 1): `undefined` is an answer, otherwise
 * `{ status, message, word, headers }` for a refusal, `{ html: true }`, `{ json }` for other JSON,
 * `{ hang: true }` for silence, `{ drop: true }` for a connection that breaks before the headers,
 * `{ held }` for half an answer, and the other half when that promise is kept,
 * or `{ then }` for half an answer and then `'cut'`, `'drop'`, `'stall'`, `'garbled'`, or an error
 * (`{ status, message, word }`) inside the stream; each after `wait` ms, or once the promise `after` is
 * kept. `calls` are the notes since `forget()`, `knocks` counts the plain requests that ask for nothing.
 */
export async function startFormat(owner, name, behaviour) {
  const format = FORMATS[name];
  const server = { calls: [], knocks: 0, behaviour };
  const http = createServer((request, response) => {
    const cors = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '*',
      'Access-Control-Expose-Headers': '*',
      // A browser asks again by itself where a connection breaks that had been used before.
      Connection: 'close',
    };
    if (request.method === 'OPTIONS') {
      response.writeHead(204, cors).end();
      return;
    }
    if (request.method === 'GET') {
      server.knocks += 1;
      response.writeHead(404).end();
      return;
    }
    const call = {
      path: request.url, body: '', agent: undefined, arrived: performance.now(), ended: Infinity, aborted: false,
    };
    request.on('data', (chunk) => { call.body += chunk; });
    request.on('end', () => {
      call.agent = agentOf(call.body);
      server.calls.push(call);
      const nth = server.calls.filter(({ agent }) => agent === call.agent).length;
      const what = server.behaviour(call.agent, nth, call.body);
      Promise.resolve(what?.after).then(() =>
        setTimeout(() => answer(format, what, call.agent, response, cors), what?.wait ?? 0));
    });
    response.on('close', () => {
      call.ended = performance.now();
      call.aborted = !response.writableFinished && !response.cutHere;
    });
  });
  const { origin, close } = await listen(owner, http);
  server.forget = () => { server.calls = []; };
  server.of = (agent) => server.calls.filter((call) => call.agent === agent);
  return Object.assign(server, { origin, close, base: origin + format.path, host: new URL(origin).host });
}

/** Breaks a connection as a server does that falls over. */
function drop(response) {
  response.cutHere = true;
  response.destroy();
}

function answer(format, what, agent, response, cors) {
  if (what?.hang) return;
  if (what?.drop) {
    drop(response);
    return;
  }
  if (what?.json) {
    response.writeHead(200, { ...cors, 'Content-Type': 'application/json' });
    response.end(JSON.stringify(what.json));
    return;
  }
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
  if (what?.held) {
    what.held.then(() => response.write(format.text(' to the end')) && response.end(format.end()));
    return;
  }
  const { then } = what ?? {};
  if (then === 'stall') return;
  if (then === 'cut') {
    response.end();
  } else if (then === 'drop') {
    // What was said has to be on the wire first.
    setTimeout(() => drop(response), 50);
  } else if (then === 'garbled') {
    response.end(format.garbled);
  } else if (then) {
    response.end(format.inside(format.error(then.status, then.message, then.word)));
  } else {
    response.end(format.end());
  }
}
