// A page around a figure that sends more than anyone could read, and a reader who stops at any moment.

import { startEndless } from './lib/endless.mjs';
import { demo, heard } from './lib/host.mjs';
import { button, ready, status } from './lib/page.mjs';
import { slowness, tasks } from './lib/tasks.mjs';
import { expect, measured, test, TIMING } from './lib/test.mjs';

/** Sends `perBatch` messages every 10 ms, so many batches, and a last one whose topic is "the last". */
const flood = (page, { batches, perBatch, length }) => page.evaluate(async ({ batches, perBatch, length }) => {
  const frame = document.querySelector('converge-demo').shadowRoot.querySelector('iframe').contentWindow;
  const long = 'x'.repeat(length);
  const odd = [null, 7, 'converge:run', [], {}, { type: 'converge:' }, { type: 'converge:set', topic: {} },
    { type: 'converge:set', provider: 'openai', base_url: 'https://evil.example' }];
  for (let batch = 0; batch < batches; batch += 1) {
    for (let n = 0; n < perBatch; n += 1) {
      const message = n % 4 === 0 ? odd[(n / 4) % odd.length]
        : { type: 'converge:set', topic: `topic ${batch} ${n}`, latency: `news:${(n % 9) + 1}`, p: long, seed: long };
      frame.postMessage(message, '*');
    }
    await new Promise((done) => { setTimeout(done, 10); });
  }
  frame.postMessage({ type: 'converge:set', topic: 'the last', latency: 'news:2', p: null }, '*');
}, { batches, perBatch, length });

const topic = (page) => page.frame().getByLabel('Topic', { exact: true });

test.describe('a flood of messages', () => {
  for (const length of [20, 20_000]) {
    test(`with values of ${length} characters ends where the last one says`, async ({ openHost }) => {
      const page = await openHost(() => demo('preset="company" view="lab" autoplay="0"'));
      await heard(page, 'ready');
      await flood(page, { batches: 50, perBatch: 100, length });
      await expect(topic(page)).toHaveValue('the last');
      if (length > 1_000) {
        await expect(page.frame().getByText(/sends more messages than can be read/)).toBeAttached();
      }
      await expect(page.frame().getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
      await page.locator('converge-demo').evaluate((node) => node.run());
      await heard(page, 'end');
    });
  }

  test('of 10,000 a second for three seconds leaves the figure quick to answer', { tag: TIMING }, async ({ openHost }) => {
    const page = await openHost(() => demo('preset="company" view="lab"'));
    await heard(page, 'ready');
    const slow = await slowness(page);
    const { longest, count } = await tasks(page, async () => {
      await flood(page, { batches: 300, perBatch: 100, length: 20 });
      await expect(topic(page)).toHaveValue('the last');
    });
    measured(`longest task ${longest.toFixed(0)} ms of ${count}`);
    expect(longest).toBeLessThan(100 * slow);
  });
});

/** Numbers that look random and are the same in every run. */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test.describe('a hundred stops at random moments', () => {
  test.describe.configure({ timeout: 600_000 });

  /** Presses Run, waits for a random while, and presses Stop where the run still goes on. */
  const press = async (page, times) => {
    const next = random(15);
    for (let time = 0; time < times; time += 1) {
      await button(page, 'Run').click();
      const said = await page.evaluate(async (ms) => {
        const named = (name) => [...document.querySelectorAll('button')].find((one) => one.textContent === name);
        const pause = (length) => new Promise((done) => { setTimeout(done, length); });
        await pause(ms);
        named('Stop')?.click();
        // A press shows in the next frame. The runner's own limit ends this where it never comes.
        const told = () => document.querySelector('[role=status]').innerText;
        while (!named('Run') || told().startsWith('Press Run')) await pause(5);
        return told();
      }, next() * 120);
      expect(said, `after ${time + 1} times`).toMatch(/^(Stopped|Finished|Failed)/);
    }
  };

  test('leave a simulated race as it was', async ({ open }) => {
    const page = await open('#preset=company&speed=8&latency=*:0.4,synthesis:0.2');
    await ready(page);
    await press(page, 100);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished: sequential/);
  });

  test('leave no call of a live run open', async ({ open, owner }) => {
    const server = await startEndless(owner, () => ({ piece: 'word ', times: 20, every: { pieces: 1, ms: 3 } }));
    const page = await open(`#preset=topic&schedule=parallel&provider=compatible&model=m&base_url=${server.baseUrl}`,
      { allow: [server.origin] });
    await ready(page);
    await press(page, 100);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
  });
});
