// LangChain and ADK side by side: what each holds follows the cursor of the run on screen.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays, timeline } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const sides = (page) => page.getByRole('region', { name: 'LangChain and ADK', exact: true });

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
    await button(page, 'Step forward').click();
  }
  return seen;
}

after(quit);

describe('LangChain and ADK', () => {
  test('fill what they hold step by step, each in its way', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&view=data&schedule=parallel');
    await ready(page);
    assert.deepEqual((await slots(page, 'dictionary')).slice(0, 2), ['"topic" given', '"news" waiting']);
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    const seen = await walk(page);
    const count = (list, word) => list.filter((slot) => slot.includes(word)).length;
    // The map holds one result more at each end, and hands on none before the last.
    const held = seen.map(([dictionary]) => count(dictionary, 'held by the map'));
    assert.ok([1, 2, 3].every((some) => held.includes(some)), `${held}`);
    for (const [dictionary, state] of seen) {
      const some = count(dictionary, 'held by the map');
      if (some > 0) {
        assert.equal(count(dictionary, 'written at'), 0, 'a map hands on all at once');
        assert.equal(count(state, 'written at'), some, 'the state has each at once');
      }
    }
    const [dictionary, state] = seen.at(-1);
    const at = (slot) => Number(/at ([\d.]+) s/.exec(slot)[1]);
    const moments = new Set(dictionary.slice(1, 5).map(at));
    assert.equal(moments.size, 1, `one moment for all of a map: ${dictionary}`);
    const written = state.slice(1).map(at);
    assert.deepEqual(written, [...written].sort((a, b) => a - b), 'the state is in the order of time');
    assert.equal(new Set(written).size, 5);
    await finish(page);
  });

  test('are compared for the pipeline at hand, which may be edited', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=researchers&limit=2');
    await ready(page);
    const [langchain, adk] = await row(page, 'Primitive');
    assert.match(langchain, /^RunnableParallel\(RenewableEnergyResearcher, EVResearcher, CarbonCapture/);
    assert.match(adk, /^SequentialAgent\[ParallelAgent\[.*\], SynthesisAgent\]/);
    assert.match((await row(page, 'How many at once'))[0], /max_concurrency": 2/);
    assert.match((await row(page, 'How results travel'))[1], /\{ev_technology_result\}/);

    await page.getByLabel('Preset', { exact: true }).selectOption('topic');
    assert.match((await row(page, 'Primitive'))[0], /topic is a RunnablePassthrough/);
    await button(page, 'Edit the pipeline').click();
    await page.getByLabel('Name', { exact: true }).first().fill('abstract');
    await page.waitForFunction(() => document.querySelector('.sides td code').textContent.includes('abstract'));
    await finish(page);
  });

  test('lose and keep what had come when a branch fails', async (t) => {
    const hash = '#preset=company&schedule=parallel&fail=internal:500@1.4&on_error=leave';
    const page = await open(t, await serveSite(t), hash);
    await ready(page);
    await button(page, 'Run').click();
    await statusSays(page, /^Failed/);
    const lost = (await slots(page, 'dictionary')).filter((slot) => slot.endsWith('lost'));
    assert.deepEqual(lost, ['"news" lost', '"stock" lost', '"social" lost']);
    const kept = (await slots(page, 'session state')).filter((slot) => slot.includes('written at'));
    assert.equal(kept.length, 3);
    const [langchain, adk] = await row(page, 'When a branch fails');
    const said = /Here internal failed at ([\d.]+) s\. Lost: \{news\}, \{stock\} and \{social\}\./.exec(langchain);
    assert.ok(said, langchain);
    // When that was is the run's to say, and how busy the machine is.
    const { end } = (await timeline(page)).find(({ agent }) => agent === 'internal');
    assert.ok(Math.abs(Number(said[1]) - end) <= 0.05, `${said[1]} s for ${end} s`);
    assert.match(adk, /Kept: \{news\}, \{stock\} and \{social\}\./);
    assert.match((await row(page, 'What is set'))[0], /^To let the others run on: ainvoke does so/);
    await finish(page);
  });
});
