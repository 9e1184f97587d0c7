// The recipes of docs/embedding.md, as far as their tools are here: what each makes of the same text
// goes into a page of its own, where the figure has to live and its link to work.
//
// MDX is compiled and rendered by the libraries that Docusaurus and Astro use. kramdown.html is what
// kramdown 2.4.0, Jekyll's Markdown, has made of figure.md. mdBook's Markdown parser is tried on the
// host (tests/host/embed.rs).

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { evaluate } from '@mdx-js/mdx';
import { createElement } from 'react';
import * as runtime from 'react/jsx-runtime';
import { renderToStaticMarkup } from 'react-dom/server';
import { finish, quit } from './lib/browser.mjs';
import { heard, openHost } from './lib/host.mjs';

after(quit);

const file = (name) => readFile(new URL(`recipes/${name}`, import.meta.url), 'utf8');

const TOOLS = {
  'MDX, rendered by React': async () => {
    const { default: Content } = await evaluate(await file('figure.mdx'), runtime);
    return renderToStaticMarkup(createElement(Content));
  },
  "Jekyll's kramdown": () => file('kramdown.html'),
};

describe('a figure in what comes of', () => {
  for (const [tool, write] of Object.entries(TOOLS)) {
    test(tool, async (t) => {
      const html = await write();
      const page = await openHost(t, (url) => html.replaceAll('https://HOST/', url), { script: '' });
      await heard(page, 'ready');
      await page.getByRole('link', { name: 'the news takes ten seconds' }).click();
      await page.frame().getByText('13.9').first().waitFor();
      assert.equal(await page.locator('converge-demo').count(), 1);
      await finish(page);
    });
  }
});
