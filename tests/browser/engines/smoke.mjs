// What a reader does with the page, written once and asked of each engine besides Chromium, which is asked
// everything else: `cargo xtask test --firefox`, `--webkit`.

import { createServer } from 'node:http';
import { inFlight } from '../lib/api.mjs';
import { makespan } from '../lib/page.mjs';
import { expect, test as base } from '../lib/test.mjs';
import { WINDOW, open, serveHost, serveWatched } from './page.mjs';

/** The library's fixtures, with pages in the engine that `launch` starts. */
const inEngine = (launch) => base.extend({
  /** One for all of these tests; each page has storage of its own. */
  browser: [async ({}, use) => {
    const engine = await launch(WINDOW);
    await use(engine);
    await engine.close();
  }, { scope: 'worker' }],
  site: async ({ owner }, use) => use(await serveWatched(owner)),
  /** `open(hash, { site, allow, isJudged })`: see page.mjs. A test that fails keeps a picture of each. */
  open: async ({ browser, owner, site }, use, info) => {
    const pages = [];
    await use(async (hash, { site: other = site, ...options } = {}) => {
      const page = await open(owner, browser, other, hash, options);
      pages.push(page);
      return page;
    });
    if (info.status === info.expectedStatus) return;
    for (const [at, page] of pages.entries()) await page.picture(info.outputPath(`page-${at + 1}.png`));
  },
});

const time = ['slider', 'Time'];
const now = (page) => page.on(time, (slider) => Number(slider.value));
/** How far along it is, from 0 to 1. */
const share = (page) => page.on(time, (slider) => slider.value / slider.max);
/** The end of an agent's bar, and the seconds that it stands at. */
const bar = ['slider', 'internal'];
const length = (page) => page.on(bar, (end) => end.getAttribute('aria-valuenow'));
const text = (element) => element.textContent.replace(/\s+/g, ' ').trim();
const output = (page, agent) => page.on(['region', agent], text);
const outcomes = async (page) => (await page.timeline()).map(({ outcome }) => outcome);
const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return {
    name: element.getAttribute('aria-label') ?? element.textContent.trim(),
    isMarked: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0,
  };
});

/** Waits until the page is there, with all that comes after the race, and answers with it. */
async function whole(page) {
  await expect.poll(() => page.has('button', 'Run'), 'Run').toBe(true);
  await page.whole();
  return page;
}

/** Presses Run and waits until both schedules have run; answers with the table's rows and the status. */
async function run(page) {
  await page.click('button', 'Run');
  const said = await page.says(/^Finished/);
  await expect.poll(() => outcomes(page)).toEqual(Array(10).fill('done'));
  return { said, rows: await page.timeline() };
}

/** A page after a short run. */
async function finished(page) {
  await whole(page);
  await run(page);
  return page;
}

const SHORT = '#preset=company&speed=8';

/** The tests, with an engine's `launch`. */
export function smoke(launch) {
  const test = inEngine(launch);

  test('what the smoke watches for is seen', async ({ listen, open }) => {
    const stranger = await listen(createServer((request, response) => response.end()));
    const page = await whole(await open('', { isJudged: false }));
    await page.evaluate((stranger) => {
      console.error('a console line');
      setTimeout(() => { throw new Error('an uncaught error'); });
      Promise.reject(new Error('a rejected promise'));
      // Forbidden by the policy.
      document.body.append(Object.assign(new Image(), { src: `${stranger}/forbidden.png` }));
      // Allowed by the policy, since a model may be anywhere, and a stranger's.
      fetch(`${stranger}/allowed`, { mode: 'no-cors' });
    }, stranger.origin);
    await expect.poll(() => page.account()).toMatchObject({
      errors: expect.arrayContaining([
        expect.stringContaining('an uncaught error'), expect.stringContaining('a rejected promise'),
      ]),
      console: expect.arrayContaining(['a console line']),
      violations: [expect.stringMatching(/^img-src.*forbidden/)],
      foreign: expect.arrayContaining([`${stranger.origin}/allowed`]),
    });
    await expect(page.finish()).rejects.toThrow(/an uncaught error/);
  });

  test('the first paint is there before the program, and Run with it', async ({ owner, open }) => {
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    const override = async (name) => { if (name.endsWith('.wasm')) await held; };
    const page = await open('', { site: await serveWatched(owner, { override }) });
    const shown = (role, name) => page.on([role, name], (element) => {
      const { width, height } = element.getBoundingClientRect();
      return { width, height };
    });
    const picture = await shown('img', 'Three researchers: the stage before the run');
    expect(picture.width).toBeGreaterThan(300);
    expect(picture.height).toBeGreaterThan(200);
    expect((await shown('heading')).height).toBeGreaterThan(20);
    await page.click('button', 'Run');
    await expect.poll(() => page.has('button', 'Starting')).toBe(true);
    release();
    // The program takes over, and begins with that run.
    await page.says(/^Finished: sequential \d\.\d s, parallel \d\.\d s/);
    expect(await page.evaluate(() => document.getElementById('first-paint'))).toBeNull();
  });

  test('Run runs both schedules, and the numbers agree', async ({ open }) => {
    const page = await whole(await open('#preset=company'));
    const { said, rows } = await run(page);
    const [, ...figures] = /^Finished: sequential ([\d.]+) s, parallel ([\d.]+) s, ([\d.]+) times faster/.exec(said);
    const [sequential, parallel, faster] = figures.map(Number);
    // A timer is never early; how late it is is up to the machine, and not up to this test.
    expect(makespan(rows, 'sequential')).toBeGreaterThanOrEqual(5.1 - 0.011);
    expect(makespan(rows, 'parallel')).toBeGreaterThanOrEqual(2.3 - 0.011);
    expect(Math.abs(sequential - makespan(rows, 'sequential'))).toBeLessThan(0.061);
    expect(Math.abs(parallel - makespan(rows, 'parallel'))).toBeLessThan(0.061);
    const ratio = makespan(rows, 'sequential') / makespan(rows, 'parallel');
    expect(Math.abs(faster - ratio)).toBeLessThan(0.061);
    const own = rows.filter(({ schedule }) => schedule === 'parallel');
    const synthesis = own.find(({ agent }) => agent === 'synthesis');
    const branches = own.filter((row) => row !== synthesis);
    const firstEnd = Math.min(...branches.map(({ end }) => end));
    for (const { agent, start } of branches) expect(start, agent).toBeLessThan(firstEnd);
    for (const { end } of branches) expect(synthesis.start).toBeGreaterThanOrEqual(end - 0.011);
  });

  test('every tab is there and shows the moment at the playhead', async ({ open }) => {
    const page = await finished(await open(SHORT));
    const COMPANY = ['news', 'stock', 'social', 'internal', 'synthesis'];
    /** What each agent is doing, as the tab that is open and the stage show it. */
    const phases = (tab) => page.evaluate((agents, tab) => {
      const shown = {
        Answers: (agent) => witness.find('region', agent).dataset.phase,
        Prompts: (agent) => document.querySelector(`.flow-node:has([title="${agent}"])`).dataset.phase,
      };
      return agents.map((agent, at) => [
        document.querySelectorAll('.track[data-kind=parallel] .lane')[at].dataset.phase,
        shown[tab](agent),
      ]);
    }, COMPANY, tab);
    const steps = () => page.evaluate(() =>
      [...witness.find('region', 'Event loop').querySelectorAll('[data-state]')].map(({ dataset }) => dataset.state));
    const lit = () => page.evaluate(() =>
      witness.find('region', 'Code').querySelectorAll('[aria-current=true]').length);
    const atTheEnd = {
      Answers: () => expect.poll(() => phases('Answers')).toEqual(COMPANY.map(() => ['done', 'done'])),
      Code: () => expect.poll(lit).toBe(0),
      'Event loop': () => expect.poll(async () => new Set(await steps())).toEqual(new Set(['done'])),
      Prompts: () => expect.poll(() => phases('Prompts')).toEqual(COMPANY.map(() => ['done', 'done'])),
      'What if': () => expect.poll(() => page.has('combobox', 'Schedule')).toBe(true),
      'Tail latency': () => expect.poll(() => page.has('slider', 'Quorum')).toBe(true),
      Runs: () => expect.poll(() => outcomes(page)).toEqual(Array(10).fill('done')),
    };
    const agreed = (tab) => async () =>
      (await phases(tab)).map((views) => new Set(views).size === 1 && views[0]);
    // An agent that starts at zero itself has done so, or is about to; in every view alike.
    const begun = COMPANY.map(() => expect.stringMatching(/^(running|waiting)$/));
    const atTheBeginning = {
      Answers: () => expect.poll(agreed('Answers')).toEqual(begun),
      'Event loop': () => expect.poll(steps).toContain('not yet'),
      Prompts: () => expect.poll(agreed('Prompts')).toEqual(begun),
    };
    for (const [tab, isShown] of Object.entries(atTheEnd)) {
      await page.click('tab', tab);
      const box = await page.box('region', tab);
      expect(box.width, tab).toBeGreaterThan(300);
      expect(box.height, tab).toBeGreaterThan(100);
      await isShown();
      await page.on(time, (slider) => slider.focus());
      await page.press('Home');
      await page.says(/^Running/);
      await atTheBeginning[tab]?.();
      await page.press('End');
      await page.says(/^Finished/);
      await isShown();
    }
    for (const [view, name] of [['flow', 'Flow'], ['loop', 'Event loop'], ['code', 'Code'], ['data', 'Prompts'], ['tail', 'Tail latency']]) {
      await page.evaluate((view) => { location.hash = `preset=company&view=${view}`; }, view);
      await expect.poll(() => page.has('region', 'Race'), `${view} alone`).toBe(false);
      await expect.poll(async () => (await page.box('region', name)).height, view).toBeGreaterThan(150);
      await expect.poll(() => page.has('button', 'Run')).toBe(true);
    }
  });

  test('the Time slider is dragged and moved by keys', async ({ open }) => {
    const page = await finished(await open(SHORT));
    const all = await output(page, 'synthesis');
    const { x, y, width, height } = await page.box(...time);
    const at = (part) => [x + width * part, y + height / 2];
    await page.drag(at(0.97), at(0.3), async () => {
      await expect.poll(() => share(page)).toBeLessThan(0.4);
    });
    expect(await share(page)).toBeGreaterThan(0.2);
    await page.says(/^Running/);
    await expect.poll(() => output(page, 'synthesis')).not.toBe(all);
    await page.press('Home');
    await expect.poll(() => now(page)).toBe(0);
    for (const [key, moved] of [['ArrowRight', 0.1], ['Shift+ArrowRight', 1.1], ['ArrowUp', 1.2],
      ['ArrowLeft', 1.1], ['Shift+ArrowLeft', 0.1], ['ArrowDown', 0], ['ArrowLeft', 0]]) {
      await page.press(key);
      await expect.poll(() => now(page), key).toBeCloseTo(moved, 2);
    }
    await page.press('End');
    await page.says(/^Finished/);
    await expect.poll(() => output(page, 'synthesis')).toBe(all);
  });

  test("a bar's end is dragged, and what is expected follows", async ({ open }) => {
    const page = await whole(await open('#preset=company'));
    const says = (sum) => expect.poll(() => page.on(['region', 'Race'], text)).toContain(sum);
    await page.click('button', 'Show expected');
    await page.click('button', 'Why?');
    await says('2.3 = max(1.2, 0.9, 0.7, 1.5) + 0.8');
    const { x, y, width, height } = await page.box(...bar);
    const plot = await page.on(bar, (element) => element.parentElement.getBoundingClientRect().x);
    const [middle, line] = [x + width / 2, y + height / 2];
    // By as many pixels as a second has on this axis: the bar is 1.5 s long.
    const second = (middle - plot) / 1.5;
    await page.drag([middle, line], [middle + second, line], async () => {
      await says('3.3 = max(1.2, 0.9, 0.7, 2.5) + 0.8');
      await says('6.1 = 1.2 + 0.9 + 0.7 + 2.5 + 0.8');
    });
    await expect.poll(() => length(page)).toBe('2.5');
    await expect.poll(() => page.evaluate(() => location.hash)).toContain('latency=internal');
    await page.on(bar, (element) => element.focus());
    await page.press('ArrowLeft');
    await says('3.2 = max(1.2, 0.9, 0.7, 2.4) + 0.8');
  });

  test('a live run streams, and Stop hangs up on the wire', async ({ startApi, open }) => {
    const long = { text: 'and so on, '.repeat(400), streamingProfile: { ttft: 50, tps: 20 } };
    const api = await startApi({ answers: [[/terms/i, 'neap, spring, slack water'], [/question|summar/i, long]] });
    const hash = `#preset=topic&schedule=parallel&provider=compatible&model=test&base_url=${api.baseUrl}`;
    const page = await whole(await open(hash, { allow: [api.origin] }));
    const key = 'sk-test-not-a-real-key';
    await page.click('button', 'Provider: OpenAI-compatible server');
    // A password field has no role.
    await expect.poll(() => page.evaluate(() => {
      document.querySelector('dialog[open] input[type=password]')?.focus();
      return document.activeElement.type;
    })).toBe('password');
    await page.type(key);
    await page.clickInDialog('button', 'Run');
    await expect.poll(() => api.calls.length).toBe(3);
    await expect.poll(() => output(page, 'summary')).toContain('and so on');
    await expect.poll(() => output(page, 'key_terms')).toContain('slack water');
    await page.click('button', 'Stop');
    await expect.poll(() => inFlight(api.calls), 'the server sees it').toEqual([]);
    expect(api.calls.filter(({ aborted }) => aborted)).toHaveLength(2);
    for (const { headers } of api.calls) expect(headers.authorization).toBe(`Bearer ${key}`);
    await page.says(/^Stopped/);
    await expect.poll(() => page.timeline()).toEqual(expect.arrayContaining([
      expect.objectContaining({ agent: 'key_terms', outcome: 'done' }),
      expect.objectContaining({ agent: 'questions', outcome: 'canceled' }),
      expect.objectContaining({ agent: 'summary', outcome: 'canceled' }),
    ]));
    expect(api.calls, 'nothing was called after that').toHaveLength(3);
  });

  test("a figure in somebody else's page takes its theme, keeps its room and runs", async ({ owner, site, open }) => {
    const prose = `<p>${'A figure stands in a text. '.repeat(6)}</p>`;
    const host = await serveHost(owner, {
      root: 'data-theme="dark"',
      body: `<script>
          window.heard = [];
          for (const type of ['ready', 'start', 'end']) {
            addEventListener('converge:' + type, ({ detail }) => heard.push({ type, detail }), true);
          }
        </script>${prose}<converge-demo view="race" speed="4"></converge-demo>${prose}
        <script async src="${site.url}embed.js"></script>`,
    });
    const page = await open('', { site: host, allow: [site.origin] });
    /** What the figure has told of that kind. */
    const heard = (type) => page.evaluate((type) =>
      window.heard.filter((event) => event.type === type).map(({ detail }) => detail), type);
    await expect.poll(() => heard('ready')).toEqual([{ preset: 'researchers', provider: 'simulated' }]);
    const theme = () => page.evaluateInFrame(() => {
      const root = document.documentElement;
      return [root.dataset.theme, getComputedStyle(root).colorScheme];
    });
    await expect.poll(theme).toEqual(['dark', 'dark']);
    const ink = () => page.evaluateInFrame(() => getComputedStyle(document.body).color);
    const dark = await ink();
    await page.evaluate(() => { document.documentElement.dataset.theme = 'light'; });
    await expect.poll(theme).toEqual(['light', 'light']);
    await expect.poll(ink).not.toBe(dark);

    const kept = () => page.evaluate(() => document.querySelector('converge-demo').offsetHeight);
    const needed = () => page.evaluateInFrame(() => document.body.offsetHeight);
    await expect.poll(async () => (await kept()) - (await needed())).toBeGreaterThanOrEqual(0);
    await page.clickInFrame('button', 'Run');
    await expect.poll(() => heard('end')).toHaveLength(1);
    const [detail] = await heard('end');
    const { sequential, parallel } = detail.schedules;
    expect([sequential.outcome, parallel.outcome]).toEqual(['done', 'done']);
    expect(sequential.makespan_ms).toBeGreaterThanOrEqual(4400 - 11);
    expect(parallel.makespan_ms).toBeGreaterThanOrEqual(2300 - 11);
    expect(detail.speedup).toBeCloseTo(sequential.makespan_ms / parallel.makespan_ms, 9);
    // Out of view it becomes as high as it is.
    await page.evaluate(() => {
      document.body.style.paddingBottom = '9000px';
      scrollTo(0, 8000);
    });
    await expect.poll(async () => Math.abs((await kept()) - (await needed()))).toBeLessThanOrEqual(1);
  });

  test('a link gives the edited pipeline to whoever opens it', async ({ site, open }) => {
    const page = await whole(await open('#preset=company'));
    const says = async (page) => {
      const editor = () => page.on(['region', 'Editor'], text);
      await expect.poll(editor).toContain('Expected: sequential 5.1 s, parallel 2.9 s.');
      await expect.poll(editor).toContain('news waits for stock: its prompt reads {stock}.');
    };
    /** The prompt of the first agent, which the editor shows open, and gives the focus to. */
    const prompt = (page) => page.on(['group', 'news'], (group) => {
      const field = witness.find('textbox', 'Prompt', group);
      field.focus();
      return field.value;
    });
    await page.click('tab', 'Prompts');
    await page.click('button', 'Edit pipeline');
    const before = await prompt(page);
    await page.press('Control+End');
    await page.type(' Mind {stock}.');
    await says(page);
    await expect.poll(() => prompt(page)).toBe(`${before} Mind {stock}.`);
    await page.click('button', 'Share');
    const shown = () => page.on(['textbox', 'Link to this state'], (field) => field.value);
    await expect.poll(shown).toMatch(/#.*\bp=2company\./);
    const link = await shown();
    await page.finish();

    expect(link.startsWith(site.url)).toBe(true);
    const other = await whole(await open(link.slice(site.url.length)));
    await other.click('tab', 'Prompts');
    await other.click('button', 'Edit pipeline');
    await says(other);
    await expect.poll(() => prompt(other)).toBe(`${before} Mind {stock}.`);
  });

  test('runs are kept in the browser, and opened again after a reload', async ({ open }) => {
    const page = await whole(await open(`${SHORT}&tab=runs`));
    const { said, rows } = await run(page);
    const runs = () => page.evaluate(() => {
      const history = witness.find('region', 'Runs');
      const list = history && witness.find('list', 'Earlier runs', history);
      return list ? [...list.children].map((item) => item.textContent) : [];
    });
    await expect.poll(runs).toHaveLength(1);
    // What one look asks the storage for is there in the next one.
    await expect.poll(() => page.evaluate(() => {
      const request = indexedDB.open('converge');
      request.onsuccess = () => {
        const keys = request.result.transaction('runs').objectStore('runs').getAllKeys();
        keys.onsuccess = () => {
          window.stored = keys.result.length;
          request.result.close();
        };
      };
      return window.stored;
    })).toBe(1);
    await page.reload();
    await whole(page);
    await expect.poll(runs).toHaveLength(1);
    const [kept] = await runs();
    const [, figures] = /(sequential [\d.]+ s, parallel [\d.]+ s)/.exec(said);
    expect(kept).toContain(figures);
    await page.click('button', 'Open');
    await expect.poll(() => page.timeline()).toEqual(rows);
    await page.says(/^Finished/);
  });

  test('a run by keys only, from the top of the page', async ({ open }) => {
    const page = await whole(await open(SHORT));
    const tabTo = async (name, key = 'Tab') => {
      for (let presses = 0; presses < 60; presses += 1) {
        await page.press(key);
        const here = await focused(page);
        if (here.name !== name) continue;
        expect(here.isMarked, `the focus on ${name} shows`).toBe(true);
        return;
      }
      throw new Error(`${key} never came to ${name}`);
    };
    await tabTo('Run');
    await page.press('Enter');
    await page.says(/^Finished/);
    await tabTo('Time');
    await page.press('Home');
    await page.says(/^Running/);
    await page.press('End');
    await page.says(/^Finished/);
    await tabTo('internal', 'Shift+Tab');
    await page.press('Shift+ArrowRight');
    await expect.poll(() => length(page)).toBe('2.5');
  });
}
