// The programs beside the run: the lines that wait are marked as the run goes, a line and its bar
// point at each other, and both can be read, reached and copied.

import { violations } from './lib/axe.mjs';
import { button, ready, status, tooWide, whole } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
const region = (page) => page.getByRole('region', { name: 'Code', exact: true });
const program = (page, name) => region(page).getByRole('group', { name: `${name} program` });
const SEQUENTIAL = 'Sequential awaits';
const GATHER = 'asyncio.gather';

/** The lines that are marked as waiting. */
const waiting = (page, name) => program(page, name).locator('li[aria-current=true]');

/** Waits until these are the agents whose bars are pointed at. */
const pointsAt = (page, agents) => expect.poll(() =>
  page.locator('.lane.pointed').evaluateAll((lanes) => lanes.map((lane) => lane.dataset.name))).toEqual(agents);

test.describe('the code', () => {
  test('marks the lines that wait, and only those of schedules that run', async ({ open }) => {
    const page = await open('#preset=company&speed=0.1&tab=code');
    await ready(page);
    await expect(waiting(page, SEQUENTIAL)).toHaveText([]);
    await expect(waiting(page, GATHER)).toHaveText([]);
    await button(page, 'Run').click();
    await region(page).locator('li[aria-current=true]').first().waitFor();
    // The first ends after 12 s of real time at this speed.
    await expect(waiting(page, SEQUENTIAL)).toHaveText(['news = await run_query(']);
    await expect(waiting(page, GATHER)).toHaveText([
      'news, stock, social, internal = await asyncio.gather(',
      'run_query(', 'run_query(', 'run_query(', 'run_query(',
    ]);
    await button(page, 'Stop').click();
    await expect(status(page)).toHaveText(/^Stopped/);
    await expect(waiting(page, GATHER)).toHaveText([]);
  });

  test('marks the lines that wait in every language', async ({ open }) => {
    // Long enough to look at every language while all four branches are out.
    const page = await open('#preset=company&latency=*:300&autoplay=1&tab=code');
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
      ray: [
        'Tasks, one by one', ['news = ray.get(ask_news.remote(topic))'],
        '@ray.remote', [...four((name) => `${name} = ask_${name}.remote(topic)`), 'ray.get(tasks)'],
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
    expect(words.sort()).toEqual(Object.keys(expected).sort());
    for (const [word, [one, alone, all, together]] of Object.entries(expected)) {
      await menu.selectOption(word);
      await program(page, all).locator('li[aria-current=true]').first().waitFor();
      await expect(waiting(page, one), word).toHaveText(alone);
      await expect(waiting(page, all), word).toHaveText(together);
    }
  });

  test('follows the cursor back', async ({ open }) => {
    const page = await open('#preset=company&speed=8&autoplay=1&tab=code');
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(waiting(page, SEQUENTIAL)).toHaveText([]);
    await time(page).focus();
    // A little after the beginning, when both have begun.
    await page.keyboard.press('Home');
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('ArrowRight');
    await expect(status(page)).toHaveText(/^Running/);
    await program(page, SEQUENTIAL).locator('li[aria-current=true]').first().waitFor();
    await expect(waiting(page, SEQUENTIAL)).toHaveText(['news = await run_query(']);
    await expect(waiting(page, GATHER)).toHaveCount(5);
  });

  test('lights nothing of a schedule that does not run', async ({ open }) => {
    const page = await open('#preset=company&schedule=parallel&speed=0.3&autoplay=1&tab=code');
    await whole(page);
    await region(page).locator('li[aria-current=true]').first().waitFor();
    await expect(waiting(page, SEQUENTIAL)).toHaveText([]);
  });

  test('points from a line to its bars and from a bar to its lines', async ({ open }) => {
    const page = await open('#preset=company&tab=code', { viewport: { width: 1280, height: 2400 } });
    await ready(page);
    const stock = program(page, SEQUENTIAL).getByRole('button', { name: /^stock = await/ });
    await stock.hover();
    await pointsAt(page, ['stock', 'stock']);
    await page.mouse.move(2, 2);
    await pointsAt(page, []);

    // A line that waits for several stands for all of them.
    await program(page, GATHER).getByRole('button', { name: /await asyncio\.gather/ }).hover();
    const branches = ['news', 'stock', 'social', 'internal'];
    await pointsAt(page, [...branches, ...branches]);
    await page.mouse.move(2, 2);

    await page.locator('.lane[data-name=social]').last().locator('.ghost').hover();
    await pointsAt(page, ['social', 'social']);
    const pointed = region(page).locator('li.pointed');
    await expect(pointed.filter({ hasText: /(await |^\s*)run_query\(\s*$/ })).toHaveCount(2);
    await expect(pointed.filter({ hasText: 'What do people say about {topic} online?' }).first()).toBeVisible();
    await page.mouse.move(2, 2);

    // By keys alone.
    await stock.focus();
    await pointsAt(page, ['stock', 'stock']);
    await page.keyboard.press('Tab');
    await pointsAt(page, ['social', 'social']);
  });

  test('keeps a hostile topic a text, and copies a whole program', async ({ open }) => {
    const page = await open('#view=code&preset=fanout&n=200', { permissions: ['clipboard-read', 'clipboard-write'] });
    await program(page, GATHER).waitFor();
    await page.getByLabel('Topic', { exact: true }).fill('"""); import os # {x} <b>\\');
    await program(page, GATHER).getByText('topic = "\\"\\"\\"); import os # {x} <b>\\\\"').waitFor();
    await expect(region(page).locator('b')).toHaveCount(0);
    expect(await program(page, GATHER).locator('li').count(), 'lines').toBeLessThan(400);
    await region(page).getByRole('button', { name: 'Copy', exact: true }).last().click();
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(clipboard).toMatch(/^import asyncio\n/);
    const copied = await clipboard();
    expect(copied).toMatch(/asyncio\.run\(main\(\)\)\n$/);
    expect(copied.match(/part \d+ of \{topic\}/g).length).toBe(200);
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`has nothing that axe objects to while it is lit and pointed at, ${colorScheme}`, async ({ open }) => {
      for (const width of [1280, 320]) {
        const page = await open('#preset=company&speed=0.1&autoplay=1&tab=code', { viewport: { width, height: 900 }, colorScheme });
        await whole(page);
        await program(page, GATHER).locator('li[aria-current=true]').first().waitFor();
        await program(page, GATHER).getByRole('button').first().focus();
        expect(await violations(page, { within: '.code' })).toEqual([]);
        await page.context().close();
      }
    });
  }

  test('opens on the line that waits, follows it, and shows all lines on request', async ({ open }) => {
    // The last agent waits for long enough to be looked at.
    const page = await open('#preset=company&schedule=sequential&latency=synthesis:60&tab=code');
    await ready(page);
    const text = program(page, SEQUENTIAL);
    const line = (name) => text.getByRole('button', { name: new RegExp(`^${name} = await`) });
    const isInWindow = (of) => of.evaluate((node) => {
      const window = node.closest('[role=group]').getBoundingClientRect();
      const { top, bottom } = node.getBoundingClientRect();
      return top >= window.top - 1 && bottom <= window.bottom + 1;
    });
    await expect.poll(() => isInWindow(line('news')), 'before the run').toBe(true);
    expect(await isInWindow(line('briefing'))).toBe(false);
    expect(await text.evaluate((node) => node.clientHeight / node.querySelector('li').offsetHeight)).toBeLessThan(17);
    await button(page, 'Run').click();
    await expect(waiting(page, SEQUENTIAL)).toHaveText([/^\s*briefing = await/], { timeout: 30_000 });
    await expect.poll(() => isInWindow(line('briefing')), 'as it waits').toBe(true);
    const all = region(page).getByRole('button', { name: /^Show all \d+ lines$/ }).first();
    const count = Number((await all.innerText()).match(/\d+/)[0]);
    await expect(text.locator('li')).toHaveCount(count);
    await all.click();
    await expect.poll(() => isInWindow(text.locator('li').last()), 'all of it').toBe(true);
    await region(page).getByRole('button', { name: 'Show fewer lines' }).click();
    await expect.poll(() => isInWindow(text.locator('li').last())).toBe(false);
  });

  test('shows one program at a time where there is little room', async ({ open }) => {
    const page = await open('#preset=company&view=code', { viewport: { width: 320, height: 900 } });
    await program(page, GATHER).waitFor();
    await expect(program(page, SEQUENTIAL)).toHaveCount(0);
    await region(page).getByRole('button', { name: SEQUENTIAL, exact: true }).click();
    await program(page, SEQUENTIAL).waitFor();
    await expect(program(page, GATHER)).toHaveCount(0);
    await expect.poll(() => tooWide(page)).toBeLessThanOrEqual(0);
  });
});
