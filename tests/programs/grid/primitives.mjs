// JavaScript's primitives: all scenarios at once. Says on /note what the caller of each has got. Reads
// {"url": .., "cases": [..]} from standard input.

import { text } from 'node:stream/consumers';

// No scenario takes long; one that waits for ever is ended, and says so.
const LONGEST_MS = 90_000;

const { url, cases } = JSON.parse(await text(process.stdin));

async function post(path, body) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw Object.assign(new Error(await response.text()), { status: response.status });
  return response.json();
}

async function ask(own, content) {
  const body = { model: `gpt-${own.case}`, messages: [{ role: 'user', content }] };
  return (await post('/v1/chat/completions', body)).choices[0].message.content;
}

const allOf = (own) => own.branches.map((branch) => ask(own, branch.ask));
const byName = (own, values) => ({
  answers: Object.fromEntries(own.branches.map(({ name }, place) => [name, values[place]])),
});

const PRIMITIVES = {
  PromiseAll: async (own) => byName(own, await Promise.all(allOf(own))),
  PromiseAllSettled: async (own) => {
    const settled = await Promise.allSettled(allOf(own));
    return byName(own, settled.map(({ value, reason }) => value ?? reason.status ?? `${reason}`));
  },
  PromiseRace: async (own) => ({ first: await Promise.race(allOf(own)) }),
  PromiseAny: async (own) => ({ first: await Promise.any(allOf(own)) }),
};

function raised(error) {
  if (error instanceof AggregateError) return { group: error.errors.map(({ status }) => status) };
  return error.status ? { error: error.status } : { other: `${error}` };
}

async function run(own) {
  const seen = await PRIMITIVES[own.primitive](own).catch(raised);
  await post('/note', { case: own.case, seen });
  const values = Object.values(seen.answers ?? { first: seen.first });
  // What becomes of the join is not the map's.
  if (values.some((value) => typeof value === 'string')) await ask(own, own.join).catch(() => {});
  await post('/note', { case: own.case, rest: true });
}

const timer = setTimeout(() => {
  console.error(`a scenario has not ended in ${LONGEST_MS} ms`);
  process.exit(1);
}, LONGEST_MS);
await Promise.all(cases.map(run));
clearTimeout(timer);
