// A host that came with a link: it is accepted exactly as it is shown, by the reader alone, for one
// provider, and until it changes. What is not encrypted is called so, and refused for a vendor's own.

import { button, openAdvanced, ready, status } from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const KEY = 'sk-test-5f1c9e-not-a-real-key';
const at = (page) => page.getByLabel('Base URL', { exact: true });
const key = (page) => page.getByLabel('API key', { exact: true });
const trust = (page, host) => button(page, `I trust ${host}`);
const linked = (url, provider = 'compatible') =>
  `#preset=topic&schedule=parallel&provider=${provider}&model=m&base_url=${url}`;
const follow = (page, hash) => page.evaluate((hash) => { location.hash = hash; }, hash);
const asked = (page) => page.account.requests.filter((url) => url.includes('models.example'));

test.describe('a host that came with a link', () => {
  for (const [how, change] of [
    ['a slash at its end', (page) => at(page).press('/')],
    ['a letter of its path', (page) => at(page).press('x')],
    ['another scheme', (page) => at(page).fill('http://models.example:8443/v1')],
    ['another port', (page) => at(page).fill('https://models.example:8444/v1')],
    ['no port', (page) => at(page).fill('https://models.example/v1')],
  ]) {
    test(`is not accepted by typing ${how}`, async ({ open }) => {
      const page = await open(linked('https://models.example:8443/v1'));
      await ready(page);
      await openAdvanced(page);
      await trust(page, 'models.example:8443').waitFor();
      await at(page).focus();
      await page.keyboard.press('End');
      await change(page);
      await key(page).fill(KEY);
      await page.getByRole('button', { name: /^I trust (http:\/\/)?models\.example/ }).waitFor();
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/models\.example\S*\. Accept the host first/);
      expect(asked(page)).toEqual([]);
    });
  }

  test('is accepted as it is shown, and no longer when any part of that changes', async ({ open }) => {
    const here = 'https://models.example:8443/v1';
    const page = await open(linked(here));
    await ready(page);
    await trust(page, 'models.example:8443').click();
    await expect(trust(page, 'models.example:8443')).toHaveCount(0);
    for (const [other, shown] of [
      ['https://models.example/v1', 'models.example'],
      ['https://models.example:444/v1', 'models.example:444'],
      ['http://models.example:8443/v1', 'http://models.example:8443'],
      ['https://other.example:8443/v1', 'other.example:8443'],
    ]) {
      await follow(page, linked(other));
      await trust(page, shown).waitFor();
      // What was accepted is not any more, once it was left.
      await follow(page, linked(here));
      await trust(page, 'models.example:8443').click();
      await expect(trust(page, 'models.example:8443')).toHaveCount(0);
    }
  });

  test('is accepted for one provider', async ({ open }) => {
    const page = await open(linked('https://models.example/v1'));
    await ready(page);
    await trust(page, 'models.example').click();
    await expect(trust(page, 'models.example')).toHaveCount(0);
    await follow(page, linked('https://models.example/v1', 'openai'));
    await trust(page, 'models.example').waitFor();
    await key(page).fill(KEY);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/models\.example\. Accept the host first/);
    expect(asked(page)).toEqual([]);
  });

  test('is not asked about once the reader has typed another one', async ({ open }) => {
    const page = await open(linked('https://models.example/v1'));
    await ready(page);
    await openAdvanced(page);
    await trust(page, 'models.example').waitFor();
    await at(page).fill('https://typed.example/v1');
    await expect(trust(page, 'models.example')).toHaveCount(0);
    await expect(page.getByRole('button', { name: /^I trust/ })).toHaveCount(0);
    await at(page).fill('https://models.example/v1');
    await trust(page, 'models.example').waitFor();
  });

  test('is named as what it is where it is not encrypted', async ({ open }) => {
    const page = await open(linked('http://models.example:81/v1'));
    await ready(page);
    await openAdvanced(page);
    await trust(page, 'http://models.example:81').waitFor();
    await expect(page.getByRole('alert').filter({ hasText: 'models.example' })).toHaveText(
      /This link sends your API key to http:\/\/models\.example:81, which is not encrypted/);
    await at(page).fill('http://typed.example/v1');
    const known = page.getByRole('list', { name: 'Good to know', exact: true });
    await known.getByText(/^http:\/\/typed\.example is not encrypted: others on the network can read/).waitFor();
    await at(page).fill('https://typed.example/v1');
    await expect(known.getByText(/is not encrypted/)).toHaveCount(0);
  });
});

for (const [provider, url] of [
  ['openai', 'http://api.openai.com/v1'],
  ['openai', 'http://api.openai.com:8080/v1'],
  ['compatible', 'http://api.anthropic.com/v1'],
]) {
  test(`${url} is refused for ${provider}`, async ({ open }) => {
    const page = await open(linked(url, provider));
    await ready(page);
    await openAdvanced(page);
    await page.getByText(/^Base URL: this service is called over https:\/\/ only/).waitFor();
    await expect(page.getByRole('button', { name: /^I trust/ })).toHaveCount(0);
    await key(page).fill(KEY);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/this service is called over https:\/\/ only/);
    // Typed by the reader's own hand it is no better.
    await at(page).fill(`${url}/`);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/this service is called over https:\/\/ only/);
    expect(page.account.foreign).toEqual([]);
  });
}
