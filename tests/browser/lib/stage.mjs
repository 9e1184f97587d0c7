// The stage as tests find it, and its playhead.

import { expect } from '@playwright/test';

export const time = (page) => page.getByRole('slider', { name: 'Time', exact: true });
export const race = (page) => page.getByRole('region', { name: 'Race', exact: true });

/** Moves the playhead to that moment, in seconds, and waits until it is drawn there. */
export async function seek(page, seconds) {
  await time(page).evaluate((slider, at) => {
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    set.call(slider, String(at));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }, seconds);
  await expect.poll(async () => Math.abs(Number(await time(page).inputValue()) - seconds)).toBeLessThan(0.011);
  await page.evaluate(() => new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); }));
}
