// The recipes of docs/embedding.md: in what a tool makes of a page that has the figure put into it as the
// recipe says, the figure has to live, its link to work, and the tool's own switch of themes to be
// followed.
//
// `cargo xtask test --browser` builds the sites of recipes/ with the tools themselves: mdBook, Astro with
// Starlight, MkDocs with Material, Sphinx with MyST and PyData's theme. Of others there is what a part of
// them makes: MDX, compiled and rendered by the libraries that Docusaurus uses; kramdown.html is what
// kramdown 2.4.0, Jekyll's Markdown, has made of figure.md, and pandoc.html what pandoc 3.9, Quarto's, has
// made of figure.qmd.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluate } from '@mdx-js/mdx';
import { createElement } from 'react';
import * as runtime from 'react/jsx-runtime';
import { renderToStaticMarkup } from 'react-dom/server';
import { heard } from './lib/host.mjs';
import { expect, test } from './lib/test.mjs';

/** Where the sites are built. */
const BUILT = process.env.CONVERGE_RECIPES
  ?? fileURLToPath(new URL('../../target/recipes', import.meta.url));

const file = (name) => readFile(new URL(`recipes/${name}`, import.meta.url), 'utf8');

/** What is the same in all of them. */
async function isAlive(page) {
  await page.locator('converge-demo').scrollIntoViewIfNeeded();
  await heard(page, 'ready');
  await page.getByRole('link', { name: 'the news takes ten seconds' }).click();
  await page.frame().getByText('10.0 s').first().waitFor();
  await expect(page.locator('converge-demo')).toHaveCount(1);
}

const SITES = {
  mdBook: {
    path: 'mdbook/figure.html',
    turn: async (page, theme) => {
      const choice = page.locator(`#mdbook-theme-${theme === 'dark' ? 'navy' : 'light'}`);
      // The menu stays open after a choice.
      if (!await choice.isVisible()) await page.locator('#mdbook-theme-toggle').click();
      await choice.click();
    },
  },
  'Astro with Starlight': {
    path: 'starlight/index.html',
    turn: (page, theme) => page.locator('starlight-theme-select select').first().selectOption(theme),
  },
  'MkDocs with Material': {
    path: 'material/index.html',
    turn: (page) => page.locator('label.md-header__button[for^=__palette]:not([hidden])').click(),
  },
  "Sphinx with MyST and PyData's theme": {
    path: 'pydata/index.html',
    // What the theme itself says on a first visit.
    says: [/Got invalid theme mode/],
    turn: async (page, theme) => {
      await page.locator('.theme-switch-button:visible').click();
      await page.locator(`[data-mode=${theme}]:visible`).last().click();
    },
  },
};

test.describe('a figure in a site of', () => {
  for (const [tool, { path, turn, says: expected }] of Object.entries(SITES)) {
    test(tool, async ({ openFolder }) => {
      const [folder, name] = path.split('/');
      const page = await openFolder(join(BUILT, folder), name, {
        expected, colorScheme: 'light', viewport: { width: 1280, height: 900 },
      });
      await isAlive(page);
      for (const theme of ['dark', 'light']) {
        await turn(page, theme);
        await page.frame().locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
      }
    });
  }
});

const MARKUP = {
  'MDX, rendered by React': async () => {
    const { default: Content } = await evaluate(await file('figure.mdx'), runtime);
    return renderToStaticMarkup(createElement(Content));
  },
  "Jekyll's kramdown": () => file('kramdown.html'),
  "Quarto's pandoc": () => file('pandoc.html'),
};

test.describe('a figure in what comes of', () => {
  for (const [tool, write] of Object.entries(MARKUP)) {
    test(tool, async ({ openHost }) => {
      const html = await write();
      const page = await openHost((url) => html.replaceAll('https://HOST/', url), { script: '' });
      await isAlive(page);
    });
  }
});
