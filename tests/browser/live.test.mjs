// A live model: the page calls a real server that speaks the Chat Completions format. What was in
// flight when is read from the server's side, and so is what a key was sent with.

import { setTimeout as pause } from 'node:timers/promises';
import { gate, inFlight, mostInFlight } from './lib/api.mjs';
import { REQUEST_FAILED } from './lib/formats.mjs';
import {
  button, giveKey, openProvider, openTab, output, ready, sheet, status, timeline,
} from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

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

const test = base.extend({
  /** Opens the topic preset on a live server, types a key, and leaves it ready to run. */
  openLive: ({ open }, use) => use(async (api, more = '', context = {}) => {
    const hash = `#preset=topic&provider=compatible&model=test&base_url=${api.baseUrl}${more}`;
    const page = await open(hash, { allow: [api.origin], ...context });
    await ready(page);
    await openProvider(page);
    await expect(page.getByLabel('API key', { exact: true })).toHaveAttribute('type', 'password');
    await giveKey(page, KEY);
    return page;
  }),
});

/** Waits until the page shows a line that names one of the agents and matches the cause. */
const says = (page, agent, cause) => expect.poll(async () => {
  const lines = (await page.locator('body').innerText()).split('\n');
  return lines.some((line) => agent.test(line) && cause.test(line)) || lines.filter(Boolean);
}, `a line that names ${agent} and ${cause}`).toBe(true);

const bodies = (calls) => calls.map((call) => JSON.parse(call.body));
const carries = (call, text) => JSON.stringify(JSON.parse(call.body).messages).includes(text);

test.describe('a live model', () => {
  test('the branches are in flight together, the synthesis leaves last, then one by one', async ({ startApi, openLive }) => {
    // The branches are answered once all of them are out: a page that calls one by one never ends. However
    // long that takes, each call of the sequential run takes as long, so that it is the slower one.
    const branches = gate();
    let took = 0;
    const until = (call, calls) => {
      if (calls.length > 4) return pause(took);
      if (calls.length === 3) {
        took = calls[2].arrived - calls[0].arrived;
        branches.open();
      }
      return branches.passed;
    };
    const api = await startApi({ answers: answers(), ttft: 400, until });
    const page = await openLive(api);
    await openProvider(page);
    await says(page, /\b8\b/, /calls/);
    await button(page, 'Run').click();
    await expect(sheet(page), 'a run that begins closes the sheet').toHaveCount(0);
    await expect(status(page)).toHaveText(/^Finished: sequential .* s, parallel .* s, .* times faster/);

    expect(api.calls.length).toBe(8);
    for (const body of bodies(api.calls)) {
      expect(body.model).toBe('test');
      expect(body.stream).toBe(true);
      expect(body, 'it is not sent unless it is set').not.toHaveProperty('temperature');
    }
    const [first, second] = [api.calls.slice(0, 4), api.calls.slice(4)];

    const [synthesis, together] = [first[3], first.slice(0, 3)];
    const firstEnd = Math.min(...together.map((call) => call.ended));
    for (const call of together) expect(call.arrived, 'in flight together').toBeLessThan(firstEnd);
    expect(mostInFlight(first)).toBe(3);
    expect(synthesis.arrived).toBeGreaterThanOrEqual(Math.max(...together.map((call) => call.ended)));
    for (const text of Object.values(SAID)) expect(carries(synthesis, text), text).toBe(true);

    expect(mostInFlight(second), 'the sequential run never has two in flight').toBe(1);
    expect(second[0].arrived, 'and starts when the parallel run is over').toBeGreaterThanOrEqual(synthesis.ended);
    for (const text of Object.values(SAID)) expect(carries(second[3], text), text).toBe(true);

    const rows = await timeline(page);
    expect([...new Set(rows.map((row) => row.outcome))]).toEqual(['done']);
    for (const [agent, text] of Object.entries(SAID)) {
      await expect(output(page, agent), agent).toContainText(text);
    }
  });

  test('the key is in the Authorization header and nowhere else', async ({ startApi, openLive }) => {
    const api = await startApi({ answers: answers(), ttft: 0 });
    const page = await openLive(api, '&schedule=parallel');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(api.calls.length).toBe(4);
    for (const { headers, path, body } of api.calls) {
      const { authorization, ...others } = headers;
      expect(authorization).toBe(`Bearer ${KEY}`);
      expect(JSON.stringify([others, path, body])).not.toContain(KEY);
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
      expect(text, `the key is in: ${place}`).not.toContain(KEY);
    }
    // It lives in memory only: a reload forgets it.
    await page.reload();
    await ready(page);
    await openProvider(page);
    await expect(page.getByLabel('API key', { exact: true })).toHaveValue('');
  });

  test('an agent may ask a model of its own', async ({ startApi, openLive }) => {
    const api = await startApi({ answers: answers({ questions: { error: 'The model `big` does not exist', status: 404 } }), ttft: 0 });
    const page = await openLive(api, '&schedule=parallel&on_error=collect', { expected: REQUEST_FAILED });
    await openTab(page, 'Prompts');
    await button(page, 'Edit pipeline').click();
    const questions = page.getByRole('region', { name: 'Editor' }).getByRole('group', { name: 'questions', exact: true });
    const line = questions.locator('[aria-expanded]').first();
    if (await line.getAttribute('aria-expanded') === 'false') await line.click();
    await questions.getByLabel('Model override', { exact: true }).fill('big');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    expect(bodies(api.calls).map(({ model }) => model).sort()).toEqual(['big', 'test', 'test', 'test']);
    const [own] = api.calls.filter((call) => JSON.parse(call.body).model === 'big');
    expect(carries(own, 'questions')).toBe(true);
    await page.getByText(/^Check the spelling of the model big\./).waitFor();
  });

  test('OpenRouter hears where it is called from, and nobody else does', async ({ open, site }) => {
    const sent = {};
    for (const [provider, pattern] of [['openrouter', 'https://openrouter.ai/**'], ['mistral', 'https://api.mistral.ai/**']]) {
      const hash = `#preset=topic&schedule=parallel&retries=0&provider=${provider}`;
      const page = await open(hash, { expected: REQUEST_FAILED });
      await page.route(pattern, (route) => {
        sent[provider] = route.request().headers();
        return route.fulfill({ status: 500, headers: { 'access-control-allow-origin': '*' } });
      });
      await ready(page);
      await giveKey(page, KEY);
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Failed/);
    }
    expect(sent.openrouter['x-openrouter-title']).toBe('Converge');
    expect(sent.openrouter['http-referer']).toBe(site.origin);
    for (const name of ['x-openrouter-title', 'http-referer', 'referer']) {
      expect(sent.mistral).not.toHaveProperty(name);
    }
    expect(sent.openrouter).not.toHaveProperty('referer');
  });

  test('a key in the address is ignored', async ({ startApi, open }) => {
    const api = await startApi({ answers: answers() });
    const hash = `#preset=topic&provider=compatible&model=test&base_url=${api.baseUrl}`;
    const page = await open(`${hash}&key=${KEY}&api_key=${KEY}&autoplay=1`);
    await ready(page);
    await openProvider(page);
    await expect(page.getByLabel('API key', { exact: true })).toHaveValue('');
    expect(api.calls, 'and autoplay never starts a live run').toEqual([]);
  });

  // One branch fails after the others are through, so that there is something to keep.
  for (const [what, change, cause] of [
    ['a server error', { error: 'the model fell over', status: 500 }, /500|server/i],
    ['a refused key', { error: 'Incorrect API key provided', status: 401 }, /\bkey\b/i],
    [
      'a stream cut in the middle',
      { text: SAID.questions.repeat(4), truncateAfterChunks: 3 },
      /cut|broke|ended|incomplete|interrupted/i,
    ],
  ]) {
    test(`${what} is named with its agent, and finished branches stay`, async ({ startApi, openLive }) => {
      const others = gate();
      const until = ({ body }) => (/question/i.test(body) ? others.passed : undefined);
      const api = await startApi({ answers: answers({ questions: change }), ttft: 0, until });
      const page = await openLive(api, '&schedule=parallel', { expected: REQUEST_FAILED });
      await button(page, 'Run').click();
      await expect.poll(async () => (await timeline(page)).map(({ agent, outcome }) => [agent, outcome]))
        .toEqual(expect.arrayContaining([['summary', 'done'], ['key_terms', 'done']]));
      others.open();
      await says(page, /questions/i, cause);
      // The cause is told while there are tries left, too.
      await expect(status(page)).toHaveText(/^(?!Running)/);
      await expect.poll(() => inFlight(api.calls), 'calls in flight').toEqual([]);
      const rows = await timeline(page);
      const outcome = (agent) => rows.find((row) => row.agent === agent)?.outcome;
      expect(outcome('questions')).toBe('failed');
      expect(outcome('summary')).toBe('done');
      expect(outcome('key_terms')).toBe('done');
      await expect(output(page, 'summary')).toContainText(SAID.summary);
      expect(api.calls.filter((call) => carries(call, SAID.summary)), 'no synthesis').toEqual([]);
      await expect(status(page)).not.toHaveText(/^(Finished|Running)/);
      expect(await page.locator('body').innerText()).not.toContain(KEY);
    });
  }

  test('nobody at that address', async ({ openLive, nobody }) => {
    const page = await openLive(nobody, '&schedule=parallel', { expected: REQUEST_FAILED });
    await button(page, 'Run').click();
    await says(page, /summary|questions|key_terms/i, /reach|refused|connect|running|CORS/i);
  });

  test('a page of HTML where an answer should be', async ({ startFixed, openLive }) => {
    const api = await startFixed({ body: '<!doctype html><title>Sign in</title><p>Welcome' });
    const page = await openLive(api, '&schedule=parallel');
    await button(page, 'Run').click();
    await says(page, /summary|questions|key_terms/i, /HTML|web page|JSON/i);
  });

  test('the cursor can be moved while the calls go on', async ({ openOn, startFormat }) => {
    let letGo;
    const held = new Promise((resolve) => { letGo = resolve; });
    const server = await startFormat('openai', (agent) => (agent === 'questions' ? { held } : undefined));
    const page = await openOn('openai', server, '', { expected: [] });
    const text = output(page, 'questions').locator('.text');
    const time = page.getByRole('slider', { name: 'Time', exact: true });
    await button(page, 'Run').click();
    await expect(text).toHaveText('said by questions');
    await time.focus();
    await page.keyboard.press('Home');
    await expect(text).toHaveText('');
    await expect(time).toHaveValue(/^0(\.0+)?$/);
    // The cursor stands, the log grows.
    const edge = Number(await time.getAttribute('max'));
    await expect.poll(async () => Number(await time.getAttribute('max'))).toBeGreaterThan(edge + 0.5);
    await expect(text).toHaveText('');
    // The others are answered at once, which may still be later than the first words of this one.
    await expect.poll(() => inFlight(server.calls).map(({ agent }) => agent), 'calls in flight').toEqual(['questions']);
    await button(page, 'Jump to now').click();
    await expect(text).toHaveText('said by questions');
    letGo();
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(text).toHaveText('said by questions to the end');
    expect(server.calls).toHaveLength(4);
  });

  test('Stop hangs up on the wire', async ({ startApi, openLive }) => {
    const long = { text: 'and so on, '.repeat(400), streamingProfile: { ttft: 50, tps: 20 } };
    const api = await startApi({ answers: answers({ questions: long, summary: long }) });
    const page = await openLive(api, '&schedule=parallel', { expected: REQUEST_FAILED });
    await button(page, 'Run').click();
    await expect.poll(() => api.calls.length).toBe(3);
    await output(page, 'summary').getByText(/and so on/).first().waitFor();
    await button(page, 'Stop').click();
    await expect.poll(() => inFlight(api.calls), 'calls in flight').toEqual([]);
    expect(api.calls.filter((call) => call.aborted).length, 'long calls that were hung up on')
      .toBeGreaterThanOrEqual(2);
    await expect(status(page)).toHaveText(/^Stopped/);
    const outcomes = (await timeline(page)).map(({ outcome }) => outcome);
    expect(outcomes).not.toContain('running');
    expect(outcomes).toContain('canceled');
    expect(api.calls.length, 'nothing was called after that').toBe(3);
  });
});
