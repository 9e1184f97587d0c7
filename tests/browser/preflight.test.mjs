// What a live call costs besides itself: the browser asks a server of another origin for leave, and
// remembers the answer for as long as the server says. Not opened as the other tests do, because
// playwright answers such questions itself where it watches requests.

import { createServer } from 'node:http';
import { FORMATS } from './lib/formats.mjs';
import { button, giveKey, ready, status } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

test.describe('a live call', () => {
  test('goes out at once where the server has given leave before', async ({ browser, listen, site }) => {
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
    const { origin } = await listen(server);
    const page = await browser.newPage({ locale: 'en-GB' });
    await page.goto(`${site.url}#preset=topic&schedule=parallel&provider=compatible&model=test`
      + `&base_url=${origin}/v1`);
    await ready(page);
    await giveKey(page, 'sk-test-5f1c9e-not-a-real-key');
    for (const run of ['first', 'second']) {
      asked.length = 0;
      await button(page, 'Run').click();
      const count = (wanted) => asked.filter((method) => method === wanted).length;
      await expect.poll(() => count('POST'), `calls of the ${run} run`).toBe(4);
      await expect(status(page)).toHaveText(/^Finished/);
      if (run === 'second') expect(count('OPTIONS'), 'questions before the second run').toBe(0);
      else expect(count('OPTIONS'), 'the browser asks for leave').toBeGreaterThan(0);
    }
    await page.close();
  });
});
