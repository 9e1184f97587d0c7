// WebKitGTK's MiniBrowser over WebDriver, by selenium-webdriver, on a screen of its own (Xvfb). See
// page.mjs for what a tab has to be able to do.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Builder, Key, Origin } from 'selenium-webdriver';
import { DriverService } from 'selenium-webdriver/remote/index.js';

/** How long it takes to start is up to the machine; this is for one that never comes. */
const START = 60_000;

/** Starts a screen and the driver, for windows of that size. */
export async function launch({ width, height }, executable = process.env.WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver') {
  const screen = await startScreen();
  const service = new DriverService.Builder(executable)
    .setLoopback(true)
    .setEnvironment({
      ...process.env,
      DISPLAY: screen.display,
      // Neither settings nor a screen reader's bus of whoever runs the tests.
      GSETTINGS_BACKEND: 'memory',
      NO_AT_BRIDGE: '1',
      // Without a graphics card the processor draws; that it imitates a card first takes twice as long.
      WEBKIT_SKIA_ENABLE_CPU_RENDERING: '1',
      // Its sandbox does not start as root, which CI is; it only ever opens our own pages.
      ...process.getuid() === 0 && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    })
    .build();
  const close = async () => {
    await service.kill();
    screen.close();
  };
  try {
    const server = await service.start(START);
    const newTab = () => openTab(server, width, height);
    return { newTab, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A screen that takes whichever display number is free, and says so when it is there. */
async function startScreen() {
  const screen = spawn(
    process.env.XVFB ?? 'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1600x1400x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  let told = '';
  screen.stderr.on('data', (text) => { told += text; });
  const failed = once(screen, 'close').then(([code]) => {
    throw new Error(`Xvfb ended with ${code} before it had a display:\n${told}`);
  });
  const [number] = await Promise.race([once(screen.stdio[3], 'data'), failed]);
  failed.catch(() => {});
  return { display: `:${String(number).trim()}`, close: () => screen.kill() };
}

/** A session is a browser of its own, and keeps nothing. */
async function openTab(server, width, height) {
  const session = await new Builder()
    .disableEnvironmentOverrides()
    .usingServer(server)
    .withCapabilities({ browserName: 'MiniBrowser' })
    .build();
  await session.manage().window().setRect({ x: 0, y: 0, width, height });
  return new WebKitTab(session);
}

class WebKitTab {
  /** WebDriver tells nothing of this: the witness in the page does (witness.js). */
  seen = { requests: [], console: [], errors: [] };

  constructor(session) {
    this.session = session;
  }

  goto(url) {
    return this.session.get(url);
  }

  reload() {
    return this.session.navigate().refresh();
  }

  evaluate(expression) {
    return this.session.executeScript(`return (${expression})`);
  }

  async evaluateInFrame(expression) {
    const frame = await this.session.executeScript(() =>
      document.querySelector('converge-demo').shadowRoot.querySelector('iframe'));
    if (!frame) throw new Error('the page has no frame');
    await this.session.switchTo().frame(frame);
    try {
      return await this.evaluate(expression);
    } finally {
      await this.session.switchTo().defaultContent();
    }
  }

  #actions() {
    return this.session.actions({ async: true });
  }

  move(x, y) {
    const [wholeX, wholeY] = [Math.round(x), Math.round(y)];
    return this.#actions().move({ x: wholeX, y: wholeY, origin: Origin.VIEWPORT, duration: 0 }).perform();
  }

  down() {
    return this.#actions().press().perform();
  }

  up() {
    return this.#actions().release().perform();
  }

  press(key, modifiers) {
    const actions = this.#actions();
    for (const modifier of modifiers) actions.keyDown(code(modifier));
    actions.keyDown(code(key)).keyUp(code(key));
    for (const modifier of modifiers.toReversed()) actions.keyUp(code(modifier));
    return actions.perform();
  }

  type(text) {
    return this.#actions().sendKeys(text).perform();
  }

  async picture() {
    return Buffer.from(await this.session.takeScreenshot(), 'base64');
  }

  close() {
    return this.session.quit();
  }
}

/** WebDriver's character for a key that `KeyboardEvent.key` names so: `ArrowLeft` is ARROW_LEFT. */
function code(key) {
  if (key.length === 1) return key;
  const name = key.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  const known = Key[name];
  if (typeof known !== 'string') throw new Error(`WebDriver has no key ${key}`);
  return known;
}
