// A live model: the page calls a real server that speaks the Chat Completions format. What was in
// flight when is read from the server's side, and so is what a key was sent with.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { mostInFlight, nobody, startApi, startFixed, until } from './lib/api.mjs';
import { finish, open, quit } from './lib/browser.mjs';
import { button, output, ready, statusSays, statusText, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const KEY = 'sk-test-5f1c9e-not-a-real-key';
const SAID = {
  summary: 'Tides turn because the moon pulls.',
  questions: 'Who measured the first tide table?',
  key_terms: 'neap, spring, slack water',
};
const REPORT = 'Taken together, the sea keeps time.';

/** First match wins: the synthesis is the one that carries the others' texts. */
function answers(changes = {}) {
  const branch = (name) => changes[name] ?? SAID[name];
  return [
    [new RegExp(`${SAID.summary}|${SAID.key_terms}`), changes.synthesis ?? REPORT],
    [/question/i, branch('questions')],
    [/terms/i, branch('key_terms')],
    [/summar/i, branch('summary')],
  ];
}

/** Lines that the browser itself writes about a failed request. */
const REQUEST_FAILED = [/Failed to load resource/, /net::ERR_/];

/** Opens the topic preset on a live server, types a key, and leaves it ready to run. */
async function openLive(t, api, more = '') {
  const hash = `#preset=topic&provider=compatible&model=test&base_url=${api.baseUrl}${more}`;
  const page = await open(t, await serveSite(t), hash, { allow: [api.origin] });
  await ready(page);
  const key = page.getByLabel('API key', { exact: true });
  assert.equal(await key.getAttribute('type'), 'password');
  await key.fill(KEY);
  return page;
}

/** Waits until the page shows a line that names one of the agents and matches the cause. */
async function says(page, agent, cause, timeout = 30_000) {
  let lines = [];
  for (const deadline = Date.now() + timeout; Date.now() < deadline;) {
    lines = (await page.locator('body').innerText()).split('\n');
    const found = lines.find((line) => agent.test(line) && cause.test(line));
    if (found) return found;
    await page.waitForTimeout(50);
  }
  return assert.fail(`no line names ${agent} and ${cause} in:\n${lines.filter(Boolean).join('\n')}`);
}

const bodies = (calls) => calls.map((call) => JSON.parse(call.body));
const carries = (call, text) => JSON.stringify(JSON.parse(call.body).messages).includes(text);

after(quit);

describe('a live model', () => {
  test('the branches are in flight together, the synthesis leaves last, then one by one', async (t) => {
    const api = await startApi(t, { answers: answers(), ttft: 400 });
    const page = await openLive(t, api);
    await says(page, /\b8\b/, /calls/);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished: sequential .* s, parallel .* s, .* times faster/);

    assert.equal(api.calls.length, 8);
    for (const body of bodies(api.calls)) {
      assert.equal(body.model, 'test');
      assert.equal(body.stream, true);
      assert.ok(!('temperature' in body), 'temperature is not sent unless it is set');
    }
    const [first, second] = [api.calls.slice(0, 4), api.calls.slice(4)];

    const branches = first.slice(0, 3);
    const synthesis = first[3];
    const firstEnd = Math.min(...branches.map((call) => call.ended));
    for (const call of branches) assert.ok(call.arrived < firstEnd, 'in flight together');
    assert.equal(mostInFlight(first), 3);
    assert.ok(synthesis.arrived >= Math.max(...branches.map((call) => call.ended)));
    for (const text of Object.values(SAID)) assert.ok(carries(synthesis, text), text);

    assert.equal(mostInFlight(second), 1, 'the sequential run never has two in flight');
    assert.ok(second[0].arrived >= synthesis.ended, 'and starts when the parallel run is over');
    for (const text of Object.values(SAID)) assert.ok(carries(second[3], text), text);

    const rows = await timeline(page);
    assert.deepEqual([...new Set(rows.map((row) => row.outcome))], ['done']);
    for (const [agent, text] of Object.entries(SAID)) {
      assert.ok((await output(page, agent).textContent()).includes(text), agent);
    }
    await finish(page);
  });

  test('the key is in the Authorization header and nowhere else', async (t) => {
    const api = await startApi(t, { answers: answers(), ttft: 0 });
    const page = await openLive(t, api, '&schedule=parallel');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    assert.equal(api.calls.length, 4);
    for (const { headers, path, body } of api.calls) {
      const { authorization, ...others } = headers;
      assert.equal(authorization, `Bearer ${KEY}`);
      assert.ok(!JSON.stringify([others, path, body]).includes(KEY));
    }
    const places = await page.evaluate(() => ({
      address: location.href,
      document: document.documentElement.outerHTML,
      local: JSON.stringify({ ...localStorage }),
      session: JSON.stringify({ ...sessionStorage }),
      cookie: document.cookie,
      history: JSON.stringify(history.state),
      fields: JSON.stringify(
        [...document.querySelectorAll('input:not([type=password]), textarea, select')]
          .map((field) => field.value)),
    }));
    places.requests = page.account.requests.join('\n');
    places.console = JSON.stringify(page.account.console);
    for (const [place, text] of Object.entries(places)) {
      assert.ok(!text.includes(KEY), `the key is in: ${place}`);
    }
    // It lives in memory only: a reload forgets it.
    await page.reload();
    await ready(page);
    assert.equal(await page.getByLabel('API key', { exact: true }).inputValue(), '');
    await finish(page);
  });

  test('an agent may ask a model of its own', async (t) => {
    const api = await startApi(t, { answers: answers({ questions: { error: 'The model `big` does not exist', status: 404 } }), ttft: 0 });
    const page = await openLive(t, api, '&schedule=parallel&on_error=collect');
    await button(page, 'Edit the pipeline').click();
    const questions = page.getByRole('region', { name: 'Editor' }).getByRole('group', { name: 'questions', exact: true });
    const line = questions.locator('[aria-expanded]').first();
    if (await line.getAttribute('aria-expanded') === 'false') await line.click();
    await questions.getByLabel('Own live model', { exact: true }).fill('big');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    assert.deepEqual(bodies(api.calls).map(({ model }) => model).sort(), ['big', 'test', 'test', 'test']);
    const [own] = api.calls.filter((call) => JSON.parse(call.body).model === 'big');
    assert.ok(carries(own, 'questions'));
    await page.getByText(/^Check the spelling of the model big\./).waitFor();
    await finish(page, REQUEST_FAILED);
  });

  test('OpenRouter hears where it is called from, and nobody else does', async (t) => {
    const site = await serveSite(t);
    const sent = {};
    for (const [provider, pattern] of [['openrouter', 'https://openrouter.ai/**'], ['mistral', 'https://api.mistral.ai/**']]) {
      const page = await open(t, site, `#preset=topic&schedule=parallel&retries=0&provider=${provider}`);
      await page.route(pattern, (route) => {
        sent[provider] = route.request().headers();
        return route.fulfill({ status: 500, headers: { 'access-control-allow-origin': '*' } });
      });
      await ready(page);
      await page.getByLabel('API key', { exact: true }).fill(KEY);
      await button(page, 'Run').click();
      await statusSays(page, /^Failed/);
      await finish(page, REQUEST_FAILED);
    }
    assert.equal(sent.openrouter['x-openrouter-title'], 'Converge');
    assert.equal(sent.openrouter['http-referer'], site.origin);
    for (const name of ['x-openrouter-title', 'http-referer', 'referer']) {
      assert.ok(!(name in sent.mistral), name);
    }
    assert.ok(!('referer' in sent.openrouter));
  });

  test('a key in the address is ignored', async (t) => {
    const api = await startApi(t, { answers: answers() });
    const hash = `#preset=topic&provider=compatible&model=test&base_url=${api.baseUrl}`;
    const page = await open(t, await serveSite(t), `${hash}&key=${KEY}&api_key=${KEY}&autoplay=1`);
    await ready(page);
    assert.equal(await page.getByLabel('API key', { exact: true }).inputValue(), '');
    assert.deepEqual(api.calls, [], 'and autoplay never starts a live run');
    await finish(page);
  });

  // One branch fails after the others are through, so that there is something to keep.
  const late = { chaos: { latencyMs: 700 } };
  for (const [what, change, cause] of [
    ['a server error', { error: 'the model fell over', status: 500, ...late }, /500|server/i],
    ['a refused key', { error: 'Incorrect API key provided', status: 401, ...late }, /\bkey\b/i],
    [
      'a stream cut in the middle',
      { text: SAID.questions.repeat(4), streamingProfile: { ttft: 700, tps: 100 }, truncateAfterChunks: 3 },
      /cut|broke|ended|incomplete|interrupted/i,
    ],
  ]) {
    test(`${what} is named with its agent, and finished branches stay`, async (t) => {
      const api = await startApi(t, { answers: answers({ questions: change }), ttft: 0 });
      const page = await openLive(t, api, '&schedule=parallel');
      await button(page, 'Run').click();
      await says(page, /questions/i, cause);
      // The cause is told while there are tries left, too.
      await statusSays(page, /^(?!Running)/);
      await until('no call in flight', () => api.calls.every((call) => call.ended < Infinity));
      const rows = await timeline(page);
      const outcome = (agent) => rows.find((row) => row.agent === agent)?.outcome;
      assert.equal(outcome('questions'), 'failed');
      assert.equal(outcome('summary'), 'done');
      assert.equal(outcome('key_terms'), 'done');
      assert.ok((await output(page, 'summary').textContent()).includes(SAID.summary));
      assert.equal(api.calls.filter((call) => carries(call, SAID.summary)).length, 0, 'no synthesis');
      assert.doesNotMatch(await statusText(page), /^(Finished|Running)/);
      assert.ok(!(await page.locator('body').innerText()).includes(KEY));
      await finish(page, REQUEST_FAILED);
    });
  }

  test('nobody at that address', async (t) => {
    const page = await openLive(t, await nobody(), '&schedule=parallel');
    await button(page, 'Run').click();
    await says(page, /summary|questions|key_terms/i, /reach|refused|connect|running|CORS/i);
    await finish(page, REQUEST_FAILED);
  });

  test('a page of HTML where an answer should be', async (t) => {
    const api = await startFixed(t, { body: '<!doctype html><title>Sign in</title><p>Welcome' });
    const page = await openLive(t, api, '&schedule=parallel');
    await button(page, 'Run').click();
    await says(page, /summary|questions|key_terms/i, /HTML|web page|JSON/i);
    await finish(page);
  });

  test('the cursor can be moved while the calls go on', async (t) => {
    const slow = (text) => ({ text, streamingProfile: { ttft: 200, tps: 8 } });
    const questions = 'One two three four five six seven eight nine ten. '.repeat(3);
    const api = await startApi(t, { answers: answers({ questions: slow(questions) }) });
    const page = await openLive(t, api, '&schedule=parallel');
    const text = () => output(page, 'questions').locator('.text').textContent();
    const time = page.getByRole('slider', { name: 'Time', exact: true });
    await button(page, 'Run').click();
    await output(page, 'questions').getByText(/One two three/).first().waitFor();
    await time.focus();
    await page.keyboard.press('Home');
    assert.equal(await text(), '');
    assert.equal(Number(await time.inputValue()), 0);
    // The cursor stands, the log grows.
    const edge = Number(await time.getAttribute('max'));
    await page.waitForFunction((edge) =>
      Number(document.querySelector('[aria-label=Time]').max) > edge + 0.5, edge);
    assert.equal(await text(), '');
    assert.ok(api.calls.some((call) => call.ended === Infinity), 'a call is still in flight');
    await button(page, 'Follow the run').click();
    assert.match(await text(), /^One two three/);
    await statusSays(page, /^Finished/);
    assert.equal(await text(), questions);
    assert.equal(api.calls.length, 4);
    await finish(page);
  });

  test('Stop hangs up on the wire', async (t) => {
    const long = { text: 'and so on, '.repeat(400), streamingProfile: { ttft: 50, tps: 20 } };
    const api = await startApi(t, { answers: answers({ questions: long, summary: long }) });
    const page = await openLive(t, api, '&schedule=parallel');
    await button(page, 'Run').click();
    await until('three calls', () => api.calls.length === 3);
    await output(page, 'summary').getByText(/and so on/).first().waitFor();
    await button(page, 'Stop').click();
    await until('the server sees it', () => api.calls.every((call) => call.ended < Infinity));
    const open = api.calls.filter((call) => call.aborted);
    assert.ok(open.length >= 2, `${open.length} of the long calls were hung up on`);
    const rows = await timeline(page);
    assert.deepEqual(rows.filter((row) => row.outcome === 'running'), []);
    assert.ok(rows.some((row) => row.outcome === 'cancelled'));
    assert.equal(api.calls.length, 3, 'nothing was called after that');
    await finish(page, REQUEST_FAILED);
  });
});
