import { open, quit } from './lib/browser.mjs';
import { serveSite } from './lib/site.mjs';
const steps = [];
const site = await serveSite({ after: (s) => steps.push(s) });
const which = process.argv.slice(2);
async function shot(name, hash, opts, act) {
  if (which.length && !which.some((w) => name.includes(w))) return;
  const page = await open(undefined, site, hash, opts);
  try {
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor({ timeout: 60000 });
    await page.waitForTimeout(400);
    await act?.(page);
    await page.screenshot({ path: `/tmp/shots-view/${name}.png` });
  } catch (e) { console.log(name, String(e).slice(0, 300)); await page.screenshot({ path: `/tmp/shots-view/${name}-err.png` }); }
  for (const e of page.account.errors) console.log(name, 'ERR', e.slice(0, 400));
  for (const e of page.account.console) console.log(name, e.type, e.text.slice(0, 400));
  await page.context().close();
}
const run = async (page) => { await page.getByRole('button', { name: 'Run', exact: true }).click(); };
const ended = async (page) => { await run(page); await page.waitForFunction(() => /^(Finished|Failed|Stopped)/.test(document.querySelector('[role=status]')?.textContent ?? ''), null, { timeout: 60000 }); await page.waitForTimeout(700); };
const seek = (s) => async (page) => { await ended(page); await page.evaluate((at) => { const sl = document.querySelector('.time'); Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(sl, String(at)); sl.dispatchEvent(new Event('input', { bubbles: true })); }, s); await page.waitForTimeout(200); };
const W = { viewport: { width: 1280, height: 800 } }, D = { ...W, colorScheme: 'dark' }, M = { viewport: { width: 768, height: 900 } }, N = { viewport: { width: 360, height: 740 } };
await shot('w-idle', '#', W);
await shot('w-expected', '#', W, (p) => p.getByRole('button', { name: 'Show expected' }).click());
await shot('w-finished', '#speed=4', W, ended);
await shot('w-mid', '#speed=4', W, seek(1.3));
await shot('w-join', '#speed=1', W, seek(1.75));
await shot('d-finished', '#speed=4', D, ended);
await shot('d-mid', '#speed=4', D, seek(1.3));
await shot('m-finished', '#speed=4&preset=company', M, ended);
await shot('n-idle', '#', N);
await shot('n-finished', '#speed=4', N, ended);
await shot('n-mid', '#speed=4', N, seek(1.3));
await shot('e720', '#embed=1&view=race&speed=4', { viewport: { width: 720, height: 430 } }, ended);
await shot('e360', '#embed=1&view=race&speed=4', { viewport: { width: 360, height: 500 } }, ended);
await shot('w-failed', '#preset=company&fail=stock:500@0.4&speed=2', W, ended);
await shot('w-limit', '#preset=company&limit=2&speed=4', W, ended);
await shot('w-block', '#preset=company&block=news&speed=1', W, ended);
await shot('w-crowd', '#preset=fanout&n=1000&schedule=parallel', W, ended);
await shot('w-fan12', '#preset=fanout&n=12&speed=8', W, ended);
await shot('w-guess', '#', W, (p) => p.getByRole('button', { name: /^Guess/ }).click());
await shot('w-loopview', '#view=loop&speed=4', W, ended);
await shot('w-scrolled', '#speed=4', { viewport: { width: 1280, height: 420 } }, async (p) => { await run(p); await p.evaluate(() => scrollTo(0, document.body.scrollHeight)); await p.waitForTimeout(800); });
await quit();
for (const s of steps) await s();
