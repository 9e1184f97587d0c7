// The frame of the page: the head and the title row, the tabs, the dialogs and the provider's sheet, and
// how much of all that a reader meets at once.

import { violations } from './lib/axe.mjs';
import {
  button, chooseScenario, closeProvider, openAdvanced, openMenu, openProvider, openTab, ready, sheet, status, tooWide,
} from './lib/page.mjs';
import { expect, test } from './lib/test.mjs';

const TABS = ['Answers', 'Code', 'Event loop', 'Prompts', 'What if', 'Tail latency', 'Runs'];
const KEYS = ['answers', 'code', 'loop', 'prompts', 'whatif', 'tail', 'runs'];
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };

const tab = (page, name) => page.getByRole('tab', { name, exact: true });
const height = (page) => page.evaluate(() => document.scrollingElement.scrollHeight);
const scrolled = (page) => page.evaluate(() => Math.round(scrollY));

/** Presses a tab where it is: a click of Playwright's own scrolls the page to where the list, which sticks, began. */
async function pressTab(page, name) {
  await tab(page, name).evaluate((node) => { node.parentElement.scrollLeft = node.offsetLeft; });
  const { x, y, width, height } = await tab(page, name).boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  await expect(tab(page, name)).toHaveAttribute('aria-selected', 'true');
}

/** How many presses of Tab lead from the top of the page to that button. */
async function stops(page, name) {
  await page.evaluate(() => document.activeElement?.blur());
  for (let presses = 1; presses <= 20; presses += 1) {
    await page.keyboard.press('Tab');
    if (await button(page, name).evaluate((node) => node === document.activeElement)) return presses;
  }
  throw new Error(`${name} is more than 20 stops away`);
}

/** What can have the focus, or can be pressed, as far as it shows. */
const controls = (page) => page.evaluate(() => {
  const all = 'button, select, input, textarea, summary, a[href], [role=slider], [tabindex]';
  return [...document.querySelectorAll(all)]
    .filter((node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !node.disabled)
    .map((node) => ({
      top: node.getBoundingClientRect().top,
      isStop: node.tabIndex >= 0,
      isTab: node.role === 'tab',
      what: node.outerHTML.slice(0, 100),
    }));
});

test.describe('the tabs', () => {
  test('open one at a time, and the address follows', async ({ open }) => {
    const page = await open('#preset=company');
    await ready(page);
    await expect(page.getByRole('tab')).toHaveText(TABS);
    for (const [place, name] of TABS.entries()) {
      await openTab(page, name);
      await expect(page.getByRole('tab', { selected: true })).toHaveText(name);
      await expect(page.getByRole('tabpanel', { name, exact: true })).toBeVisible();
      await expect(page.getByRole('tabpanel')).toHaveCount(1);
      if (place > 0) await expect(page).toHaveURL(new RegExp(`tab=${KEYS[place]}`));
      await expect(page.getByRole('region', { name, exact: true })).toBeVisible();
      await expect(page.getByRole('table', { name: 'Timeline', exact: true })).toBeAttached();
    }
    await openTab(page, 'Answers');
    await expect(page).not.toHaveURL(/tab=/);
  });

  test('can be opened by the address, and a change of tab keeps the run', async ({ open }) => {
    const page = await open('#preset=company&speed=8&tab=code');
    await ready(page);
    await expect(tab(page, 'Code')).toHaveAttribute('aria-selected', 'true');
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await openTab(page, 'Answers');
    await expect(status(page)).toHaveText(/^Finished/);
    await page.evaluate(() => { location.hash = '#preset=company&speed=8&tab=loop'; });
    await expect(tab(page, 'Event loop')).toHaveAttribute('aria-selected', 'true');
    await expect(status(page)).toHaveText(/^Finished/);
  });

  test('are one stop, and arrows, Home and End go through them', async ({ open }) => {
    const page = await open('#preset=company');
    await ready(page);
    await tab(page, 'Answers').focus();
    for (const [key, name] of [
      ['ArrowRight', 'Code'], ['End', 'Runs'], ['ArrowRight', 'Answers'], ['ArrowLeft', 'Runs'], ['Home', 'Answers'],
    ]) {
      await page.keyboard.press(key);
      await expect(tab(page, name)).toBeFocused();
      await expect(tab(page, name)).toHaveAttribute('aria-selected', 'true');
    }
    await expect(page.locator('[role=tab][tabindex="0"]')).toHaveCount(1);
    await page.keyboard.press('Tab');
    await expect(page.locator('[role=tab]:focus')).toHaveCount(0);
  });

  test('keep how far the reader had scrolled into them', async ({ open }) => {
    const page = await open('#preset=company&speed=8&autoplay=1&tab=runs', { viewport: PHONE });
    await expect(status(page)).toHaveText(/^Finished/);
    await ready(page);
    // Once the list of runs has the one that has just ended.
    await page.getByRole('list', { name: 'Earlier runs' }).getByRole('listitem').waitFor();
    const depth = Math.round((await page.getByRole('tabpanel').boundingBox()).y) - 20;
    await page.mouse.wheel(0, depth);
    await expect.poll(() => scrolled(page)).toBe(depth);
    await pressTab(page, 'Code');
    await expect(tab(page, 'Code')).toBeInViewport();
    // It is scrolled to in the frame after the one that shows it.
    await expect.poll(() => scrolled(page), 'a tab begins at its top').toBeLessThan(depth);
    await pressTab(page, 'Runs');
    await expect.poll(async () => Math.abs(await scrolled(page) - depth)).toBeLessThanOrEqual(2);
  });

  test('are at the top of the page where the stage is', async ({ open }) => {
    const page = await open('#preset=company', { viewport: WIDE });
    await ready(page);
    for (const name of TABS) {
      // Not by the mouse, for which the runner would scroll.
      await tab(page, name).dispatchEvent('click');
      await expect(tab(page, name)).toHaveAttribute('aria-selected', 'true');
      expect(await scrolled(page), name).toBe(0);
    }
  });
});

test.describe('the dialogs', () => {
  const OPENERS = {
    Share: (page) => button(page, 'Share').click(),
    Embed: (page) => button(page, 'Embed').click(),
    'Model provider': (page) => page.getByRole('button', { name: /^Provider: / }).click(),
    Export: async (page) => {
      await openMenu(page);
      await button(page, 'Export').click();
    },
    'Keyboard shortcuts': async (page) => {
      await openMenu(page);
      await button(page, 'Keyboard shortcuts').click();
    },
  };
  for (const viewport of [WIDE, PHONE]) {
    for (const [name, show] of Object.entries(OPENERS)) {
      test(`${name} moves nothing at ${viewport.width} px, closes on Escape and gives the focus back`, async ({ open }) => {
        const page = await open('#preset=company', { viewport });
        await ready(page);
        const main = () => page.locator('main').boundingBox();
        const before = await main();
        let downloads = 0;
        page.on('download', () => { downloads += 1; });
        const dialog = page.getByRole('dialog', { name, exact: true });
        await show(page);
        await dialog.waitFor();
        expect(await main()).toEqual(before);
        expect(await dialog.evaluate((node) => node.matches(':modal'))).toBe(true);
        expect(await tooWide(page)).toBeLessThanOrEqual(0);
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
        await expect(page.locator('button:focus'), 'what opened it has the focus').toHaveAttribute(
          'id', { Share: 'share', Embed: 'embed', 'Model provider': 'provider' }[name] ?? 'more');
        expect(await main()).toEqual(before);
        // A press on what lies around it closes it as well.
        await show(page);
        await dialog.waitFor();
        const { x, y } = await dialog.boundingBox();
        if (x > 2 || y > 2) {
          await page.mouse.click(x > 2 ? 1 : x + 5, x > 2 ? y + 5 : 1);
          await expect(dialog).toHaveCount(0);
        }
        expect(downloads, 'nothing is saved before a choice').toBe(0);
      });
    }
  }
});

test.describe('the scenarios', () => {
  test('are a list over the page, with what each is expected to take', async ({ open }) => {
    const page = await open('#preset=company');
    await ready(page);
    const before = await page.locator('main').boundingBox();
    await button(page, 'Scenario').click();
    const list = page.getByRole('region', { name: 'Scenarios', exact: true });
    await expect(list.getByRole('button')).toHaveCount(10);
    await expect(list.getByRole('button', { name: /^Company research/ })).toContainText('5.1 s → 2.3 s');
    expect(await page.locator('main').boundingBox()).toEqual(before);
    await page.keyboard.press('Escape');
    await expect(list).toHaveCount(0);
    await expect(button(page, 'Scenario')).toBeFocused();
    await chooseScenario(page, 'Three researchers');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Three researchers, then one report');
    await button(page, 'Scenario').click();
    await page.getByRole('heading', { level: 1 }).click();
    await expect(list).toHaveCount(0);
  });

  test('keep within a phone, and show how many branches there are', async ({ open }) => {
    const page = await open('', { viewport: PHONE });
    await ready(page);
    await button(page, 'Scenario').click();
    const identical = page.getByRole('region', { name: 'Scenarios', exact: true })
      .getByRole('button', { name: /^Identical branches/ });
    await identical.waitFor();
    expect(await tooWide(page)).toBeLessThanOrEqual(0);
    await identical.click();
    await page.getByLabel('Branches', { exact: true }).waitFor();
    expect(await tooWide(page)).toBeLessThanOrEqual(0);
  });
});

test.describe('a live model', () => {
  test('without a key: the sheet opens, and its field has the focus', async ({ open }) => {
    for (const viewport of [WIDE, PHONE]) {
      const page = await open('#preset=topic&provider=openai', { viewport });
      await ready(page);
      await expect(sheet(page)).toHaveCount(0);
      await button(page, 'Run').click();
      const key = sheet(page).getByLabel('API key', { exact: true });
      await expect(key).toBeFocused();
      await expect(key).toHaveAttribute('aria-invalid', 'true');
      const message = sheet(page).getByText('Enter an OpenAI API key to run.');
      await expect(key).toHaveAccessibleDescription('Enter an OpenAI API key to run.');
      const [told, run] = [await message.boundingBox(), await button(page, 'Run').boundingBox()];
      expect(Math.abs(run.y - (told.y + told.height)), 'px between the message and Run').toBeLessThanOrEqual(40);
      await key.fill('sk-test');
      await expect(message).toHaveCount(0);
      await expect(key).not.toHaveAttribute('aria-invalid', 'true');
    }
  });

  test('is chosen in the order in which that is done', async ({ open }) => {
    const page = await open('#preset=topic&provider=openai');
    await ready(page);
    await openAdvanced(page);
    const order = await sheet(page).locator('select, input, button, summary, .bill').evaluateAll((nodes) =>
      nodes.map((node) => node.ariaLabel ?? node.textContent.trim()));
    const wanted = ['Provider', 'API key', 'Model', 'Test connection', /^Run makes/, 'Run', 'Advanced', 'Base URL', 'Temperature'];
    const places = wanted.map((name) => order.findIndex((own) => (name.test ? name.test(own) : own === name)));
    expect(places, order.join(', ')).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    await closeProvider(page);
  });

  test('at a host that came with a link opens the sheet with the warning', async ({ open }) => {
    const page = await open('#provider=compatible&model=m&base_url=https://models.example/v1');
    await ready(page);
    await sheet(page).getByRole('alert').filter({ hasText: 'models.example' }).waitFor();
    await button(page, 'I trust models.example').click();
    await expect(button(page, 'I trust models.example')).toHaveCount(0);
  });

  test('is named on its chip', async ({ open }) => {
    const page = await open('');
    await ready(page);
    await page.getByRole('button', { name: 'Provider: Simulated', exact: true }).waitFor();
    await openProvider(page);
    await sheet(page).getByLabel('Provider', { exact: true }).selectOption('mistral');
    await closeProvider(page);
    await page.getByRole('button', { name: 'Provider: Mistral', exact: true }).waitFor();
  });
});

test.describe('how much there is at once', () => {
  for (const [viewport, most] of [[WIDE, 2000], [PHONE, 3200]]) {
    test(`the page is at most ${most} px high at ${viewport.width} px, on any tab`, async ({ open }) => {
      const page = await open('#preset=company&speed=8', { viewport });
      await ready(page);
      const heights = async (when) => {
        const found = {};
        for (const name of TABS) {
          await openTab(page, name);
          found[name] = await height(page);
        }
        const high = Object.entries(found).filter(([, px]) => px > most);
        expect(high, `${when}: ${JSON.stringify(found)}`).toEqual([]);
      };
      await heights('idle');
      await openTab(page, 'Answers');
      await button(page, 'Run').click();
      await expect(status(page)).toHaveText(/^Finished/);
      await heights('finished');
    });
  }

  test('Run is within 7 stops on the page and 2 in a figure', async ({ open }) => {
    for (const [hash, most] of [['', 7], ['#preset=company', 7], ['#embed=1&view=race', 2], ['#embed=1&view=lab', 2], ['#embed=1&view=code', 2]]) {
      const page = await open(hash, { viewport: WIDE });
      await ready(page);
      expect(await stops(page, 'Run'), hash).toBeLessThanOrEqual(most);
    }
  });

  test('at most 45 can have the focus, and at most 12 are in the first 800 px', async ({ open }) => {
    const page = await open('', { viewport: WIDE });
    await ready(page);
    const all = (await controls(page)).filter(({ isStop }) => isStop);
    expect(all.length, all.map(({ what }) => what).join('\n')).toBeLessThanOrEqual(45);
    const first = (await controls(page)).filter(({ top, isStop, isTab }) => top < 800 && isStop && !isTab);
    expect(first.length, first.map(({ what }) => what).join('\n')).toBeLessThanOrEqual(12);
  });
});

test.describe('the head of the page', () => {
  test('is one stop, and arrows go through it', async ({ open }) => {
    const page = await open('#preset=company');
    await ready(page);
    await page.keyboard.press('Tab');
    await expect(button(page, 'Tour')).toBeFocused();
    for (const [key, name] of [['ArrowRight', 'Embed'], ['End', 'More'], ['ArrowRight', 'Tour'], ['ArrowLeft', 'More']]) {
      await page.keyboard.press(key);
      await expect(button(page, name)).toBeFocused();
    }
    await page.keyboard.press('Tab');
    await expect(button(page, 'Scenario')).toBeFocused();
    // What a lesson hides is passed over.
    const hidden = await open('#preset=company&hide=tour');
    await ready(hidden);
    await hidden.keyboard.press('Tab');
    await expect(button(hidden, 'Embed')).toBeFocused();
  });

  test('has the theme, the article and the shortcuts in its menu', async ({ open }) => {
    const page = await open('#preset=company');
    await ready(page);
    await openMenu(page);
    await button(page, 'Theme: auto').click();
    await expect(page).toHaveURL(/theme=light/);
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    await expect(page.getByRole('link', { name: /article/ })).toHaveAttribute('href', 'article.html');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(button(page, 'More')).toBeFocused();
    await expect(button(page, 'More')).toHaveAttribute('aria-expanded', 'false');
  });

  test('offers the tour once, after the first run', async ({ open }) => {
    const page = await open('#preset=company&speed=8');
    await ready(page);
    const offer = page.getByRole('group', { name: 'Tour offer', exact: true });
    await expect(offer).toHaveCount(0);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await offer.waitFor();
    await offer.getByRole('button', { name: 'No, thanks' }).click();
    await expect(offer).toHaveCount(0);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText(/^Finished/);
    await expect(page.getByRole('region', { name: 'Tour', exact: true })).toHaveCount(0);
    await expect(offer).toHaveCount(0);
  });
});
