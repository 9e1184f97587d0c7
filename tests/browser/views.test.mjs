// Every view of a run shows the same moment of it, whatever moves the cursor there.

import { button, openTab, output, ready, status, timeline } from './lib/page.mjs';
import { TIMING, expect, test } from './lib/test.mjs';

const region = (page, name) => page.getByRole('region', { name, exact: true });
const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const COMPANY = ['news', 'stock', 'social', 'internal', 'synthesis'];
/** What stands where nothing was said: on the report's card, where the report will be. */
const NOTHING = ['', 'Where all branches meet: the report appears here.'];

/** What each view says that each agent of the parallel run is doing; only one tab is open at a time. */
async function phases(page) {
  const all = {};
  const rows = (await timeline(page)).filter((row) => row.schedule === 'parallel');
  await openTab(page, 'Code');
  const lit = await region(page, 'Code').getByRole('group', { name: 'asyncio.gather program' })
    .locator('li[aria-current=true]').allTextContents();
  await openTab(page, 'Event loop');
  const loop = await steps(page);
  await openTab(page, 'Prompts');
  await page.locator('.flow-node').first().waitFor();
  const boxes = await page.locator('.flow-node').evaluateAll((nodes) => Object.fromEntries(nodes.map((node) =>
    [node.querySelector('.flow-label').title, node.dataset.phase])));
  const written = await region(page, 'Prompts').locator('tbody tr').allInnerTexts();
  await openTab(page, 'Answers');
  for (const [at, agent] of COMPANY.entries()) {
    const lane = page.locator(`.track[data-kind=parallel] .lane[data-name=${agent}]`);
    const text = await output(page, agent).locator('.text').textContent();
    all[agent] = {
      table: rows.find((row) => row.agent === agent).outcome,
      race: await lane.getAttribute('data-phase'),
      flow: boxes[agent],
      card: await output(page, agent).getAttribute('data-phase'),
      said: !NOTHING.includes(text),
      written: !/not written yet/.test(written[at + written.length - COMPANY.length]),
    };
  }
  return { all, lit: lit.length, steps: loop };
}

const steps = (page) => region(page, 'Event loop').locator('.steps li')
  .evaluateAll((items) => items.map((item) => item.dataset.state));

test.describe('every view', () => {
  test('shows the moment at the cursor, after the run and back again', async ({ open }) => {
    // So far apart that a busy machine does not change the order of their ends.
    const latencies = 'news:6,stock:1,social:2,internal:7,synthesis:1';
    const page = await open(`#preset=company&latency=${latencies}&speed=4&autoplay=1`, { viewport: { width: 1280, height: 1000 } });
    await ready(page);
    await expect(status(page)).toHaveText(/^Finished/);
    const moments = { over: await phases(page) };
    const row = page.getByRole('table', { name: 'Timeline', exact: true })
      .getByRole('row', { name: /^social parallel/ });
    await openTab(page, 'Runs');
    await row.getByRole('button').last().click();
    moments.social = await phases(page);
    await time(page).focus();
    await page.keyboard.press('Home');
    moments.beginning = await phases(page);
    for (const [moment, { all }] of Object.entries(moments)) {
      for (const [agent, { table, race, flow, card, said, written }] of Object.entries(all)) {
        expect([race, flow, card], `${agent} at ${moment}`).toEqual([table, table, table]);
        expect(written, `${agent}'s key at ${moment}`).toBe(table === 'done');
        if (table === 'waiting') expect(said, `${agent} at ${moment}`).toBe(false);
        if (table === 'done') expect(said, `${agent} at ${moment}`).toBe(true);
      }
    }
    const outcomes = ({ all }) => Object.values(all).map(({ table }) => table);
    expect(outcomes(moments.over)).toEqual(Array(5).fill('done'));
    // The longer two are still at it.
    const { news, internal, social, synthesis } = moments.social.all;
    expect([news.table, internal.table, social.table, synthesis.table]).toEqual(['running', 'running', 'done', 'waiting']);
    // The code lights who waits: the line for all of them, and those of the ones still out. Whether
    // they are out at zero itself depends on how soon after it they started.
    for (const [moment, { lit, all }] of Object.entries(moments)) {
      const out = Object.values(all).filter(({ table }) => table === 'running').length;
      expect(lit, `lines at ${moment}`).toBe(out && 1 + out);
    }
    expect(moments.social.lit).toBeGreaterThan(0);
    // And the steps of the loop light up as they come.
    expect(moments.over.steps.every((state) => state === 'done')).toBe(true);
    // Whoever starts at zero itself has done so; nobody has been answered.
    expect(moments.beginning.steps.slice(2).every((state) => state === 'not yet'), `${moments.beginning.steps}`).toBe(true);
    expect(moments.social.steps.slice(0, 2)).toEqual(['done', 'done']);
    expect(moments.social.steps.includes('now') && moments.social.steps.includes('not yet'), `${moments.social.steps}`).toBe(true);
    await time(page).focus();
    await page.keyboard.press('End');
    await expect.poll(() => phases(page), 'there and back').toEqual(moments.over);
  });

  test('can be stepped through by keys only', async ({ open }) => {
    const page = await open('#preset=company&speed=8&autoplay=1');
    await ready(page);
    await expect(status(page)).toHaveText(/^Finished/);
    const now = async () => Number(await time(page).inputValue());
    await time(page).focus();
    await page.keyboard.press('Home');
    for (const [key, at] of [['ArrowRight', 0.1], ['Shift+ArrowRight', 1.1], ['ArrowUp', 1.2],
      ['ArrowLeft', 1.1], ['Shift+ArrowLeft', 0.1], ['ArrowDown', 0], ['ArrowLeft', 0]]) {
      await page.keyboard.press(key);
      await expect.poll(async () => Math.abs((await now()) - at) < 0.006, `${key}: ${await now()} and not ${at}`).toBe(true);
    }
    // From event to event, forth and back: the same moments in the opposite order.
    await button(page, 'Next event').focus();
    const forth = [];
    for (let step = 0; step < 5; step += 1) {
      await page.keyboard.press('Enter');
      forth.push(await now());
    }
    expect(forth.every((at, step) => step === 0 || at > forth[step - 1]), `${forth}`).toBe(true);
    await button(page, 'Previous event').focus();
    for (const at of forth.slice(0, -1).reverse()) {
      await page.keyboard.press('Enter');
      await expect.poll(() => now()).toBe(at);
    }
  });

  test('plays as fast as the menu says', { tag: TIMING }, async ({ open }) => {
    const page = await open('#preset=company&speed=8&autoplay=1');
    await ready(page);
    await expect(status(page)).toHaveText(/^Finished/);
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
      expect(Math.abs(measured / Number(speed) - 1), `${speed}: ${measured}`).toBeLessThan(0.35);
    }
  });
});
