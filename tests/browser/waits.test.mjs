// Waits, in each of the three wire formats: how long one is, what a Stop in the middle of it does, what
// time-outs end, what is asked once more in another form, and what running again asks for. Counted
// and timed on the server's side.

import { gate, inFlight } from './lib/api.mjs';
import { NAMES, PATIENCE, cards, refused, wentWrong } from './lib/formats.mjs';
import { button, openAdvanced, output, status, timeline } from './lib/page.mjs';
import { TIMING, expect, test } from './lib/test.mjs';

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

for (const format of NAMES) {
  test.describe(`waits in the words of ${format}`, () => {
    test('a wait that the server asks for is kept, however it says so', { tag: TIMING }, async ({ startFormat, openOn }) => {
      const server = await startFormat(format, () => undefined);
      const page = await openOn(format, server, '&retries=1');
      for (const [how, refusal, wait] of ASKED) {
        server.forget();
        server.behaviour = (agent, nth) => (agent === 'questions' && nth === 1 ? refusal : undefined);
        await button(page, 'Run').click();
        await expect(status(page)).toHaveText(/Questions is retrying \(attempt 2 of 2\)/);
        await page.getByText(/^attempt 2 of 2 in \d\.\d+ s/).first().waitFor();
        await expect(status(page)).toHaveText(/^Finished/);
        const [first, second, ...more] = server.of('questions');
        expect(more, how).toEqual([]);
        const waited = second.arrived - first.ended;
        expect(waited, how).toBeGreaterThanOrEqual(wait - 5);
        expect(waited, how).toBeLessThan(wait + 1000);
        expect(server.calls.length, how).toBe(5);
      }
    });

    test('one that is too long is not begun, and the card says so', async ({ startFormat, openOn }) => {
      const server = await startFormat(format, (agent) =>
        (agent === 'questions' ? busy({ 'Retry-After': '61' }) : undefined));
      const page = await openOn(format, server, '&retries=2&on_error=collect');
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      const [[agent, title, , why]] = await cards(page);
      expect([agent, title]).toEqual(['questions', 'Too many calls in too short a time']);
      expect(why).toBe('The server asked for 61.0 s; the maximum is 60.0 s.');
      expect(server.calls.length).toBe(4);
    });

    test('waits of our own grow', async ({ startFormat, openOn }) => {
      const server = await startFormat(format, (agent, nth) =>
        (nth < 3 && agent !== 'synthesis' ? refused(500, 'Oh.', 'api_error') : undefined));
      const page = await openOn(format, server, '&retries=2');
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      // How they differ from each other is pinned on the virtual clock. Here the log says how long each
      // was to be, and the wire never sees the next call sooner.
      for (const agent of ['summary', 'questions', 'key_terms']) {
        const told = await output(page, agent).getByText(/^Attempt \d failed after/).allInnerTexts();
        const waits = told.map((text) => 1000 * text.match(/The next attempt came ([\d.]+) s later\./)[1]);
        expect(waits, agent).toHaveLength(2);
        for (const [at, [least, most]] of [[200, 500], [500, 1000]].entries()) {
          expect(waits[at], agent).toBeGreaterThanOrEqual(least);
          expect(waits[at], agent).toBeLessThanOrEqual(most);
        }
        const [one, two, three] = server.of(agent);
        // Told in tenths of a second.
        expect(two.arrived - one.ended, agent).toBeGreaterThanOrEqual(waits[0] - 55);
        expect(three.arrived - two.ended, agent).toBeGreaterThanOrEqual(waits[1] - 55);
      }
    });

    test('Stop ends a wait, and nothing is asked any more', async ({ startFormat, openOn }) => {
      const server = await startFormat(format, (agent) =>
        (agent === 'questions' ? busy({ 'Retry-After': '50' }) : undefined));
      const page = await openOn(format, server, '&retries=2', { clock: true });
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/Questions is retrying \(attempt 2 of 3\)/);
      // The others are asked at the same time, and may be answered later.
      await expect.poll(() => outcomes(page)).toMatchObject({ summary: 'done', key_terms: 'done' });
      await button(page, 'Stop').click();
      await expect(status(page)).toHaveText(/^Stopped/);
      await expect.poll(() => outcomes(page)).toEqual({
        topic: 'done', summary: 'done', questions: 'canceled', key_terms: 'done', synthesis: 'canceled',
      });
      expect(server.of('questions')).toHaveLength(1);
      expect(server.of('synthesis')).toEqual([]);
      // The wait would be over, and whatever follows it before the calls of another run.
      server.forget();
      server.behaviour = () => undefined;
      await page.clock.fastForward(60_000);
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      expect(server.of('questions')).toHaveLength(1);
      expect(server.calls).toHaveLength(4);
    });

    for (const policy of ['cancel', 'collect']) {
      test(`Stop hangs up on everybody within 250 ms (${policy})`, { tag: TIMING }, async ({ startFormat, openOn }) => {
        const server = await startFormat(format, () => ({ then: 'stall' }));
        const page = await openOn(format, server, `&retries=2&on_error=${policy}`);
        await button(page, 'Run').click();
        await page.getByText('said by questions').first().waitFor();
        await expect.poll(() => server.calls.length).toBe(3);
        const pressed = await press(page, 'Stop');
        await expect.poll(() => inFlight(server.calls), 'calls in flight').toEqual([]);
        for (const call of server.calls) {
          expect(call.aborted, call.agent).toBe(true);
          expect(call.ended - pressed, `ms until ${call.agent} was hung up on`).toBeLessThanOrEqual(250);
        }
        await expect(status(page)).toHaveText(/^Stopped/);
        expect(server.calls.length, 'and nobody is asked again').toBe(3);
      });

      test(`the time of the whole run is kept (${policy})`, { tag: TIMING }, async ({ startFormat, openOn }) => {
        const server = await startFormat(format, (agent) =>
          (agent === 'summary' ? undefined : { then: 'stall' }));
        const page = await openOn(format, server, `&retries=2&run_timeout=${PATIENCE}&on_error=${policy}`);
        // Before the click, so that the run began after it.
        const pressed = performance.now();
        await button(page, 'Run').click();
        await expect(status(page)).toHaveText(/^Failed after \d+\.\d s: the run hit its 1\.0 s timeout/);
        await expect.poll(() => inFlight(server.calls), 'calls in flight').toEqual([]);
        const [summary, ...others] = ['summary', 'questions', 'key_terms'].map((agent) => server.of(agent)[0]);
        expect(summary.aborted).toBe(false);
        for (const call of others) {
          // The run began between the press and the arrival of its calls.
          const [least, most] = [call.ended - call.arrived, call.ended - pressed];
          expect(call.aborted, call.agent).toBe(true);
          expect(most, `ms until ${call.agent} was hung up on`).toBeGreaterThanOrEqual(PATIENCE * 1000);
          expect(least, `ms until ${call.agent} was hung up on`).toBeLessThanOrEqual(PATIENCE * 1000 + 250);
        }
        expect(server.calls.length).toBe(3);
        const [card, ...more] = await cards(page);
        expect(more).toEqual([]);
        expect(card.slice(0, 4)).toEqual(['The run', 'The whole run took too long',
          'The run hit its 1.0 s timeout.', 'You can fix this.']);
        await expect(output(page, 'summary'), 'what there was stays').toContainText('said by summary');
      });

      test(`running again asks only for what is missing (${policy})`, async ({ startFormat, openOn }) => {
        const answered = gate();
        const server = await startFormat(format, (agent) => ({
          questions: { ...refused(401, 'invalid x-api-key', 'authentication_error'), after: answered.passed },
          key_terms: policy === 'cancel' ? { then: 'stall' } : undefined,
        })[agent]);
        const page = await openOn(format, server, `&retries=0&on_error=${policy}`);
        await button(page, 'Run').click();
        // What is answered before the failure is kept.
        const kept = { cancel: { summary: 'done' }, collect: { summary: 'done', key_terms: 'done' } }[policy];
        await expect.poll(() => outcomes(page)).toMatchObject(kept);
        answered.open();
        await wentWrong(page).getByRole('heading', { name: 'The API key is wrong' }).waitFor();
        await button(page, 'Retry failed').waitFor();
        server.forget();
        server.behaviour = () => undefined;
        await button(page, 'Retry failed').click();
        await expect(status(page)).toHaveText(/^Finished: .* from the last run/);
        const missing = { cancel: ['key_terms', 'questions', 'synthesis'], collect: ['questions', 'synthesis'] }[policy];
        expect(server.calls.map(({ agent }) => agent).sort()).toEqual(missing);
        const [synthesis] = server.of('synthesis');
        for (const agent of ['summary', 'questions', 'key_terms']) {
          expect(synthesis.body, `the synthesis reads ${agent}`).toContain(`said by ${agent}`);
        }
        await expect.poll(async () => (await outcomes(page)).summary).toBe('kept');
        await expect(wentWrong(page)).toHaveCount(0);
        await expect(button(page, 'Retry failed')).toHaveCount(0);
      });
    }

    test('a temperature that is refused is left out once, and that is told', async ({ startFormat, openOn }) => {
      const refusal = refused(400, "Unsupported value: 'temperature' does not support 0.7.", 'invalid_request_error');
      const hot = (body) => /"temperature":0\.7/.test(body);
      const server = await startFormat(format, (agent, nth, body) => (hot(body) ? refusal : undefined));
      const page = await openOn(format, server, '&retries=0&temperature=0.7');
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      // The branches were out together, and each was refused once; the synthesis knows it by then.
      for (const agent of ['summary', 'questions', 'key_terms']) {
        expect(server.of(agent).map(({ body }) => hot(body)), agent).toEqual([true, false]);
      }
      expect(server.of('synthesis').map(({ body }) => hot(body))).toEqual([false]);
      const card = output(page, 'questions');
      await card.getByText(/^Attempt 1 failed after .* Unsupported value: 'temperature' does not support 0\.7\. It was sent again at once without temperature\.$/).waitFor();
      await expect(card).toContainText('said by questions');
      // Refused without one as well, it is not sent a third time.
      server.forget();
      server.behaviour = () => refusal;
      await button(page, 'Run').click();
      await wentWrong(page).getByRole('heading', { name: 'The request was not accepted' }).waitFor();
      await expect.poll(() => inFlight(server.calls), 'calls in flight').toEqual([]);
      for (const agent of ['summary', 'questions', 'key_terms']) {
        expect(server.of(agent).length, agent).toBeLessThanOrEqual(2);
      }
      expect(server.calls.map(({ agent }) => server.of(agent).length)).toContain(2);
    });

    test('temperature and length are sent as they are typed, and not otherwise', async ({ startFormat, openOn }) => {
      const server = await startFormat(format, () => undefined);
      const page = await openOn(format, server, '', { expected: [] });
      await openAdvanced(page);
      await page.getByLabel('Temperature', { exact: true }).fill('0.4');
      await page.getByLabel('Max output tokens', { exact: true }).fill('321');
      await page.keyboard.press('Tab');
      await expect(page).toHaveURL(/temperature=0\.4&max_tokens=321/);
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      for (const { body } of server.calls) {
        expect(body).toMatch(/"temperature":0\.4/);
        expect(body).toMatch(/"(max_tokens|max_completion_tokens|maxOutputTokens)":321/);
      }
      server.forget();
      await openAdvanced(page);
      for (const name of ['Temperature', 'Max output tokens']) {
        await page.getByLabel(name, { exact: true }).fill('');
      }
      await page.keyboard.press('Tab');
      await button(page, 'Run').click();
      await expect.poll(() => server.calls.length).toBe(4);
      for (const { body } of server.calls) expect(body).not.toMatch(/temperature|321/);
      await expect(status(page)).toHaveText(/^Finished/);
    });
  });
}
