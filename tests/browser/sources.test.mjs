// What Gemini's answers rest on: sources as harmless links, search suggestions as they came.

import { readable } from './lib/api.mjs';
import { violations } from './lib/axe.mjs';
import { button, giveKey, ready, status } from './lib/page.mjs';
import { expect, test as base } from './lib/test.mjs';

/** In the form in which Google sends them, with what nobody should run. */
const SUGGESTIONS = `<style>.chip { color: rgb(1, 2, 3); border-radius: 9px }</style>
<div class="container"><a class="chip" href="https://search.example/q">tandem cells</a>
<img src="https://elsewhere.example/x.png" onerror="top.hacked = 1"><script>top.hacked = 1</script></div>`;

const SOURCES = [
  { title: 'energy.example', uri: 'https://energy.example/a?b=c' },
  { title: 'a script', uri: 'javascript:top.hacked=1' },
  { title: '', uri: 'http://plain.example/' },
];

const test = base.extend({
  /** Speaks Gemini's format: grounded for whoever asks for the search, plain for the others. */
  startGemini: ({ listen }, use) => use(async () => {
    const calls = [];
    const server = readable((request, response) => {
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
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.end(`data: ${JSON.stringify({ candidates: [candidate], usageMetadata })}\r\n\r\n`);
      });
      return undefined;
    });
    return { ...(await listen(server)), calls };
  }),
});

test.describe('grounding', () => {
  test('each researcher searches, and shows what it found', async ({ startGemini, open }) => {
    const api = await startGemini();
    const hash = `#preset=researchers&schedule=parallel&provider=gemini&base_url=${api.origin}/v1beta`;
    // What the frame with the suggestions wants and is refused, in the browser's words.
    const expected = [/Content Security Policy/, /sandboxed/];
    const page = await open(hash, { allow: [api.origin], expected });
    await ready(page);
    await giveKey(page, 'AIza-test');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    const tools = api.calls.map((body) => JSON.stringify(body.tools ?? null));
    expect(tools.sort()).toEqual(['[{"googleSearch":{}}]', '[{"googleSearch":{}}]', '[{"googleSearch":{}}]', 'null']);

    const card = page.getByRole('region', { name: 'EVResearcher', exact: true });
    await card.getByRole('button', { name: 'Show all', exact: true }).click();
    const items = card.getByRole('list', { name: 'Sources of EVResearcher' }).getByRole('listitem');
    await expect(items).toHaveText(['energy.example', 'a script', 'http://plain.example/']);
    const links = await items.getByRole('link').evaluateAll((all) => all.map((link) =>
      [link.getAttribute('href'), link.target, link.rel]));
    const rel = 'noopener noreferrer nofollow';
    expect(links).toEqual([[SOURCES[0].uri, '_blank', rel], [SOURCES[2].uri, '_blank', rel]]);
    await card.getByText('Searched: tandem cells').waitFor();

    const frame = card.locator('iframe');
    await expect(frame, 'a policy of its own').toHaveAttribute('srcdoc', /default-src 'none'/);
    await expect(frame).not.toHaveAttribute('sandbox', /scripts|forms|top-navigation/);
    const chip = frame.contentFrame().getByRole('link', { name: 'tandem cells' });
    // Its own style holds, though the page's policy forbids style elements.
    await expect(chip).toHaveCSS('border-radius', '9px');
    expect(await page.evaluate(() => window.hacked), 'and nothing ran').toBe(undefined);
    await expect(page.getByRole('region', { name: 'SynthesisAgent' }).locator('iframe')).toHaveCount(0);
    expect(await violations(page, { iframes: false })).toEqual([]);
  });
});
