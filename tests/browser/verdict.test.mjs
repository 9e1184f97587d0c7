// Whether the parallel run really was parallel, and what held it back. Each cause is made for real: by a
// server, by the settings, by an agent that keeps the thread.

import { setTimeout as wait } from 'node:timers/promises';
import { gate, readable } from './lib/api.mjs';
import { button, giveKey, openTab, ready, status } from './lib/page.mjs';
import { FIRST_DUE, UNSTEADY, watchTimers } from './lib/tasks.mjs';
import { TIMING, expect, test as base } from './lib/test.mjs';

/** What the page says of the run, a sentence each. */
const reasons = (page) => page.getByRole('list', { name: 'Was it really parallel?', exact: true })
  .getByRole('listitem');

/** Runs the pipeline to its end, and opens the tab that has the verdict. */
async function judge(page) {
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText(/^Finished/);
  await openTab(page, 'Runs');
}

const test = base.extend({
  /**
   * A server that speaks Chat Completions, works on `slots` answers at once, and refuses the first
   * `refusals` calls for being too many. It begins once `out` calls are there: what the page concludes from
   * calls that wait for each other is not there where they come too late to have to.
   */
  startSlots: ({ listen }, use) => use(async ({ slots = Infinity, refusals = 0, out = 1 } = {}) => {
    const waiting = [];
    const begun = gate();
    const next = () => {
      slots += 1;
      waiting.shift()?.();
    };
    const server = readable(async (request, response) => {
      request.resume();
      if (refusals > 0) {
        refusals -= 1;
        response.writeHead(429, { 'Content-Type': 'application/json' })
          .end(JSON.stringify({ error: { message: 'Too many requests', type: 'rate_limit_error' } }));
        return;
      }
      out -= 1;
      if (out <= 0) begun.open();
      await begun.passed;
      if (slots < 1) await new Promise((resolve) => waiting.push(resolve));
      slots -= 1;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      for (const word of ['The', ' tide', ' turns', ' twice', ' a', ' day']) {
        // The first one at once: that it follows the end of another answer is what tells of a slot.
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: word } }] })}\n\n`);
        await wait(200);
      }
      response.end('data: [DONE]\n\n');
      next();
    });
    const { origin } = await listen(server);
    return { origin, baseUrl: `${origin}/v1` };
  }),

  /** A pipeline on such a server, run in parallel and judged. */
  judgeLive: ({ open }, use) => use(async (api, settings) => {
    const hash = `#provider=compatible&model=test&base_url=${api.baseUrl}&schedule=parallel&${settings}`;
    const page = await open(hash, { allow: [api.origin], expected: [/Failed to load resource/] });
    await ready(page);
    await giveKey(page, 'sk-test-not-a-real-key');
    await judge(page);
    return page;
  }),

  /** A simulated pipeline, run and judged. */
  judgeSimulated: ({ open }, use) => use(async (settings) => {
    const page = await open(`#preset=company&speed=4&${settings}`);
    await ready(page);
    await judge(page);
    return page;
  }),
});

test.describe('the tab Runs says whether the run was really parallel:', () => {
  test('it was, with what that came to', { tag: TIMING }, async ({ open }) => {
    // At the usual speed: at four times that, a stall of a frame is a twentieth of a second of the run.
    const page = await open('#preset=company');
    await ready(page);
    const late = await watchTimers(page, FIRST_DUE);
    await judge(page);
    const most = await late();
    test.skip(most > UNSTEADY, `a bare timer was ${most.toFixed(1)} ms late here, which holds a run back`);
    await expect(reasons(page)).toHaveText(['Yes, parallel: 4 at once.', /one after another, the same work/]);
  });

  test('a limit of its own', async ({ judgeSimulated }) => {
    const page = await judgeSimulated('limit=2');
    await expect(reasons(page).first()).toHaveText('Partly: 2 at once, and something was held back.');
    const limit = reasons(page).filter({ hasText: /^The concurrency limit is 2: .* in all for a slot\./ });
    await expect(limit).toHaveCount(1);
    await limit.getByRole('button', { name: 'Show it', exact: true }).click();
    await expect(page.locator('.stage .pointed').first()).toBeAttached();
  });

  test('an agent that keeps the thread', async ({ judgeSimulated }) => {
    const page = await judgeSimulated('block=stock');
    await expect(reasons(page).filter({ hasText: /^Stock blocked the event loop for/ })).toHaveCount(1);
  });

  test('a server with one slot', async ({ startSlots, judgeLive }) => {
    const page = await judgeLive(await startSlots({ slots: 1, out: 3 }), 'preset=topic');
    await expect(reasons(page).filter({ hasText: /^The server works on one answer at a time:/ })).toHaveCount(1);
  });

  test('six connections to one host, which a page cannot tell from six slots', async ({ startSlots, judgeLive }) => {
    const page = await judgeLive(await startSlots({ out: 6 }), 'preset=fanout&n=9');
    await expect(reasons(page).filter({ hasText: /^The server works on 6 answers at once: .* Or the browser does: it opens six connections/ }))
      .toHaveCount(1);
  });

  test('a server that refuses calls for being too many', async ({ startSlots, judgeLive }) => {
    const page = await judgeLive(await startSlots({ refusals: 2 }), 'preset=topic');
    await expect(reasons(page).filter({ hasText: /^The server refused calls \(429, too many\):/ })).toHaveCount(1);
  });

  test('a tab that was hidden', async ({ open }) => {
    const page = await open('#preset=company&speed=0.5');
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Running/);
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      document.dispatchEvent(new Event('visibilitychange'));
      delete document.hidden;
    });
    await expect(status(page)).toHaveText(/^Finished/);
    await openTab(page, 'Runs');
    await expect(reasons(page).filter({ hasText: /^The tab was hidden during the run/ })).toHaveCount(1);
  });
});
