// The API that generated programs ask, on 127.0.0.1: OpenAI's Chat Completions and Gemini's
// generateContent, whole and streamed. It measures no time. A call is answered when the engine's own
// run says so: when every call has come that had begun there by then, every call has been answered
// that had ended there before, and every call has been given up that was dropped there before it
// began. So a program that does not ask two things at once or lets a call run on gets stuck, and one
// that asks too early is seen to.
//
// Cases of the grid are `paced`. Their programs say on /note what the caller has got, and the server waits
// for that note at the moment at which the engine's run has it. A call that gets stuck is answered all
// the same, so that the test can say what the program does instead.
//
// Writes its port in a line; reads a line of JSON from standard input, a list of cases; when the
// input ends, writes what came, in order, and stops. The number in the model's name says which case
// a request belongs to.

import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

// A call that cannot be answered for so long never will be. It is no measure of any speed.
const STUCK_AFTER_MS = Number(process.argv[2]);

// Every call is out for so long at least, so that one that comes too early finds it there. Longer
// sees more; no right program minds.
const AT_LEAST_MS = Number(process.argv[3]);

/** What ADK puts after the instruction of every agent. */
const ADK_LINE = /\n\nYou are an agent\. Your internal name is "[^"]*"\.(?: The description about you is "[^"]*"\.)?$/;

/** How a PNG begins, in base64. */
const PNG = 'iVBORw0KGgo';

const log = [];
let cases = [];

/** Requests that came and are neither answered nor known to be given up. */
let open = 0;
let over = false;

/** The programs have ended by then, so that each request comes to its end too. */
function stop() {
  if (over && open === 0) process.stdout.write(JSON.stringify(log), () => process.exit(0));
}

function read(path, body) {
  if (path.endsWith('/chat/completions')) {
    const said = {};
    for (const { role, content } of body.messages) {
      said[role] = typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('');
    }
    const parts = body.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
    const urls = parts.flatMap((part) => part.image_url?.url ?? []);
    return {
      pictures: urls.filter((url) => url.startsWith(`data:image/png;base64,${PNG}`)).length,
      api: 'openai', model: body.model, stream: body.stream === true,
      system: said.system ?? '', user: [said.user ?? ''], temperature: body.temperature ?? null,
      tools: body.tools ?? [],
    };
  }
  const [, model, method] = /\/models\/([^/:]+):(\w+)$/.exec(path) ?? [];
  if (method !== 'generateContent' && method !== 'streamGenerateContent') return null;
  const texts = (content) => content.parts.map((part) => part.text ?? '').join('');
  const data = body.contents.flatMap(({ parts }) => parts.flatMap((part) => part.inlineData ?? []));
  return {
    // Gemini takes either spelling, and Google's own client sends the other one.
    pictures: data.filter((one) => (one.mimeType ?? one.mime_type) === 'image/png'
      && one.data.startsWith(PNG)).length,
    api: 'gemini', model, stream: method === 'streamGenerateContent',
    system: texts(body.systemInstruction ?? { parts: [] }).replace(ADK_LINE, ''),
    user: body.contents.map(texts).filter((text) => text !== ''),
    temperature: body.generationConfig?.temperature ?? null,
    tools: body.tools ?? [],
  };
}

function answer(response, { api, model, stream }, text) {
  const whole = api === 'openai'
    ? {
      id: 'c', object: stream ? 'chat.completion.chunk' : 'chat.completion', created: 0, model,
      choices: [{
        index: 0, [stream ? 'delta' : 'message']: { role: 'assistant', content: text },
        finish_reason: 'stop',
      }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    }
    : {
      candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    };
  response.setHeader('content-type', stream ? 'text/event-stream' : 'application/json');
  const end = api === 'openai' ? 'data: [DONE]\n\n' : '';
  response.end(stream ? `data: ${JSON.stringify(whole)}\n\n${end}` : JSON.stringify(whole));
}

/** Answers what can be answered now, in the order of the engine's run. */
function release(one) {
  // Where a library has an order of its own, nothing is answered until so many have come at once.
  one.held &&= one.inFlight < one.hold;
  if (one.held || one.pauses || one.awaits?.()) return;
  const isOpen = (other) => one.calls[other].asked > 0 && !one.calls[other].aborted;
  for (const [id, call] of one.calls.entries()) {
    if (call.answered || (call.hangs && !one.stuck)) continue;
    const isEarly = call.with.some((other) => one.calls[other].asked === 0) || call.gone.some(isOpen);
    if (!call.waiting?.due || (isEarly && !one.stuck)) {
      if (one.ordered && !one.stuck) return;
      continue;
    }
    const fails = call.asked <= call.failures;
    // Of calls that are out together, the engine's order decides which ones a failure finds answered.
    const before = one.calls.slice(0, id);
    if (fails && !one.stuck && before.some(({ waiting, hangs }) => waiting && !hangs)) continue;
    const { response, asked, entry } = call.waiting;
    call.waiting = null;
    one.inFlight -= 1;
    entry.ended = log.push({ ended: entry.at, status: fails ? call.status : 200 });
    // One that fails for good is done with; the others are asked again.
    call.answered = !fails || call.asked === call.attempts;
    if (fails) {
      // At once: how long libraries wait is theirs to test.
      response.writeHead(call.status, { 'content-type': 'application/json', 'retry-after-ms': '1' });
      response.end(JSON.stringify({ error: { message: 'as the test wants it', code: call.status } }));
    } else {
      answer(response, asked, call.answer);
    }
    if (one.paced) one.awaits = () => !one.stuck && awaits(one, id, fails);
    if (one.paced || (fails && call.answered)) {
      // Time to notice: whoever is to run on must still be out when others would be cancelled.
      one.pauses = true;
      setTimeout(() => {
        one.pauses = false;
        release(one);
      }, AT_LEAST_MS);
      return;
    }
  }
}

/** Whether a note is still to come before anything follows on the end of that call. */
function awaits(one, id, fails) {
  const isSeen = id !== one.seenAfter || one.seen;
  return !isSeen || (one.acknowledges && !fails && !one.has.includes(one.calls[id].agent));
}

/** Answers the notes that wait until no call of the case is out; a little later, in case one follows. */
function rest(one) {
  if (one.inFlight > 0 || one.resting.length === 0) return;
  setTimeout(() => {
    if (one.inFlight === 0) one.resting.splice(0).forEach((response) => response.end('{}'));
  }, AT_LEAST_MS);
}

/** Takes a note: what the caller has got (`seen`), or which branch has its answer (`has`). One with neither
    is answered as soon as no call of the case is out. */
function note({ case: place, seen, has }, response) {
  const one = cases[place];
  if (seen) {
    // The first counts: an error after that is the join's.
    if (!one.seen) log.push({ case: place, seen });
    one.seen = true;
  } else if (has !== undefined) {
    one.has.push(has);
  } else {
    one.resting.push(response);
    rest(one);
    return;
  }
  response.end('{}');
  release(one);
}

const server = createServer(async (request, response) => {
  open += 1;
  // After the listener below, which notes what was given up.
  response.on('close', () => setImmediate(() => {
    open -= 1;
    stop();
  }));
  let text = '';
  request.setEncoding('utf8');
  try {
    for await (const piece of request) text += piece;
  } catch {
    // Its process was ended while it sent this, as Ray ends those of canceled tasks.
    return;
  }
  const path = new URL(request.url, 'http://127.0.0.1').pathname;
  if (path.endsWith('/note')) {
    note(JSON.parse(text), response);
    return;
  }
  // The program has given it up already, so that no `close` will follow.
  if (response.destroyed) return;
  const asked = read(path, JSON.parse(text || '{}'));
  const place = Number(/\d+/.exec(asked?.model ?? '')?.[0] ?? -1);
  const one = cases[place];
  const key = request.headers['x-goog-api-key'] ?? request.headers.authorization ?? '';
  if (!one) {
    log.push({ case: place, url: request.url, unknown: true });
    response.statusCode = 404;
    response.end('{}');
    return;
  }
  const matches = (call) => call.system === asked.system
    && (asked.api === 'gemini' || call.user === asked.user[0]);
  const again = one.calls.findIndex((call) => matches(call) && call.asked > 0 && !call.waiting && !call.answered);
  const isNew = (second) => (call) => matches(call) && call.asked === 0 && call.second === second;
  // The first call of a hedge comes before the second one.
  const id = [again, ...[false, true].map((second) => one.calls.findIndex(isNew(second))), -1]
    .find((place, last) => place >= 0 || last === 3);
  const call = one.calls[id];
  one.inFlight += 1;
  const entry = {
    case: place, call: call ? id : null, ...asked, key,
    early: call ? call.after.filter((other) => !one.calls[other].answered) : [],
    inFlight: one.inFlight,
  };
  entry.at = log.push(entry);
  response.on('close', () => {
    if (!response.writableFinished) {
      log.push({ aborted: entry.at });
      if (call?.waiting?.response === response) {
        one.inFlight -= 1;
        // The calls after it do not wait for it.
        if (one.paced) Object.assign(call, { waiting: null, answered: true });
      }
      if (call) {
        call.aborted = true;
        release(one);
      }
    }
    rest(one);
  });
  if (!call) {
    one.inFlight -= 1;
    response.statusCode = 404;
    response.end('{}');
    return;
  }
  call.asked += 1;
  call.waiting = { response, asked, entry, due: false };
  const { waiting } = call;
  setTimeout(() => {
    waiting.due = true;
    release(one);
  }, AT_LEAST_MS);
  setTimeout(() => {
    if (call.waiting?.response !== response || response.destroyed) return;
    log.push({ stuck: entry.at });
    if (one.paced) {
      one.stuck = true;
      release(one);
    } else {
      response.destroy();
    }
  }, STUCK_AFTER_MS).unref();
});

// No idle connection is closed: a program that sends on it at that moment would see an error.
server.keepAliveTimeout = 0;

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => {
  cases = JSON.parse(line);
  for (const one of cases) {
    Object.assign(one, { inFlight: 0, held: one.hold > 0, pauses: false, resting: [], has: [] });
    for (const call of one.calls) Object.assign(call, { asked: 0, answered: false, aborted: false, waiting: null });
  }
});
lines.once('close', () => {
  over = true;
  stop();
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
