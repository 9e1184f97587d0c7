// What a live call costs besides itself: the browser asks a server of another origin for leave, and
// remembers the answer for as long as the server says. Not opened as the other tests do, because
// playwright answers such questions itself where it watches requests.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, test } from 'node:test';
import { until } from './lib/api.mjs';
import { launch, quit } from './lib/browser.mjs';
import { FORMATS } from './lib/formats.mjs';
import { button, ready, statusSays } from './lib/page.mjs';
import { listen, serveSite } from './lib/site.mjs';

after(quit);

describe('a live call', () => {
  test('goes out at once where the server has given leave before', async (t) => {
    const asked = [];
    const { text, end } = FORMATS.openai;
    const server = createServer((request, response) => {
      asked.push(request.method);
      const leave = {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '*',
        'Access-Control-Max-Age': '600',
      };
      request.resume();
      if (request.method === 'OPTIONS') return response.writeHead(204, leave).end();
      response.writeHead(200, { ...leave, 'Content-Type': 'text/event-stream' });
      return response.end(text('An answer.') + end());
    });
    const { origin } = await listen(t, server);
    const site = await serveSite(t);
    const context = await (await launch()).newContext({ locale: 'en-GB' });
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`${site.url}#preset=topic&schedule=parallel&provider=compatible&model=test`
      + `&base_url=${origin}/v1`);
    await ready(page);
    await page.getByLabel('API key', { exact: true }).fill('sk-test-5f1c9e-not-a-real-key');
    for (const run of ['first', 'second']) {
      asked.length = 0;
      await button(page, 'Run').click();
      const count = (wanted) => asked.filter((method) => method === wanted).length;
      await until(`the ${run} run's calls`, () => count('POST') === 4);
      await statusSays(page, /^Finished/);
      const questions = count('OPTIONS');
      if (run === 'second') assert.equal(questions, 0, 'questions before the second run');
      else assert.ok(questions > 0, 'the browser asks for leave');
    }
  });
});
