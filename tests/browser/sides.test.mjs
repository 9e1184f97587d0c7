// LangChain and ADK side by side: what each holds follows the cursor of the run on screen.

import { button, chooseScenario, openTab, ready, status, timeline } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const sides = (page) => page.getByRole('region', { name: 'LangChain and ADK', exact: true });

/** Opens the comparison. */
async function compare(page) {
  if (await page.getByRole('tablist').count() > 0) await openTab(page, 'Code');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await sides(page).waitFor();
}

/** "key standing" for each entry of one library, in its own order. */
const slots = async (page, memory) =>
  (await sides(page).getByRole('list', { name: memory, exact: true }).getByRole('listitem')
    .allInnerTexts()).map((slot) => slot.split(/\s*\n\s*/).slice(0, 2).join(' ').trim());

/** Rows of the comparison: what each is about, then LangChain, then ADK. */
const row = async (page, about) => {
  const table = sides(page).getByRole('table', { name: 'LangChain and ADK compared' });
  const own = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: about }) });
  return (await own.getByRole('cell').allInnerTexts()).map((cell) => cell.replace(/\s+/g, ' '));
};

/** Steps forward until somebody has begun the last agent, counting the sights on the way. */
async function walk(page) {
  const seen = [];
  const time = page.getByRole('slider', { name: 'Time', exact: true });
  await time.focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < 12; step += 1) {
    seen.push([await slots(page, 'dictionary'), await slots(page, 'session state')]);
    if (seen.at(-1)[0].every((slot) => /given|written/.test(slot))) break;
    const before = await time.inputValue();
    await button(page, 'Next event').click();
    await expect(time).not.toHaveValue(before);
  }
  return seen;
}

test.describe('LangChain and ADK', () => {
  test('fill what they hold step by step, each in its way', async ({ open }) => {
    const page = await open('#preset=company&view=code&schedule=parallel');
    await ready(page);
    await compare(page);
    await expect.poll(async () => (await slots(page, 'dictionary')).slice(0, 2)).toEqual(['"topic" given', '"news" waiting']);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const seen = await walk(page);
    const count = (list, word) => list.filter((slot) => slot.includes(word)).length;
    // The map holds one result more at each end, and hands on none before the last.
    const held = seen.map(([dictionary]) => count(dictionary, 'held by the map'));
    expect(held).toEqual(expect.arrayContaining([1, 2, 3]));
    for (const [dictionary, state] of seen) {
      const some = count(dictionary, 'held by the map');
      if (some > 0) {
        expect(count(dictionary, 'written at'), 'a map hands on all at once').toBe(0);
        expect(count(state, 'written at'), 'the state has each at once').toBe(some);
      }
    }
    const [dictionary, state] = seen.at(-1);
    const at = (slot) => Number(/at ([\d.]+) s/.exec(slot)[1]);
    const moments = new Set(dictionary.slice(1, 5).map(at));
    expect(moments.size, `one moment for all of a map: ${dictionary}`).toBe(1);
    const written = state.slice(1).map(at);
    expect(written, 'the state is in the order of time').toEqual([...written].sort((a, b) => a - b));
    expect(new Set(written).size).toBe(5);
  });

  test('are compared for the pipeline at hand, which may be edited', async ({ open }) => {
    const page = await open('#preset=researchers&limit=2');
    await ready(page);
    await compare(page);
    const says = (about, side) => expect.poll(async () => (await row(page, about))[side]);
    await says('Primitive', 0).toMatch(/^RunnableParallel\(RenewableEnergyResearcher, EVResearcher, CarbonCapture/);
    await says('Primitive', 1).toMatch(/^SequentialAgent\[ParallelAgent\[.*\], SynthesisAgent\]/);
    await says('How many at once', 0).toMatch(/max_concurrency": 2/);
    await says('How results travel', 1).toMatch(/\{ev_technology_result\}/);

    await chooseScenario(page, 'One topic, three views');
    await compare(page);
    await says('Primitive', 0).toMatch(/topic is a RunnablePassthrough/);
    await openTab(page, 'Prompts');
    await button(page, 'Edit pipeline').click();
    await page.getByLabel('Name', { exact: true }).first().fill('abstract');
    await compare(page);
    await expect(sides(page).getByRole('cell').locator('code').first()).toContainText('abstract');
  });

  test('lose and keep what had come when a branch fails', async ({ open }) => {
    // The others end seconds earlier, so that a busy machine does not change the order.
    const hash = '#preset=company&schedule=parallel&latency=internal:8&fail=internal:500@6&on_error=leave&speed=2';
    const page = await open(hash);
    await ready(page);
    await compare(page);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Failed/);
    const lost = async () => (await slots(page, 'dictionary')).filter((slot) => slot.endsWith('lost'));
    await expect.poll(lost).toEqual(['"news" lost', '"stock" lost', '"social" lost']);
    const kept = async () => (await slots(page, 'session state')).filter((slot) => slot.includes('written at'));
    await expect.poll(async () => (await kept()).length).toBe(3);
    const [langchain, adk] = await row(page, 'When a branch fails');
    const said = /Here internal failed at ([\d.]+) s\. Lost: \{news\}, \{stock\} and \{social\}\./.exec(langchain);
    expect(said, langchain).not.toBe(null);
    // When that was is the run's to say, and how busy the machine is.
    const { end } = (await timeline(page)).find(({ agent }) => agent === 'internal');
    expect(Math.abs(Number(said[1]) - end)).toBeLessThanOrEqual(0.05);
    expect(adk).toMatch(/Kept: \{news\}, \{stock\} and \{social\}\./);
    await expect.poll(async () => (await row(page, 'What is set'))[0]).toMatch(/^To fail now, leave the rest running: ainvoke does so/);
  });
});
