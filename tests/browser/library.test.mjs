// What each library's primitive does with a failure: the table in What if against what was measured, and
// what choosing a row does. Hedge and quorum: their fields, what the stage shows, and the wire.

import { setTimeout as pause } from 'node:timers/promises';
import { readable } from './lib/api.mjs';
import { button, giveKey, openTab, ready, status } from './lib/page.mjs';
import { slowness } from './lib/tasks.mjs';
import { TIMING, expect, measured, test as base } from './lib/test.mjs';

/** Three branches of 0.1, 0.2 and 0.3 s, of which the first fails at its end. */
const MEASURED = '#latency=RenewableEnergyResearcher:0.1,EVResearcher:0.2,CarbonCaptureResearcher:0.3'
  + '&fail=RenewableEnergyResearcher:500&tab=whatif';

const table = (page) => page.getByRole('table', { name: 'What would your library do?', exact: true });
const row = (page, primitive) => table(page).getByRole('row').filter({
  has: page.getByRole('rowheader').getByRole('button', { name: primitive, exact: true }),
});
const program = (page, title) => page.getByRole('group', { name: `${title} program` });

/** The row of a primitive as an object, by the names of the columns. */
async function line(page, primitive) {
  const heads = (await table(page).getByRole('columnheader').allInnerTexts()).map((head) => head.trim());
  const cells = await row(page, primitive).getByRole('cell').allInnerTexts();
  return Object.fromEntries(heads.slice(1).map((head, at) => [head, cells[at].trim()]));
}

const data = (value) => `data: ${JSON.stringify(value)}\n\n`;

const test = base.extend({
  /**
   * Answers Chat Completions at once, but never the first call whose messages match `stalls`. `calls` are
   * what each asks, and when it came, was answered and was hung up on.
   */
  startStalling: ({ listen }, use) => use(async (stalls) => {
    const calls = [];
    const server = readable((request, response) => {
      const call = { asks: '', arrived: performance.now(), answered: Infinity, aborted: Infinity };
      request.on('data', (chunk) => { call.asks += chunk; });
      request.on('end', async () => {
        call.stalls = stalls.test(call.asks) && !calls.some((earlier) => earlier.stalls);
        calls.push(call);
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.flushHeaders();
        if (call.stalls) return;
        await pause(50);
        const usage = { prompt_tokens: 10, completion_tokens: 2 };
        response.end(data({ choices: [{ delta: { content: 'An answer.' }, finish_reason: 'stop' }], usage }));
        call.answered = performance.now();
      });
      response.on('close', () => {
        if (!response.writableFinished) call.aborted = performance.now();
      });
    });
    return { ...(await listen(server)), calls };
  }),
});

test.describe('what would your library do', () => {
  test('says of a fault in the first branch what was measured', async ({ open }) => {
    const page = await open(MEASURED);
    await ready(page);
    const a = 'the error of Renewable energy';
    const kept = 'Electric vehicles and Carbon capture';
    const errors = 'the answers, with an error in place of Renewable energy';
    // What the caller gets, and when; what the siblings do; which answers are kept; the calls.
    const expected = {
      'asyncio.gather': [a, '0.1 s', 'keep running, unused', 'none', '3', '0.3 s'],
      'gather(return_exceptions=True)': [errors, '0.3 s', 'run to their end', kept, '4', ''],
      'asyncio.TaskGroup': ['a group with the errors of Renewable energy', '0.1 s', 'are canceled', 'none', '3', ''],
      'RunnableParallel.ainvoke': [a, '0.1 s', 'keep running, unused', 'none', '3', '0.3 s'],
      'RunnableParallel.invoke': [a, '0.3 s', 'run to their end', 'none', '3', '0.3 s'],
      with_fallbacks: ['the answers, with a fallback in place of Renewable energy', '0.3 s', 'run to their end', kept, '4', ''],
      ParallelAgent: [a, '0.1 s', 'are canceled', 'none', '3', ''],
      Workflow: [a, '0.1 s', 'are canceled', 'none', '3', ''],
      StateGraph: [a, '0.1 s', 'are canceled', 'none', '3', ''],
      'Promise.all': [a, '0.1 s', 'keep running, unused', 'none', '3', '0.3 s'],
      'Promise.allSettled': [errors, '0.3 s', 'run to their end', kept, '4', ''],
      'Promise.race': [a, '0.1 s', 'keep running, unused', 'none', '3', '0.3 s'],
      'Promise.any': ['the answer of Electric vehicles, which came first', '0.2 s', 'keep running, unused', 'Electric vehicles', '4', '0.1 s'],
      try_join_all: [a, '0.1 s', 'are canceled', 'none', '3', ''],
      join_all: [errors, '0.3 s', 'run to their end', kept, '4', ''],
      'buffer_unordered(n)': [errors, '0.3 s', 'run to their end', kept, '4', ''],
    };
    await expect(row(page, 'asyncio.gather').getByRole('cell')).not.toHaveCount(0);
    for (const [primitive, cells] of Object.entries(expected)) {
      const found = await line(page, primitive);
      const columns = ['The caller gets', 'At', 'Other branches', 'Answers kept', 'Calls', 'Wasted'];
      expect(columns.map((column) => found[column]), primitive).toEqual(cells);
    }
    await expect(table(page).getByRole('row')).toHaveCount(20);
  });

  test('follows the fault and the latencies', async ({ open }) => {
    const page = await open('#preset=company&tab=whatif');
    await ready(page);
    const gather = row(page, 'asyncio.gather');
    await expect(gather).toContainText('all answers');
    await page.getByText(/Fail a branch to see how they differ\./).waitFor();
    await page.getByRole('combobox', { name: 'Fail a branch' }).selectOption('social');
    await expect(gather).toContainText('the error of Social');
    await expect(page.getByText(/Fail a branch to see how they differ\./)).toHaveCount(0);
    await expect(gather.getByRole('cell').nth(2)).toHaveText('0.4 s');
    const latency = page.getByLabel('Latency of internal, in seconds', { exact: true });
    await latency.fill('2');
    await latency.press('Enter');
    // News, stock and internal, after 0.35 s.
    await expect(gather.getByRole('cell').last()).toHaveText('3.1 s');
  });

  test('sets the policy for Run and opens the program on a click', async ({ open }) => {
    const page = await open(MEASURED);
    await ready(page);
    for (const [primitive, policy, title, text] of [
      ['Promise.allSettled', 'collect', 'Promise.all', 'Promise.allSettled(['],
      ['asyncio.gather', 'leave', 'asyncio.gather', 'asyncio.gather('],
      ['RunnableParallel.invoke', 'wait', 'RunnableParallel', 'full_chain.invoke('],
    ]) {
      await openTab(page, 'What if');
      // Anywhere on the row.
      await row(page, primitive).getByRole('cell').nth(1).click();
      await expect(page.getByRole('tab', { name: 'Code', exact: true })).toHaveAttribute('aria-selected', 'true');
      await program(page, title).getByText(text).first().waitFor();
      await expect(page).toHaveURL(new RegExp(`on_error=${policy}`));
    }
    await openTab(page, 'What if');
    await expect(page.getByRole('combobox', { name: 'When a branch fails' })).toHaveValue('wait');
    await expect(row(page, 'RunnableParallel.invoke')).toHaveAttribute('aria-current', 'true');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Failed/);
  });

  test('is used from the keyboard', async ({ open }) => {
    const page = await open(MEASURED);
    await ready(page);
    await row(page, 'join_all').getByRole('button').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('tab', { name: 'Code', exact: true })).toBeFocused();
    await expect(page).toHaveURL(/on_error=collect/);
    await expect(page).toHaveURL(/lang=rust/);
    await program(page, 'try_join_all').getByText('join_all').first().waitFor();
  });

  test('says what Run cannot do of it', async ({ open }) => {
    const page = await open(MEASURED);
    await ready(page);
    await row(page, 'with_retry around the map').getByRole('button').click();
    await page.getByText(/^Run has no setting for with_retry around the map/).waitFor();
  });

  test('follows a change within 50 ms, for 12 agents', { tag: TIMING }, async ({ open }) => {
    const page = await open('#preset=fanout&n=11&tab=whatif');
    await ready(page);
    await expect(row(page, 'asyncio.gather')).toContainText('all answers');
    const most = 50 * await slowness(page);
    const fault = page.getByRole('combobox', { name: 'Fail a branch' });
    const took = [];
    for (let branch = 1; branch <= 5; branch += 1) {
      took.push(await fault.evaluate((menu, branch) => new Promise((done) => {
        const body = document.querySelector('.libraries tbody');
        const says = `the error of Task ${branch}`;
        const since = performance.now();
        const watcher = new MutationObserver(() => {
          if (!body.textContent.includes(says)) return;
          watcher.disconnect();
          done(performance.now() - since);
        });
        watcher.observe(body, { subtree: true, childList: true, characterData: true });
        menu.value = menu.options[branch].value;
        menu.dispatchEvent(new Event('change', { bubbles: true }));
      }), branch));
    }
    measured(`the table after ${took.map((ms) => ms.toFixed(1))} ms, of ${most.toFixed(0)}`);
    // The first one runs code for the first time, and whatever else the machine does makes one late.
    expect(took.toSorted((a, b) => a - b)[2]).toBeLessThanOrEqual(most);
  });
});

test.describe('hedge and quorum', () => {
  test('are set in What if and stand in the address', async ({ open }) => {
    const page = await open('#preset=company&tab=whatif');
    await ready(page);
    const late = page.getByRole('combobox', { name: 'Late branches' });
    const quorum = page.getByLabel('Quorum (answers)', { exact: true });
    await expect(late).toHaveCount(0);
    await quorum.fill('3');
    await quorum.press('Enter');
    await page.getByText(/^A join begins with 3 answers of 4\. Late branches are canceled\./).waitFor();
    await expect(page).toHaveURL(/quorum=3/);
    await late.selectOption('keep');
    await expect(page).toHaveURL(/quorum=3%2Ckeep/);
    await page.getByText(/Late branches run on/).waitFor();
    const hedge = page.getByLabel('Hedge after (s)', { exact: true });
    await hedge.fill('0.5');
    await hedge.press('Enter');
    await expect(page).toHaveURL(/hedge=0\.5/);
    await quorum.fill('');
    await quorum.press('Enter');
    await expect(late).toHaveCount(0);
    await expect(page).not.toHaveURL(/quorum/);
  });

  test('are not offered where they change nothing', async ({ open }) => {
    const page = await open('#preset=fanout&n=1&tab=whatif');
    await ready(page);
    await expect(page.getByLabel('Hedge after (s)', { exact: true })).toBeVisible();
    await expect(page.getByLabel('Quorum (answers)', { exact: true })).toHaveCount(0);
  });

  test('are seen on the stage, and the verdict says what is missing and what was wasted', async ({ open }) => {
    // So long after the others that a busy machine does not change which one is last.
    const page = await open('#preset=company&schedule=parallel&speed=4&quorum=3&latency=internal:8');
    await ready(page);
    const verdict = page.locator('.verdict-line');
    const race = page.getByRole('region', { name: 'Race', exact: true });
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/Synthesis began without Internal: 3 of 4 answers were enough\./);
    await expect(verdict).toHaveText(/Internal was canceled \([\d.]+ s wasted\)\./);
    await race.getByText('late, canceled', { exact: true }).waitFor();
    await race.getByText('3 of 4 answers', { exact: true }).waitFor();
    await openTab(page, 'What if');
    await page.getByRole('combobox', { name: 'Late branches' }).selectOption('keep');
    await button(page, 'Run').click();
    await expect(verdict).toHaveText(/1 agent ran on, but nothing used the answers/);
    await race.getByText('late, not used', { exact: true }).waitFor();
  });

  test('a second call is seen beside the first, which it may beat', async ({ open }) => {
    const page = await open('#preset=company&schedule=parallel&speed=4&hedge=internal:0.8&fail=internal:hangx1');
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(page.locator('.second-call[data-phase=done]')).toHaveCount(1);
    await expect(page.locator('.bar.lost')).toHaveCount(1);
    await page.getByRole('region', { name: 'Race', exact: true }).getByText('second call won', { exact: true }).waitFor();
    await expect(page.locator('.verdict-line'))
      .toHaveText(/1 agent was asked a second time: the second call won \([\d.]+ s of calls wasted\)\./);
  });

  test('a live call that loses is aborted on the wire, and both are counted', { tag: TIMING }, async ({ startStalling, open }) => {
    const server = await startStalling(/question/i);
    const hash = `#preset=topic&schedule=parallel&provider=openai&model=x&base_url=${server.origin}/v1&hedge=0.4`;
    const page = await open(hash, { allow: [server.origin] });
    await ready(page);
    await giveKey(page, 'sk-test-not-a-real-key');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    // Three branches, one of them twice, and the synthesis.
    expect(server.calls.length).toBe(5);
    const loser = server.calls.find((call) => call.stalls);
    const winner = server.calls.find((call) => call !== loser && call.asks === loser.asks);
    // How long after depends on how long the first one was on its way.
    expect(winner.arrived, 'the second call comes after').toBeGreaterThan(loser.arrived);
    await expect.poll(() => loser.aborted).toBeLessThan(Infinity);
    measured(`aborted ${(loser.aborted - winner.answered).toFixed(0)} ms after the answer`);
    expect(loser.aborted - winner.answered).toBeLessThanOrEqual(250);
    await expect(page.locator('.second-call[data-phase=done]')).toHaveCount(1);
    await openTab(page, 'Runs');
    await page.getByText(/ for 5 calls\./).first().waitFor();
  });
});
