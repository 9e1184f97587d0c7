import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';

export default defineConfig({
  integrations: [starlight({
    title: 'A site with a figure',
    pagefind: false,
    disable404Route: true,
    head: [{ tag: 'script', attrs: { src: 'https://HOST/embed.js', async: true } }],
  })],
});
