// What Gemini's answers rest on: sources as harmless links, search suggestions as they came.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, test } from 'node:test';
import axe from 'axe-core';
import { finish, open, quit } from './lib/browser.mjs';
import { button, ready, statusSays } from './lib/page.mjs';
import { listen, serveSite } from './lib/site.mjs';

/** In the form in which Google sends them, with what nobody should run. */
const SUGGESTIONS = `<style>.chip { color: rgb(1, 2, 3); border-radius: 9px }</style>
<div class="container"><a class="chip" href="https://search.example/q">tandem cells</a>
<img src="https://elsewhere.example/x.png" onerror="top.hacked = 1"><script>top.hacked = 1</script></div>`;

const SOURCES = [
  { title: 'energy.example', uri: 'https://energy.example/a?b=c' },
  { title: 'a script', uri: 'javascript:top.hacked=1' },
  { title: '', uri: 'http://plain.example/' },
];

/** Speaks Gemini's format: grounded for whoever asks for the search, plain for the others. */
async function startGemini(t) {
  const calls = [];
  const server = createServer((request, response) => {
    const headers = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '*',
      'Content-Type': 'text/event-stream',
    };
    if (request.method === 'OPTIONS') return response.writeHead(204, headers).end();
    let text = '';
    request.on('data', (chunk) => { text += chunk; });
    request.on('end', () => {
      const body = JSON.parse(text);
      calls.push(body);
      const groundingMetadata = body.tools && {
        groundingChunks: SOURCES.map((web) => ({ web })),
        webSearchQueries: ['tandem cells'],
        searchEntryPoint: { renderedContent: SUGGESTIONS },
      };
      const parts = [{ text: body.tools ? 'Found it.' : '## Report' }];
      const candidate = { content: { parts }, finishReason: 'STOP', groundingMetadata };
      const usageMetadata = { promptTokenCount: 40, candidatesTokenCount: 10 };
      response.writeHead(200, headers);
      response.end(`data: ${JSON.stringify({ candidates: [candidate], usageMetadata })}\r\n\r\n`);
    });
    return undefined;
  });
  return { ...(await listen(t, server)), calls };
}

after(quit);

describe('grounding', () => {
  test('each researcher searches, and shows what it found', async (t) => {
    const api = await startGemini(t);
    const hash = `#preset=researchers&schedule=parallel&provider=gemini&base_url=${api.origin}/v1beta`;
    const page = await open(t, await serveSite(t), hash, { allow: [api.origin] });
    await ready(page);
    await page.getByLabel('API key', { exact: true }).fill('AIza-test');
    await button(page, 'Run').click();
    await statusSays(page, /^Finished/);
    const tools = api.calls.map((body) => JSON.stringify(body.tools ?? null));
    assert.deepEqual(tools.sort(), ['[{"googleSearch":{}}]', '[{"googleSearch":{}}]', '[{"googleSearch":{}}]', 'null']);

    const card = page.getByRole('region', { name: 'EVResearcher', exact: true });
    const items = card.getByRole('list', { name: 'Sources of EVResearcher' }).getByRole('listitem');
    assert.deepEqual(await items.allInnerTexts(), ['energy.example', 'a script', 'http://plain.example/']);
    const links = await items.getByRole('link').evaluateAll((all) => all.map((link) =>
      [link.getAttribute('href'), link.target, link.rel]));
    const rel = 'noopener noreferrer nofollow';
    assert.deepEqual(links, [[SOURCES[0].uri, '_blank', rel], [SOURCES[2].uri, '_blank', rel]]);
    await card.getByText('Searched: tandem cells').waitFor();

    const frame = card.locator('iframe');
    assert.equal(await frame.getAttribute('srcdoc'), SUGGESTIONS, 'unmodified');
    assert.doesNotMatch(await frame.getAttribute('sandbox'), /scripts|forms|top-navigation/);
    const chip = frame.contentFrame().getByRole('link', { name: 'tandem cells' });
    await chip.waitFor();
    // Its own style holds, though the page's policy forbids style elements.
    await page.waitForFunction(() => {
      const chip = document.querySelector('iframe.suggestions').contentDocument.querySelector('.chip');
      return getComputedStyle(chip).borderRadius === '9px';
    });
    assert.equal(await page.evaluate(() => window.hacked), undefined, 'and nothing ran');
    assert.equal(await page.getByRole('region', { name: 'SynthesisAgent' }).locator('iframe').count(), 0);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run(document, { iframes: false }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
    // What the frame wanted and was refused, in the browser's words.
    await finish(page, [/Content Security Policy/, /sandboxed/]);
  });
});
