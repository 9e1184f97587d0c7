// The programs beside the run: the lines that wait are marked as the run goes, a line and its bar
// point at each other, and both can be read, reached and copied.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import axe from 'axe-core';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays, whole } from './lib/page.mjs';
import { serveSite } from './lib/site.mjs';

const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const region = (page) => page.getByRole('region', { name: 'Code', exact: true });
const program = (page, name) => region(page).getByRole('group', { name: `${name} program` });
const SEQUENTIAL = 'Sequential awaits';
const GATHER = 'asyncio.gather';

/** The lines that are marked as waiting, trimmed. */
const waiting = async (page, name) => {
  const lines = program(page, name).locator('li[aria-current=true]');
  return (await lines.allTextContents()).map((line) => line.trim());
};

/** The agent that each bar stands for, of those that are pointed at. */
const pointedBars = (page) => page.locator('.lane.pointed .lane-name').allTextContents();

after(quit);

describe('the code', () => {
  test('marks the lines that wait, and only those of schedules that run', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=0.3');
    await ready(page);
    assert.deepEqual(await waiting(page, SEQUENTIAL), []);
    assert.deepEqual(await waiting(page, GATHER), []);
    await button(page, 'Run').click();
    await region(page).locator('li[aria-current=true]').first().waitFor();
    // The first ends after 4 s of real time at this speed.
    assert.deepEqual(await waiting(page, SEQUENTIAL), ['news = await run_query(']);
    assert.deepEqual(await waiting(page, GATHER), [
      'news, stock, social, internal = await asyncio.gather(',
      'run_query(', 'run_query(', 'run_query(', 'run_query(',
    ]);
    await button(page, 'Stop').click();
    await statusSays(page, /^Stopped/);
    assert.deepEqual(await waiting(page, GATHER), []);
    await finish(page);
  });

  test('marks the lines that wait in every language', async (t) => {
    // Long enough to look at every language while all four branches are out.
    const page = await open(t, await serveSite(t), '#preset=company&latency=*:300&autoplay=1');
    await whole(page);
    const four = (line) => ['news', 'stock', 'social', 'internal'].map(line);
    const adk = 'async for _ in runner.run_async(';
    const graph = 'state = await graph.ainvoke(';
    const engine = 'let done = engine::run(&pipeline, inputs, schedule, &clock, &model, &trace).await;';
    const expected = {
      asyncio: [
        SEQUENTIAL, ['news = await run_query('],
        GATHER, ['news, stock, social, internal = await asyncio.gather(', ...four(() => 'run_query(')],
      ],
      langchain: [
        SEQUENTIAL, ['given["news"] = await news_chain.ainvoke(given)'],
        'RunnableParallel', [
          'map_chain = RunnableParallel({', ...four((name) => `"${name}": ${name}_chain,`),
          'map_chain', 'response = await full_chain.ainvoke("Lumen Robotics")',
        ],
      ],
      langgraph: [
        'StateGraph, one by one', ['answer = await run_query(', graph],
        'StateGraph', [...four(() => 'answer = await run_query('), graph],
      ],
      adk: [
        'SequentialAgent', ['news_agent,', adk],
        'ParallelAgent', [
          'parallel_agent = ParallelAgent(', ...four((name) => `${name}_agent,`), 'parallel_agent,', adk,
        ],
      ],
      adk2: [
        'Workflow, one by one', ['news_agent,', adk],
        'Workflow', ['(', ...four((name) => `${name}_agent,`), adk],
      ],
      js: [
        SEQUENTIAL, ['const news = await ask('],
        'Promise.all', [
          'const [news, stock, social, internal] = await Promise.all([', ...four(() => 'ask('),
        ],
      ],
      rust: [
        SEQUENTIAL, ['let news = ask('],
        'try_join_all', [
          'let [news, stock, social, internal]: [String; 4] = try_join_all([', ...four(() => 'ask('),
        ],
      ],
      'rust-engine': [
        'Schedule::sequential', ['Agent {', engine],
        'Schedule::parallel', [...four(() => 'Agent {'), engine],
      ],
    };
    await program(page, GATHER).waitFor();
    const menu = region(page).getByRole('combobox', { name: 'Language', exact: true });
    await menu.waitFor();
    const words = await menu.locator('option').evaluateAll((all) => all.map(({ value }) => value));
    assert.deepEqual(words.sort(), Object.keys(expected).sort());
    for (const [word, [one, alone, all, together]] of Object.entries(expected)) {
      await menu.selectOption(word);
      await program(page, all).locator('li[aria-current=true]').first().waitFor();
      assert.deepEqual(await waiting(page, one), alone, word);
      assert.deepEqual(await waiting(page, all), together, word);
    }
    await finish(page);
  });

  test('follows the cursor back', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company&speed=8&autoplay=1');
    await statusSays(page, /^Finished/);
    assert.deepEqual(await waiting(page, SEQUENTIAL), []);
    await time(page).focus();
    // A little after the beginning, when both have begun.
    await page.keyboard.press('Home');
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('ArrowRight');
    await statusSays(page, /^Running/);
    await program(page, SEQUENTIAL).locator('li[aria-current=true]').first().waitFor();
    assert.deepEqual(await waiting(page, SEQUENTIAL), ['news = await run_query(']);
    assert.equal((await waiting(page, GATHER)).length, 5);
    await finish(page);
  });

  test('lights nothing of a schedule that does not run', async (t) => {
    const page = await open(t, await serveSite(t), '#schedule=parallel&speed=0.3&autoplay=1');
    await whole(page);
    await region(page).locator('li[aria-current=true]').first().waitFor();
    assert.deepEqual(await waiting(page, SEQUENTIAL), []);
    await finish(page);
  });

  test('points from a line to its bars and from a bar to its lines', async (t) => {
    const page = await open(t, await serveSite(t), '#preset=company',
      { viewport: { width: 1280, height: 2400 } });
    await ready(page);
    const stock = program(page, SEQUENTIAL).getByRole('button', { name: /^stock = await/ });
    await stock.hover();
    assert.deepEqual(await pointedBars(page), ['stock', 'stock']);
    await page.mouse.move(2, 2);
    assert.deepEqual(await pointedBars(page), []);

    // A line that waits for several stands for all of them.
    await program(page, GATHER).getByRole('button', { name: /await asyncio\.gather/ }).hover();
    const branches = ['news', 'stock', 'social', 'internal'];
    assert.deepEqual(await pointedBars(page), [...branches, ...branches]);
    await page.mouse.move(2, 2);

    await page.locator('.lane', { hasText: 'social' }).first().hover();
    assert.deepEqual(await page.locator('.how').allTextContents(),
      ['social: expected 2.10 s to 2.80 s, first word at 2.31 s, queued for 2.10 s',
        'social: expected 0.00 s to 0.70 s, first word at 0.21 s']);
    const pointed = region(page).locator('li.pointed');
    const lines = (await pointed.allTextContents()).map((line) => line.trim());
    assert.equal(lines.filter((line) => /await run_query\($|^run_query\($/.test(line)).length, 2);
    assert.ok(lines.some((line) => line.includes('What do people say about {topic} online?')));
    await page.mouse.move(2, 2);

    // By keys alone.
    await stock.focus();
    assert.deepEqual(await pointedBars(page), ['stock', 'stock']);
    await page.keyboard.press('Tab');
    assert.deepEqual(await pointedBars(page), ['social', 'social']);
    await finish(page);
  });

  test('keeps a hostile topic a text, and copies a whole program', async (t) => {
    const page = await open(t, await serveSite(t), '#view=code&preset=fanout&n=200',
      { permissions: ['clipboard-read', 'clipboard-write'] });
    await program(page, GATHER).waitFor();
    await page.getByLabel('Topic', { exact: true }).fill('"""); import os # {x} <b>\\');
    await program(page, GATHER).getByText('topic = "\\"\\"\\"); import os # {x} <b>\\\\"').waitFor();
    assert.equal(await region(page).locator('b').count(), 0);
    const shown = await program(page, GATHER).locator('li').count();
    assert.ok(shown < 400, `${shown} lines`);
    await region(page).getByRole('button', { name: 'Copy', exact: true }).last().click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^import asyncio\n/);
    assert.match(copied, /asyncio\.run\(main\(\)\)\n$/);
    assert.equal(copied.match(/part \d+ of \{topic\}/g).length, 200);
    await finish(page);
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`has nothing that axe objects to while it is lit and pointed at, ${colorScheme}`, async (t) => {
      for (const width of [1280, 320]) {
        const page = await open(t, await serveSite(t), '#speed=0.1&autoplay=1',
          { viewport: { width, height: 900 }, colorScheme });
        await whole(page);
        await program(page, GATHER).locator('li[aria-current=true]').first().waitFor();
        await program(page, GATHER).getByRole('button').first().focus();
        await page.evaluate(axe.source);
        const found = await page.evaluate(() => window.axe.run('.code'));
        const slips = found.violations.flatMap(({ id, nodes }) =>
          nodes.map((node) => `${id}: ${node.html}`));
        assert.deepEqual(slips, []);
        await finish(page);
      }
    });
  }

  test('shows one program at a time where there is little room', async (t) => {
    const page = await open(t, await serveSite(t), '#view=code',
      { viewport: { width: 320, height: 900 } });
    await program(page, GATHER).waitFor();
    assert.equal(await program(page, SEQUENTIAL).count(), 0);
    await region(page).getByRole('button', { name: SEQUENTIAL, exact: true }).click();
    await program(page, SEQUENTIAL).waitFor();
    assert.equal(await program(page, GATHER).count(), 0);
    const wide = await page.evaluate(() =>
      document.scrollingElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${wide} px too wide`);
    await finish(page);
  });
});
