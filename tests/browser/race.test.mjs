// The race with the simulated model: both schedules run for real on the browser's event loop, and
// the page says what came of it, in the status and in the table that is the picture's twin.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import {
  button, makespan, near, output, ready, statusSays, statusText, timeline,
} from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const COMPANY = ['internal', 'news', 'social', 'stock', 'synthesis'];
const FINISHED = /^Finished: sequential 5\.1 s, parallel 2\.3 s, 2\.2 times faster/;
const SECONDS = { sequential: 5.1, parallel: 2.3 };
/** The table's figures are rounded, so a start may look a little earlier than the end before it. */
const ROUNDING = 0.011;

after(quit);

describe('the race', () => {
  test('runs on a click and reads 5.1 s, 2.3 s, 2.2 times faster', async (t) => {
    const site = await serveSite(t);
    await onTime(async () => {
      const page = await open(t, site, '#preset=company');
      await ready(page);
      await button(page, 'Run').click();
      return page;
    });
  });

  test('runs by itself when the address says autoplay=1', async (t) => {
    const site = await serveSite(t);
    await onTime(() => open(t, site, '#preset=company&autoplay=1'));
  });

  for (const [schedule, seconds] of Object.entries(SECONDS)) {
    test(`schedule=${schedule} runs that one only`, async (t) => {
      const site = await serveSite(t);
      const finished = new RegExp(`^Finished: ${schedule} ${seconds} s(?!.*(sequential|parallel))`);
      await onTime(() => open(t, site, `#schedule=${schedule}&autoplay=1`), [schedule], finished);
    });
  }

  test('Stop ends every open bar as cancelled and keeps what was done', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company');
    await ready(page);
    await button(page, 'Run').click();
    await tableHas(page, (rows) =>
      rows.some((row) => row.outcome === 'done') && rows.some((row) => row.outcome === 'running'));
    await button(page, 'Stop').click();
    await tableHas(page, (rows) => rows.some((row) => row.outcome === 'cancelled'));
    const rows = await timeline(page);
    assert.deepEqual(rows.filter((row) => row.outcome === 'running'), [], 'no bar is left open');
    assert.ok(rows.some((row) => row.outcome === 'done'), 'what was done stays done');
    assert.doesNotMatch(await statusText(page), /^(Finished|Running)/);
    // And it can be run again, to the end.
    await button(page, 'Run').click();
    await statusSays(page, /^Finished: /);
    await finish(page);
  });

  test('a topic typed into the page reaches what the agents say', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=topic&speed=8');
    await ready(page);
    const topic = page.getByLabel('Topic', { exact: true });
    await topic.fill('lighthouses of Brittany');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished: /);
    assert.match(await output(page, 'synthesis').textContent(), /lighthouses of Brittany/);
    await finish(page);
  });

  test('a setting that makes no sense falls back and is named', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=nope&speed=banana&unknown=1');
    await ready(page);
    const text = await statusText(page);
    for (const bad of ['nope', 'banana']) assert.ok(text.includes(bad), text);
    assert.ok(!text.includes('unknown'), 'unknown keys are ignored');
    const preset = page.getByRole('combobox', { name: 'Preset', exact: true });
    assert.equal(await preset.inputValue(), 'company');
    await finish(page);
  });
});

/**
 * Starts a run and holds it to its figures: never early, and late by one per cent at most. Timers
 * are late by what keeps the page's thread at their moment, so that is what a failure points to.
 */
async function onTime(start, schedules = Object.keys(SECONDS), finished = FINISHED) {
  const page = await start();
  const text = await statusSays(page, /^Finished: /);
  const rows = await timeline(page);
  checkOrder(rows, schedules);
  await finish(page);
  for (const schedule of schedules) {
    assert.ok(makespan(rows, schedule) >= SECONDS[schedule] - ROUNDING, `${schedule} is not early`);
    near(makespan(rows, schedule), SECONDS[schedule], 0.01, `${schedule} makespan`);
  }
  assert.match(text, finished);
}

/** Every agent ran, in these schedules and no other, in the order that a schedule's name says. */
function checkOrder(rows, schedules) {
  assert.equal(rows.length, COMPANY.length * schedules.length, 'a row for each agent and schedule');
  assert.deepEqual([...new Set(rows.map((row) => row.outcome))], ['done']);
  for (const schedule of schedules) {
    const own = rows.filter((row) => row.schedule === schedule).sort((a, b) => a.start - b.start);
    assert.deepEqual(own.map((row) => row.agent).sort(), COMPANY);
    if (schedule === 'sequential') {
      for (const [i, row] of own.slice(1).entries()) {
        assert.ok(row.start >= own[i].end - ROUNDING, `${row.agent} waited for its turn`);
      }
      continue;
    }
    const synthesis = own.at(-1);
    const branches = own.slice(0, -1);
    assert.equal(synthesis.agent, 'synthesis');
    const firstEnd = Math.min(...branches.map((row) => row.end));
    for (const row of branches) assert.ok(row.start < firstEnd, `${row.agent} started at once`);
    const lastEnd = Math.max(...branches.map((row) => row.end));
    assert.ok(synthesis.start >= lastEnd - ROUNDING, 'the synthesis waited for the last branch');
  }
}

async function tableHas(page, condition) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (condition(await timeline(page))) return;
    await page.waitForTimeout(50);
  }
  assert.fail('the Timeline table never showed what it was to show');
}
