// A server that answers a chat without end, or with one event of any length: what no model does, and
// what a page has to stand.

import { setTimeout as sleep } from 'node:timers/promises';
import { readable } from './api.mjs';
import { listen } from './site.mjs';

const event = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

const END = `${event({}, 'stop')}data: [DONE]\n\n`;

/**
 * Starts it on a free port, which `owner` ends with the test. `answer(prompt, number)` says how the call
 * of that number is answered: `{ text }`, in one event; `{ piece, times, every }`, that piece so many
 * times, `every.pieces` of them each `every.ms` or as fast as the client takes them. `calls` notes
 * `{ sent, closed }` of each: the bytes that were written, and whether the client hung up before the end.
 */
export async function startEndless(owner, answer) {
  const calls = [];
  const server = readable(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const call = { sent: 0, closed: false };
    response.on('close', () => { call.closed = !response.writableFinished; });
    response.on('error', () => {});
    const write = async (text) => {
      call.sent += Buffer.byteLength(text);
      if (response.write(text) || response.destroyed) return;
      await new Promise((go) => { response.once('drain', go).once('close', go); });
    };
    const { text, piece, times, every } = answer(JSON.parse(body), calls.push(call) - 1);
    if (text !== undefined) await write(event({ content: text }));
    const one = piece === undefined ? '' : event({ content: piece });
    const together = every?.pieces ?? Math.max(1, Math.floor(65_536 / one.length));
    for (let said = 0; said < (times ?? 0) && !response.destroyed; said += together) {
      await write(one.repeat(Math.min(together, times - said)));
      if (every) await sleep(every.ms);
    }
    return response.end(END);
  });
  const { origin } = await listen(owner, server);
  return { origin, baseUrl: `${origin}/v1`, calls };
}
