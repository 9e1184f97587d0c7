// Three calls and then one, each answered by a local server half a second after it arrived: how much
// longer than a second that takes. The server streams to whoever asks it to, as real ones do.

import { createServer } from 'node:http';
import { listen } from '../../tests/browser/lib/site.mjs';
import { interleaved, openRivals } from '../lib/chrome.mjs';
import { row } from '../lib/table.mjs';

const ANSWER_MILLIS = 500;

export async function measure({ rivals, rounds, smoke }) {
  const { origin, close } = await listen(undefined, createServer(answer));
  const page = await openRivals(rivals);
  const once = (name) => page.evaluate(async ([name, url, millis]) => {
    const began = performance.now();
    await window.rivals[name].calls(url);
    return performance.now() - began - 2 * millis;
  }, [name, `${origin}/v1`, ANSWER_MILLIS]);
  const names = ['converge', 'promises', 'langchain'];
  // Connections are made and preflights answered by then, for everybody.
  for (const name of names) await once(name);
  // A millisecond decides here, so that it takes more of them.
  const samples = await interleaved(names, smoke ? 1 : rounds * 2, once);
  await page.leave();
  await close();
  return [row({
    figure: '3 live calls, then 1: time above 1.000 s',
    unit: 'ms',
    ours: samples.converge,
    rivals: { 'bare fetch': samples.promises, 'LangChain.js': samples.langchain },
    goal: '1.05 x bare fetch',
    reached: (ours, theirs) => ours <= theirs['bare fetch'] * 1.05,
  })];
}

function answer(request, response) {
  const headers = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '*',
    'Access-Control-Max-Age': '600',
  };
  if (request.method === 'OPTIONS') {
    response.writeHead(204, headers).end();
    return;
  }
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => setTimeout(() => {
    const text = 'A short answer.';
    if (JSON.parse(body).stream) {
      const piece = (delta, finish_reason = null) =>
        `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
      response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' });
      response.end(`${piece({ content: text })}${piece({}, 'stop')}data: [DONE]\n\n`);
    } else {
      response.writeHead(200, { ...headers, 'Content-Type': 'application/json' });
      response.end(JSON.stringify({
        id: 'bench', object: 'chat.completion', created: 0, model: 'bench',
        choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }));
    }
  }, ANSWER_MILLIS));
}
