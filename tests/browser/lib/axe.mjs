// What axe finds in a page, for every test that asks.

import axe from 'axe-core';

/**
 * What axe objects to in a page or a frame, one line each. It comes in through the debugger, so the
 * policy stays on. `within` is a selector of the part that it looks at, `iframes: false` leaves out what
 * is in frames.
 */
export async function violations(target, { within, iframes = true } = {}) {
  await target.evaluate(axe.source);
  // Selectors and pieces of HTML for what is as it should be would take three quarters of the time.
  const found = await target.evaluate(([within, iframes]) =>
    window.axe.run(within ?? document, { iframes, resultTypes: ['violations'] }), [within, iframes]);
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) =>
    `${id}: ${help}: ${node.target.join(' ')}: ${node.any[0]?.message ?? ''}: ${node.html.slice(0, 120)}`));
}
