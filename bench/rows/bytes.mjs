// What a visit takes from the network, with brotli. The rivals are what their users' pages have to
// load before any of their own code; two are whole pages, as others have published them.

import { demo, openHost } from '../../tests/browser/lib/host.mjs';
import { BUDGETS, untilAllIsOpen, untilFigureEnded, untilFinished } from '../../tests/browser/lib/wire.mjs';
import { serveSite } from '../../tests/browser/lib/site.mjs';
import { visit } from '../lib/chrome.mjs';
import { row } from '../lib/table.mjs';

const KILO = 1000;

export async function measure({ sizes }) {
  const libraries = {
    'LangChain.js': [sizes['langchain.js'] / KILO],
    'Vercel AI SDK': [sizes['vercel.js'] / KILO],
  };
  const pages = { 'TensorFlow Playground': 103, 'visual-effect': 318 };
  const part = (figure, bytes, most) => row({
    figure,
    unit: 'KB',
    ours: [bytes / KILO],
    rivals: libraries,
    published: pages,
    goal: `below ${most / KILO}`,
    reached: (ours) => ours < most / KILO,
  });
  const site = await serveSite(undefined, { cached: true });
  const page = await visit(site.url);
  const first = await untilFinished(page, site);
  const everything = await untilAllIsOpen(page, site);
  await page.leave();
  await site.close();
  // What an article's reader loads: the figure alone.
  const host = await openHost(undefined, () => demo('view="race"'), {
    site: await serveSite(undefined, { cached: true }),
  });
  const embedded = await untilFigureEnded(host);
  await host.leave();
  await host.site.close();
  return [
    part('bytes of a first visit, to a finished race', first, BUDGETS.first),
    part('bytes of the race as a figure, to its end', embedded, BUDGETS.figure),
    part('bytes with every view opened', everything, BUDGETS.everything),
  ];
}
