// Firefox over WebDriver BiDi, by puppeteer. See page.mjs for what a tab has to be able to do.

import { launch as start } from 'puppeteer-core';

/** Starts a headless Firefox with a new profile, and windows of that size. */
export async function launch({ width, height }, executable = process.env.FIREFOX ?? '/usr/bin/firefox-esr') {
  const browser = await start({
    browser: 'firefox',
    executablePath: executable,
    headless: true,
    // By the window: Firefox ESR does not know all of what sets a page's view later.
    defaultViewport: null,
    args: [`--width=${width}`, `--height=${height}`],
    extraPrefsFirefox: {
      // Nothing but the tests' own pages: no captive portal check, no lists to update.
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'services.settings.server': 'data:,#remote-settings-dummy/v1',
    },
  });
  return {
    /** A tab with storage of its own. */
    async newTab() {
      const context = await browser.createBrowserContext();
      return new FirefoxTab(context, await context.newPage());
    },
    close: () => browser.close(),
  };
}

class FirefoxTab {
  /** What the browser itself has seen: more than a page can see of itself. */
  seen = { requests: [], console: [], errors: [] };

  constructor(context, page) {
    this.context = context;
    this.page = page;
    page.on('request', (request) => this.seen.requests.push(request.url()));
    page.on('console', (message) =>
      this.seen.console.push({ type: message.type(), text: message.text() }));
    page.on('pageerror', (error) => this.seen.errors.push(String(error)));
  }

  goto(url) {
    return this.page.goto(url);
  }

  reload() {
    return this.page.reload();
  }

  evaluate(expression) {
    return this.page.evaluate(expression);
  }

  async evaluateInFrame(expression) {
    const [frame] = this.page.mainFrame().childFrames();
    if (!frame) throw new Error('the page has no frame');
    return frame.evaluate(expression);
  }

  move(x, y) {
    return this.page.mouse.move(x, y);
  }

  down() {
    return this.page.mouse.down();
  }

  up() {
    return this.page.mouse.up();
  }

  async press(key, modifiers) {
    for (const modifier of modifiers) await this.page.keyboard.down(modifier);
    await this.page.keyboard.press(key);
    for (const modifier of modifiers.toReversed()) await this.page.keyboard.up(modifier);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  picture() {
    return this.page.screenshot();
  }

  close() {
    return this.context.close();
  }
}
