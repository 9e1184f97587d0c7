// Every view of a run shows the same moment of it, whatever moves the cursor there.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { button, output, ready, statusSays, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const region = (page, name) => page.getByRole('region', { name, exact: true });
const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const COMPANY = ['news', 'stock', 'social', 'internal', 'synthesis'];

/** What each view says that each agent of the parallel run is doing. */
async function phases(page) {
  const all = {};
  const rows = (await timeline(page)).filter((row) => row.schedule === 'parallel');
  const lit = await region(page, 'Code').getByRole('group', { name: 'asyncio.gather program' })
    .locator('li[aria-current=true]').allTextContents();
  for (const [at, agent] of COMPANY.entries()) {
    const lane = page.locator('.track[data-kind=parallel] .lane').nth(at);
    const box = region(page, 'Flow').locator('.flow-node')
      .filter({ has: page.locator(`[title="${agent}"]`) });
    const written = region(page, 'Data').getByRole('row').filter({ hasText: `${at + 1} ${agent}` });
    const text = await output(page, agent).locator('.text').textContent();
    all[agent] = {
      table: rows.find((row) => row.agent === agent).outcome,
      race: await lane.getAttribute('data-phase'),
      flow: await box.getAttribute('data-phase'),
      card: await output(page, agent).getAttribute('data-phase'),
      said: text !== '',
      written: !/not written yet/.test(await written.innerText()),
    };
  }
  return { all, lit: lit.length, steps: await steps(page) };
}

const steps = (page) => region(page, 'Event loop').getByRole('listitem')
  .evaluateAll((items) => items.map((item) => item.dataset.state));

after(quit);

describe('every view', () => {
  test('shows the moment at the cursor, after the run and back again', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=4&autoplay=1',
      { viewport: { width: 1280, height: 1000 } });
    await ready(page);
    await statusSays(page, /^Finished/);
    const moments = { over: await phases(page) };
    const row = page.getByRole('table', { name: 'Timeline', exact: true })
      .getByRole('row', { name: /^social parallel/ });
    await row.getByRole('button').last().click();
    moments.social = await phases(page);
    await time(page).focus();
    await page.keyboard.press('Home');
    moments.beginning = await phases(page);
    for (const [moment, { all }] of Object.entries(moments)) {
      for (const [agent, { table, race, flow, card, said, written }] of Object.entries(all)) {
        assert.deepEqual([race, flow, card], [table, table, table], `${agent} at ${moment}`);
        assert.equal(written, table === 'done', `${agent}'s key at ${moment}`);
        if (table === 'waiting') assert.equal(said, false, `${agent} at ${moment}`);
        if (table === 'done') assert.equal(said, true, `${agent} at ${moment}`);
      }
    }
    const outcomes = ({ all }) => Object.values(all).map(({ table }) => table);
    assert.deepEqual(outcomes(moments.over), Array(5).fill('done'));
    // Stock takes 0.7 or 0.9 s and so does social: the longer two are still at it.
    const { news, internal, social, synthesis } = moments.social.all;
    assert.deepEqual([news.table, internal.table, social.table, synthesis.table],
      ['running', 'running', 'done', 'waiting']);
    // The code lights who waits: the line for all of them, and those of the ones still out. Whether
    // they are out at zero itself depends on how soon after it they started.
    for (const [moment, { lit, all }] of Object.entries(moments)) {
      const out = Object.values(all).filter(({ table }) => table === 'running').length;
      assert.equal(lit, out && 1 + out, `lines at ${moment}`);
    }
    assert.ok(moments.social.lit > 0);
    // And the steps of the loop light up as they come.
    assert.ok(moments.over.steps.every((state) => state === 'done'));
    // Whoever starts at zero itself has done so; nobody has been answered.
    assert.ok(moments.beginning.steps.slice(2).every((state) => state === 'not yet'),
      `${moments.beginning.steps}`);
    assert.deepEqual(moments.social.steps.slice(0, 2), ['done', 'done']);
    assert.ok(moments.social.steps.includes('now') && moments.social.steps.includes('not yet'),
      `${moments.social.steps}`);
    await page.keyboard.press('End');
    assert.deepEqual(await phases(page), moments.over, 'there and back');
    await finish(page);
  });

  test('can be stepped through by keys only', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8&autoplay=1');
    await ready(page);
    await statusSays(page, /^Finished/);
    const now = async () => Number(await time(page).inputValue());
    await time(page).focus();
    await page.keyboard.press('Home');
    for (const [key, at] of [['ArrowRight', 0.1], ['Shift+ArrowRight', 1.1], ['ArrowUp', 1.2],
      ['ArrowLeft', 1.1], ['Shift+ArrowLeft', 0.1], ['ArrowDown', 0], ['ArrowLeft', 0]]) {
      await page.keyboard.press(key);
      assert.ok(Math.abs((await now()) - at) < 0.006, `${key}: ${await now()} and not ${at}`);
    }
    // From event to event, forth and back: the same moments in the opposite order.
    await button(page, 'Step forward').focus();
    const forth = [];
    for (let step = 0; step < 5; step += 1) {
      await page.keyboard.press('Enter');
      forth.push(await now());
    }
    assert.ok(forth.every((at, step) => step === 0 || at > forth[step - 1]), `${forth}`);
    await button(page, 'Step back').focus();
    for (const at of forth.slice(0, -1).reverse()) {
      await page.keyboard.press('Enter');
      assert.equal(await now(), at);
    }
    await finish(page);
  });

  test('plays as fast as the menu says', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8&autoplay=1');
    await ready(page);
    await statusSays(page, /^Finished/);
    const played = {};
    for (const speed of ['0.1', '4']) {
      await page.getByRole('combobox', { name: 'Speed', exact: true }).selectOption(speed);
      await time(page).focus();
      await page.keyboard.press('Home');
      // Model seconds for each real one, by the page's own frames.
      played[speed] = await page.evaluate(() => new Promise((resolve) => {
        const slider = document.querySelector('[aria-label=Time]');
        document.querySelector('[aria-label=Play]').click();
        let [first, from] = [];
        const look = (at) => {
          const here = Number(slider.value);
          first ??= at;
          from ??= here;
          if (at - first < 600) return requestAnimationFrame(look);
          document.querySelector('[aria-label=Pause]').click();
          return resolve((here - from) / ((at - first) / 1000));
        };
        requestAnimationFrame(look);
      }));
    }
    for (const [speed, measured] of Object.entries(played)) {
      assert.ok(Math.abs(measured / Number(speed) - 1) < 0.35, `${speed}: ${measured}`);
    }
    await finish(page);
  });
});
