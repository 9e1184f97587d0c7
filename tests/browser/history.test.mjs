// The runs of before: kept by the browser, opened again, laid over the present one, erased.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { startApi } from './lib/api.mjs';
import { finish, open, quit } from './lib/browser.mjs';
import { button, makespan, near, output, ready, status, statusSays, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const history = (page) => page.getByRole('region', { name: 'History', exact: true });
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
async function storedRuns(page, count) {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
    const found = await stored(page);
    if (found.length === count) return found;
    await page.waitForTimeout(50);
  }
  return assert.fail(`never ${count} runs in the storage, but ${(await stored(page)).length}`);
}

async function run(page) {
  const before = await runs(page).count();
  await button(page, 'Run').click();
  await runs(page).nth(before).waitFor();
  await statusSays(page, /^(Finished|Failed)/);
}

/** The page with two short runs in its history, both of them stored. */
async function openAfterTwoRuns(t) {
  const page = await open(t, await serveSite(t), '#preset=fanout&n=2&latency=*:0.01&speed=8');
  await ready(page);
  await run(page);
  await run(page);
  await storedRuns(page, 2);
  return page;
}

after(quit);

describe('the history', () => {
  test('keeps a run beyond the page, and opens it as it was', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=4');
    await ready(page);
    assert.equal(await history(page).count(), 0);
    await run(page);
    const first = await timeline(page);
    assert.match(await runs(page).first().innerText(), /sequential 5\.\d s, parallel 2\.\d s, 2\.\d times faster/);
    await storedRuns(page, 1);

    await page.evaluate(() => { location.hash = 'preset=topic&latency=summarize:4'; });
    await button(page, 'Run').waitFor();
    await page.reload();
    await runs(page).first().waitFor();
    await act(page, 0, 'Open');
    await statusSays(page, /^Finished: sequential 5\.\d s, parallel 2\.\d s/);
    assert.deepEqual(await timeline(page), first);
    const race = await page.getByRole('region', { name: 'Race', exact: true }).boundingBox();
    assert.ok(race.y >= -1 && race.y < 720, `the race is in view: ${race.y}`);
    assert.match(page.url(), /speed=4/);
    assert.doesNotMatch(page.url(), /latency/);
    assert.match(await output(page, 'synthesis').innerText(), /Call them this week/);

    // It can be walked through like one that has just ended.
    await page.getByRole('slider', { name: 'Time', exact: true }).focus();
    await page.keyboard.press('Home');
    await statusSays(page, /^Running/);
    assert.equal(await output(page, 'news').locator('.text').textContent(), '');
    // And another one can be run from there.
    await run(page);
    assert.equal(await runs(page).count(), 2);
    await finish(page);
  });

  test('lays a run over the present one, on one axis', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=4');
    await ready(page);
    await run(page);
    const before = await timeline(page);
    const slower = output(page, 'news').getByLabel('Latency of news, in seconds');
    await slower.fill('3.2');
    await slower.press('Enter');
    await run(page);
    const after = await timeline(page);
    // The last one is on top; the earlier one is laid over it.
    await act(page, 1, 'Lay over');
    const compared = history(page).getByRole('list', { name: 'Laid over' });
    const lines = (await compared.innerText()).toLowerCase().split('\n').filter(Boolean);
    for (const [at, schedule] of ['sequential', 'parallel'].entries()) {
      const [, then, now, slower] = lines[at]
        .match(new RegExp(`^${schedule} ([\\d.]+) s then, ([\\d.]+) s now: ([\\d.]+) s slower$`))
        .map(Number);
      near(then, makespan(before, schedule), 0.05, `${schedule} then`);
      near(now, makespan(after, schedule), 0.05, `${schedule} now`);
      near(slower, now - then, 0.01, `${schedule}, the difference as printed`);
    }
    const earlier = page.locator('.track[data-kind=parallel] .lane .earlier');
    assert.equal(await earlier.count(), 5);
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
    await act(page, 1, 'Lay over');
    assert.equal(await page.locator('.earlier:not(.none)').count(), 0);
    await finish(page);
  });

  test('forgets one run, or all of them', async (t) => {
    const page = await openAfterTwoRuns(t);
    await act(page, 0, 'Erase');
    await storedRuns(page, 1);
    assert.equal(await runs(page).count(), 1);
    await history(page).getByRole('button', { name: 'Erase all', exact: true }).click();
    await storedRuns(page, 0);
    assert.equal(await history(page).count(), 0);
    await page.reload();
    await ready(page);
    assert.equal(await history(page).count(), 0);
    await finish(page);
  });

  test('says so where a run was erased by another tab', async (t) => {
    const page = await openAfterTwoRuns(t);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await act(other, 1, 'Erase');
    await storedRuns(page, 1);
    await other.close();
    await act(page, 1, 'Open');
    await page.getByText('The browser no longer has that run').waitFor();
    assert.equal(await runs(page).count(), 1);
    await act(page, 0, 'Lay over');
    await history(page).getByText(/then, .* now/).first().waitFor();
    await finish(page);
  });

  test('keeps the last twenty', async (t) => {
    const page = await open(t, await serveSite(t),
      '#preset=fanout&n=1&latency=*:0,synthesis:0&speed=8&schedule=parallel');
    await ready(page);
    for (let ran = 1; ran <= 22; ran += 1) {
      await button(page, 'Run').click();
      await statusSays(page, /^Finished/);
      await storedRuns(page, Math.min(ran, 20));
    }
    assert.equal(await runs(page).count(), 20);
    await finish(page);
  });

  test('goes on without where the browser keeps nothing', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8');
    await page.addInitScript(() => {
      indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); };
    });
    await page.reload();
    await ready(page);
    await run(page);
    assert.match(await history(page).innerText(), /This browser keeps nothing/);
    await act(page, 0, 'Open');
    await statusSays(page, /^Finished/);
    assert.match(await status(page).innerText(), /This is the run of/);
    await finish(page);
  });

  test('keeps nothing from inside somebody else\'s article', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8&embed=1');
    await ready(page);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    assert.equal(await history(page).count(), 0);
    assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).length), 0);
    await finish(page);
  });

  test('ignores what it cannot read', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8');
    await ready(page);
    await run(page);
    await storedRuns(page, 1);
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
    assert.equal(await runs(page).count(), 1);
    await finish(page);
  });

  test('never holds a key', async (t) => {
    const key = 'sk-test-kept-nowhere-7731';
    const api = await startApi(t, { answers: [[/./, 'An answer.']] });
    const page = await open(t, await serveSite(t),
      `#preset=topic&schedule=parallel&provider=compatible&model=test&base_url=${api.baseUrl}`,
      { allow: [api.origin] });
    await ready(page);
    await page.getByLabel('API key', { exact: true }).fill(key);
    await run(page);
    const [kept] = await storedRuns(page, 1);
    assert.match(kept, /An answer\./);
    assert.equal(kept.includes(key), false);
    await finish(page);
  });
});
