// Waits, in each of the three wire formats: how long one is, what a Stop in the middle of it does, what
// time-outs end, what is asked once more in another form, and what running again asks for. Counted
// and timed on the server's side.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { until } from './lib/api.mjs';
import { finish, quit } from './lib/browser.mjs';
import {
  NAMES, PATIENCE, REQUEST_FAILED, cards, openOn, refused, startFormat, wentWrong,
} from './lib/formats.mjs';
import { button, output, statusSays, timeline } from './lib/page.mjs';

const busy = (headers, message = 'Too many.') => refused(429, message, 'rate_limit_error', headers);

/** A moment that many seconds from now by the server's own clock, which is a year behind. */
function dated(seconds) {
  const now = new Date(Date.now() - 365 * 86_400_000);
  const then = new Date(Math.floor(now / 1000) * 1000 + seconds * 1000);
  return { Date: now.toUTCString(), 'Retry-After': then.toUTCString() };
}

/** Of each way in which a server asks to wait: what it is, what it sends, and how long that is. */
const ASKED = [
  ['in milliseconds', busy({ 'Retry-After-Ms': '700', 'Retry-After': '30' }), 700],
  ['in seconds', busy({ 'Retry-After': '1' }, 'Please try again in 30s.'), 1000],
  ['until a date', busy(dated(2)), 2000],
  ['in words', busy({}, 'Rate limit reached. Please try again in 1.2s.'), 1200],
];

const inFlight = (server) => server.calls.filter((call) => call.ended === Infinity);

/** Presses a button by the page's own hand, and says when, on this process's clock. */
async function press(page, name) {
  const pressed = await page.evaluate((name) => {
    const found = [...document.querySelectorAll('button')].find((b) => b.textContent === name);
    found.click();
    return performance.timeOrigin + performance.now();
  }, name);
  return pressed - performance.timeOrigin;
}

const outcomes = async (page) =>
  Object.fromEntries((await timeline(page)).map(({ agent, outcome }) => [agent, outcome]));

/** With all the patience in the world, unless `more` says otherwise: here only what is asked for waits. */
const openPatient = (t, format, server, more) =>
  openOn(t, format, server, `&first_timeout=60&read_timeout=60${more}`);

after(quit);

for (const format of NAMES) {
  describe(`waits in the words of ${format}`, () => {
    test('a wait that the server asks for is kept, however it says so', async (t) => {
      const server = await startFormat(t, format, () => undefined);
      const page = await openPatient(t, format, server, '&retries=1');
      for (const [how, refusal, wait] of ASKED) {
        server.forget();
        server.behaviour = (agent, nth) => (agent === 'questions' && nth === 1 ? refusal : undefined);
        await button(page, 'Run').click();
        await statusSays(page, /questions waits for try 2 of 2/);
        await page.getByText(/^try 2 of 2 in \d\.\d+ s/).first().waitFor();
        await statusSays(page, /^Finished/);
        const [first, second, ...more] = server.of('questions');
        assert.deepEqual(more, [], how);
        const waited = second.arrived - first.ended;
        assert.ok(waited >= wait - 5 && waited < wait + 1000, `${how}: asked for ${wait} ms, waited ${waited}`);
        assert.equal(server.calls.length, 5, how);
      }
      await finish(page, REQUEST_FAILED);
    });

    test('one that is too long is not begun, and the card says so', async (t) => {
      const server = await startFormat(t, format, (agent) =>
        (agent === 'questions' ? busy({ 'Retry-After': '61' }) : undefined));
      const page = await openPatient(t, format, server, '&retries=2&on_error=collect');
      await button(page, 'Run').click();
      await statusSays(page, /^Finished/);
      const [[agent, title, , why]] = await cards(page);
      assert.deepEqual([agent, title], ['questions', 'Too many calls in too short a time']);
      assert.equal(why, 'It asks to wait 61.0 s; a run waits 60.0 s at most.');
      assert.equal(server.calls.length, 4);
      await finish(page, REQUEST_FAILED);
    });

    test('waits of our own grow', async (t) => {
      const server = await startFormat(t, format, (agent, nth) =>
        (nth < 3 && agent !== 'synthesis' ? refused(500, 'Oh.', 'api_error') : undefined));
      const page = await openPatient(t, format, server, '&retries=2');
      await button(page, 'Run').click();
      await statusSays(page, /^Finished/);
      // How they differ from each other is pinned on the virtual clock. Here the log says how long each
      // was to be, and the wire never sees the next call sooner.
      for (const agent of ['summary', 'questions', 'key_terms']) {
        const told = await output(page, agent).getByText(/^Try \d failed after/).allInnerTexts();
        const waits = told.map((text) => 1000 * text.match(/Then a wait of ([\d.]+) s\./)[1]);
        assert.equal(waits.length, 2, agent);
        assert.ok(waits[0] >= 200 && waits[0] <= 500 && waits[1] >= 500 && waits[1] <= 1000, `${agent}: ${waits} ms`);
        const [one, two, three] = server.of(agent);
        // Told in tenths of a second.
        assert.ok(two.arrived - one.ended >= waits[0] - 55, agent);
        assert.ok(three.arrived - two.ended >= waits[1] - 55, agent);
      }
      await finish(page, REQUEST_FAILED);
    });

    test('Stop ends a wait, and nothing is asked any more', async (t) => {
      const server = await startFormat(t, format, (agent) =>
        (agent === 'questions' ? busy({ 'Retry-After': '2' }) : undefined));
      const page = await openPatient(t, format, server, '&retries=2');
      await button(page, 'Run').click();
      await statusSays(page, /questions waits for try 2 of 3/);
      await button(page, 'Stop').click();
      await statusSays(page, /^Stopped/);
      const before = server.of('questions').length;
      // Longer than the wait would have been.
      await page.waitForTimeout(2300);
      assert.equal(server.of('questions').length, before);
      assert.equal(server.of('synthesis').length, 0);
      assert.deepEqual(await outcomes(page),
        {
          topic: 'done', summary: 'done', questions: 'cancelled', key_terms: 'done', synthesis: 'cancelled',
        });
      await finish(page, REQUEST_FAILED);
    });

    for (const policy of ['cancel', 'collect']) {
      test(`Stop hangs up on everybody within 250 ms (${policy})`, async (t) => {
        const server = await startFormat(t, format, () => ({ then: 'stall' }));
        const page = await openPatient(t, format, server, `&retries=2&on_error=${policy}`);
        await button(page, 'Run').click();
        await page.getByText('said by questions').first().waitFor();
        await until('three calls', () => server.calls.length === 3);
        const pressed = await press(page, 'Stop');
        await until('nothing in flight', () => inFlight(server).length === 0);
        for (const call of server.calls) {
          const took = call.ended - pressed;
          assert.ok(call.aborted && took <= 250, `${call.agent} was hung up on after ${took} ms`);
        }
        await statusSays(page, /^Stopped/);
        assert.equal(server.calls.length, 3, 'and nobody is asked again');
        await finish(page, REQUEST_FAILED);
      });

      test(`the time of the whole run is kept (${policy})`, async (t) => {
        const server = await startFormat(t, format, (agent) =>
          (agent === 'summary' ? undefined : { then: 'stall' }));
        const page = await openPatient(t, format, server,
          `&retries=2&run_timeout=${PATIENCE}&on_error=${policy}`);
        const pressed = await press(page, 'Run');
        await statusSays(page, /^Failed after \d+\.\d s: the run took longer than its 1\.0 s/);
        await until('nothing in flight', () => inFlight(server).length === 0);
        const [summary, ...others] = ['summary', 'questions', 'key_terms'].map((agent) => server.of(agent)[0]);
        assert.ok(!summary.aborted);
        for (const call of others) {
          // The run began between the press and the arrival of its calls.
          const [least, most] = [call.ended - call.arrived, call.ended - pressed];
          assert.ok(call.aborted && most >= PATIENCE * 1000, `${call.agent} was hung up on after ${most} ms`);
          assert.ok(least <= PATIENCE * 1000 + 250, `${call.agent} was hung up on after ${least} ms`);
        }
        assert.equal(server.calls.length, 3);
        const [card, ...more] = await cards(page);
        assert.deepEqual(more, []);
        assert.deepEqual(card.slice(0, 4), ['The run', 'The whole run took too long',
          'The whole run had 1.0 s, and they are over.', 'This is on your side.']);
        assert.ok((await output(page, 'summary').innerText()).includes('said by summary'), 'what there was stays');
        await finish(page, REQUEST_FAILED);
      });

      test(`running again asks only for what is missing (${policy})`, async (t) => {
        const server = await startFormat(t, format, (agent) => ({
          questions: { ...refused(401, 'invalid x-api-key', 'authentication_error'), wait: 300 },
          key_terms: policy === 'cancel' ? { then: 'stall' } : undefined,
        })[agent]);
        const page = await openPatient(t, format, server, `&retries=0&on_error=${policy}`);
        await button(page, 'Run').click();
        await wentWrong(page).getByRole('heading', { name: 'The API key is wrong' }).waitFor();
        await button(page, 'Run again').waitFor();
        server.forget();
        server.behaviour = () => undefined;
        await button(page, 'Run again').click();
        await statusSays(page, /^Finished: .* kept from before/);
        const missing = { cancel: ['key_terms', 'questions', 'synthesis'], collect: ['questions', 'synthesis'] }[policy];
        assert.deepEqual(server.calls.map(({ agent }) => agent).sort(), missing);
        const [synthesis] = server.of('synthesis');
        for (const agent of ['summary', 'questions', 'key_terms']) {
          assert.ok(synthesis.body.includes(`said by ${agent}`), `the synthesis reads ${agent}`);
        }
        assert.equal((await outcomes(page)).summary, 'kept');
        assert.deepEqual(await cards(page), []);
        assert.equal(await button(page, 'Run again').count(), 0);
        await finish(page, REQUEST_FAILED);
      });
    }

    test('a temperature that is refused is left out once, and that is told', async (t) => {
      const refusal = refused(400, "Unsupported value: 'temperature' does not support 0.7.", 'invalid_request_error');
      const hot = (body) => /"temperature":0\.7/.test(body);
      const server = await startFormat(t, format, (agent, nth, body) => (hot(body) ? refusal : undefined));
      const page = await openPatient(t, format, server, '&retries=0&temperature=0.7');
      await button(page, 'Run').click();
      await statusSays(page, /^Finished/);
      for (const agent of ['summary', 'questions', 'key_terms', 'synthesis']) {
        assert.deepEqual(server.of(agent).map(({ body }) => hot(body)), [true, false], agent);
      }
      const card = output(page, 'questions');
      await card.getByText(/^Try 1 failed after .* Unsupported value: 'temperature' does not support 0\.7\. It was sent again at once, without what was refused\.$/).waitFor();
      assert.ok((await card.innerText()).includes('said by questions'));
      // Refused without one as well, it is not sent a third time.
      server.forget();
      server.behaviour = () => refusal;
      await button(page, 'Run').click();
      await wentWrong(page).getByRole('heading', { name: 'The request was not understood' }).waitFor();
      await until('nothing in flight', () => inFlight(server).length === 0);
      for (const agent of ['summary', 'questions', 'key_terms']) {
        assert.ok(server.of(agent).length <= 2, agent);
      }
      assert.ok(server.calls.some(({ agent }) => server.of(agent).length === 2));
      await finish(page, REQUEST_FAILED);
    });

    test('temperature and length are sent as they are typed, and not otherwise', async (t) => {
      const server = await startFormat(t, format, () => undefined);
      const page = await openPatient(t, format, server, '');
      await page.getByLabel('Temperature', { exact: true }).fill('0.4');
      await page.getByLabel('Most tokens of an answer', { exact: true }).fill('321');
      await page.keyboard.press('Tab');
      assert.match(page.url(), /temperature=0\.4&max_tokens=321/);
      await button(page, 'Run').click();
      await statusSays(page, /^Finished/);
      for (const { body } of server.calls) {
        assert.match(body, /"temperature":0\.4/);
        assert.match(body, /"(max_tokens|max_completion_tokens|maxOutputTokens)":321/);
      }
      server.forget();
      for (const name of ['Temperature', 'Most tokens of an answer']) {
        await page.getByLabel(name, { exact: true }).fill('');
      }
      await page.keyboard.press('Tab');
      await button(page, 'Run').click();
      await until('four calls', () => server.calls.length === 4);
      assert.ok(server.calls.every(({ body }) => !/temperature|321/.test(body)));
      await statusSays(page, /^Finished/);
      await finish(page);
    });
  });
}
