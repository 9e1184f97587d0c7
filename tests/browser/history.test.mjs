// The runs of before: kept by the browser, opened again, compared with the present one, deleted.

import { button, giveKey, makespan, near, openTab, output, ready, status, timeline } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

const history = (page) => page.getByRole('region', { name: 'Runs', exact: true });
const runs = (page) => history(page).getByRole('list', { name: 'Earlier runs' })
  .getByRole('listitem');
const act = (page, at, name) =>
  runs(page).nth(at).getByRole('button', { name, exact: true }).click();
/** What is in the browser's storage, as text. */
const stored = (page) => page.evaluate(() => new Promise((resolve, reject) => {
  const request = indexedDB.open('converge');
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const all = request.result.transaction('runs').objectStore('runs').getAll();
    all.onsuccess = () => { request.result.close(); resolve(all.result); };
  };
}));
/** Waits until so many runs are in the storage. */
const hasStored = (page, count) =>
  expect.poll(async () => (await stored(page)).length, 'runs in the storage').toBe(count);

async function run(page) {
  const before = await runs(page).count();
  await button(page, 'Run').click();
  await runs(page).nth(before).waitFor();
  await expect(status(page)).toHaveText(/^(Finished|Failed)/);
}

const test = base.extend({
  /** The page with two short runs in its history, both of them stored. */
  openAfterTwoRuns: ({ open }, use) => use(async () => {
    const page = await open('#preset=fanout&n=2&latency=*:0.01&speed=8&tab=runs');
    await ready(page);
    await run(page);
    await run(page);
    await hasStored(page, 2);
    return page;
  }),
});

test.describe('the history', () => {
  test('keeps a run beyond the page, and opens it as it was', async ({ open }) => {
    const page = await open('#preset=company&speed=4&tab=runs');
    await ready(page);
    await expect(runs(page)).toHaveCount(0);
    await run(page);
    const first = await timeline(page);
    const [times] = (await status(page).innerText())
      .match(/sequential [\d.]+ s, parallel [\d.]+ s, [\d.]+ times faster/);
    await expect(runs(page).first()).toContainText(times);
    await hasStored(page, 1);

    await page.evaluate(() => { location.hash = 'preset=topic&latency=summarize:4&tab=runs'; });
    await button(page, 'Run').waitFor();
    await page.reload();
    await runs(page).first().waitFor();
    await act(page, 0, 'Open');
    await expect(status(page)).toContainText(`Finished: ${times}`);
    await expect.poll(() => timeline(page)).toEqual(first);
    const top = async () => (await page.getByRole('region', { name: 'Race', exact: true }).boundingBox()).y;
    await expect.poll(top, 'the race is in view').toBeGreaterThanOrEqual(-1);
    expect(await top(), 'the race is in view').toBeLessThan(720);
    await expect(page).toHaveURL(/speed=4/);
    await expect(page).not.toHaveURL(/latency/);
    await openTab(page, 'Answers');
    await expect(output(page, 'synthesis')).toHaveText(/Call them this week/);

    // It can be walked through like one that has just ended.
    await page.getByRole('slider', { name: 'Time', exact: true }).focus();
    await page.keyboard.press('Home');
    await expect(status(page)).toHaveText(/^Running/);
    await expect(output(page, 'news').locator('.text')).toHaveText('');
    // And another one can be run from there.
    await openTab(page, 'Runs');
    await run(page);
    await expect(runs(page)).toHaveCount(2);
  });

  test('compares a run with the present one, on one axis', async ({ open }) => {
    const page = await open('#preset=company&speed=4&tab=runs');
    await ready(page);
    await run(page);
    const before = await timeline(page);
    await openTab(page, 'What if');
    const slower = page.getByLabel('Latency of news, in seconds');
    await slower.fill('3.2');
    await slower.press('Enter');
    await openTab(page, 'Runs');
    await run(page);
    const after = await timeline(page);
    // The last one is on top; the earlier one is compared with it.
    await act(page, 1, 'Compare');
    const compared = history(page).getByRole('list', { name: 'Compared' });
    await expect(compared).toContainText('parallel');
    const lines = (await compared.innerText()).toLowerCase().split('\n').filter(Boolean);
    for (const [at, schedule] of ['sequential', 'parallel'].entries()) {
      const said = new RegExp(`^${schedule} ([\\d.]+) s then, ([\\d.]+) s now: (.+)$`);
      expect(lines[at]).toMatch(said);
      const [, then, now, change] = lines[at].match(said);
      near(Number(then), makespan(before, schedule), 0.05, `${schedule} then`);
      near(Number(now), makespan(after, schedule), 0.05, `${schedule} now`);
      // A machine that stalls in the first run can make it the slower one: what is said has to follow
      // from what was measured, whichever it was.
      const difference = Number(now) - Number(then);
      const faster = difference < 0 ? 'faster' : 'slower';
      expect(change).toBe(
        then === now ? 'no change' : `${Math.abs(difference).toFixed(1)} s ${faster}`,
      );
    }
    const earlier = page.locator('.track[data-kind=parallel] .lane .earlier');
    await expect(earlier).toHaveCount(5);
    const width = async (mark) => (await mark.boundingBox()).width;
    const lane = page.locator('.track[data-kind=parallel] .lane').last();
    const took = (rows) => {
      const own = rows.find((row) => row.agent === 'synthesis' && row.schedule === 'parallel');
      return own.end - own.start;
    };
    near(
      (await width(lane.locator('.bar'))) / (await width(lane.locator('.earlier'))),
      took(after) / took(before), 0.05, 'the synthesis, then and now',
    );
    const x = async (mark) => { const box = await mark.boundingBox(); return box.x + box.width; };
    const plot = await lane.locator('.lane-plot').boundingBox();
    near(
      ((await x(lane.locator('.bar'))) - plot.x) / ((await x(lane.locator('.earlier'))) - plot.x),
      makespan(after, 'parallel') / makespan(before, 'parallel'), 0.02, 'both are on one axis',
    );
    await act(page, 1, 'Compare');
    await expect(page.locator('.earlier:not(.none)')).toHaveCount(0);
  });

  test('deletes one run, or all of them', async ({ openAfterTwoRuns }) => {
    const page = await openAfterTwoRuns();
    await act(page, 0, 'Delete');
    await hasStored(page, 1);
    await expect(runs(page)).toHaveCount(1);
    await history(page).getByRole('button', { name: 'Delete all', exact: true }).click();
    await hasStored(page, 0);
    await expect(runs(page)).toHaveCount(0);
    await page.reload();
    await ready(page);
    await expect(runs(page)).toHaveCount(0);
  });

  test('says so where a run was erased by another tab', async ({ openAfterTwoRuns }) => {
    const page = await openAfterTwoRuns();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await act(other, 1, 'Delete');
    await hasStored(page, 1);
    await other.close();
    await act(page, 1, 'Open');
    await page.getByText('The browser no longer has that run').waitFor();
    await expect(runs(page)).toHaveCount(1);
    await act(page, 0, 'Compare');
    await history(page).getByText(/then, .* now/).first().waitFor();
  });

  test('keeps the last twenty', async ({ open }) => {
    const page = await open('#preset=fanout&n=1&latency=*:0,synthesis:0&speed=8&schedule=parallel&tab=runs');
    await ready(page);
    const oldest = [];
    for (let ran = 1; ran <= 22; ran += 1) {
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      await hasStored(page, Math.min(ran, 20));
      if (ran <= 2) oldest.push((await stored(page)).at(-1));
    }
    // From then on their number does not tell that another one has come.
    await expect.poll(async () => (await stored(page)).filter((run) => oldest.includes(run))).toEqual([]);
    await hasStored(page, 20);
    await expect(runs(page)).toHaveCount(20);
  });

  test('goes on without where the browser keeps nothing', async ({ open }) => {
    const page = await open('#preset=company&speed=8&tab=runs');
    await page.addInitScript(() => {
      indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); };
    });
    await page.reload();
    await ready(page);
    await run(page);
    await expect(history(page)).toHaveText(/This browser keeps nothing/);
    await act(page, 0, 'Open');
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(status(page)).toHaveText(/This is the run of/);
  });

  test('keeps nothing from inside somebody else\'s article', async ({ open }) => {
    const page = await open('#preset=company&speed=8&embed=1');
    await ready(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(runs(page)).toHaveCount(0);
    expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  });

  test('ignores what it cannot read', async ({ open }) => {
    const page = await open('#preset=company&speed=8&tab=runs');
    await ready(page);
    await run(page);
    await hasStored(page, 1);
    await page.evaluate(() => new Promise((resolve) => {
      const request = indexedDB.open('converge');
      request.onsuccess = () => {
        const transaction = request.result.transaction('runs', 'readwrite');
        const store = transaction.objectStore('runs');
        store.put('{"version":1,"started":', 1);
        store.put({ a: 'thing' }, 2);
        store.put('[]', 3);
        transaction.oncomplete = () => { request.result.close(); resolve(); };
      };
    }));
    await page.reload();
    await runs(page).first().waitFor();
    await expect(runs(page)).toHaveCount(1);
  });

  test('never holds a key', async ({ startApi, open }) => {
    const key = 'sk-test-kept-nowhere-7731';
    const api = await startApi({ answers: [[/./, 'An answer.']] });
    const hash = `#preset=topic&schedule=parallel&tab=runs&provider=compatible&model=test&base_url=${api.baseUrl}`;
    const page = await open(hash, { allow: [api.origin] });
    await ready(page);
    await giveKey(page, key);
    await run(page);
    await hasStored(page, 1);
    const [kept] = await stored(page);
    expect(kept).toMatch(/An answer\./);
    expect(kept).not.toContain(key);
  });
});
