// A page in any engine, as its reader meets it: by role and name, with a real pointer and real keys, and
// waiting until something holds. Each engine brings a tab with few abilities (firefox.mjs, webkit.mjs):
//
//   goto(url), reload(), close()
//   evaluate(expression)          the value of a JavaScript expression in the page; JSON only
//   evaluateInFrame(expression)   the same in the frame of the page's <converge-demo>
//   move(x, y), down(), up()      the pointer, in CSS pixels of the view
//   press(key, modifiers)         keys by the names that `KeyboardEvent.key` has for them
//   type(text)
//   picture()                     what the view shows, as PNG
//   seen                          { requests, console, errors } as far as the driver is told of them

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { DIST, listen, serveSite } from '../lib/site.mjs';

/** The windows that the pages are opened in: about so much of that is the view. */
export const WINDOW = { width: 1280, height: 1200 };

const library = join(createRequire(import.meta.url).resolve('@testing-library/dom'),
  '../@testing-library/dom.umd.min.js');
const WITNESS = 'witness.js';
const witness = async () => ({
  status: 200,
  type: 'text/javascript',
  body: await readFile(library, 'utf8') + await readFile(new URL(WITNESS, import.meta.url), 'utf8'),
});

/** The built site, with the witness as its first script; else as `serveSite` has it. */
export async function serveWatched(owner, { override = () => undefined, ...options } = {}) {
  const withWitness = async (name) => {
    const other = await override(name);
    if (other) return other;
    if (name === WITNESS) return witness();
    if (name !== 'index.html') return undefined;
    const html = await readFile(join(DIST, name), 'utf8');
    // Under the page's own policy, which is the first thing in its head.
    const body = html.replace(/<meta [^>]*Content-Security-Policy[^>]*>/i, `$&<script src="${WITNESS}"></script>`);
    assert.notEqual(body, html, 'the page has a policy, and the witness its place');
    return { status: 200, type: 'text/html; charset=utf-8', body };
  };
  return serveSite(owner, { ...options, override: withWitness });
}

/** A page of somebody else, on an origin of its own: `root` are attributes of its `html`. */
export async function serveHost(owner, { root = '', body }) {
  const html = `<!doctype html><html lang="en" ${root}><head><meta charset="utf-8"><title>A host</title>
    <link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
    <script src="${WITNESS}"></script></head><body>${body}</body></html>`;
  const script = await witness();
  const server = createServer(({ url }, response) => {
    const answer = url === `/${WITNESS}` ? script : { status: 200, type: 'text/html; charset=utf-8', body: html };
    response.writeHead(answer.status, { 'Content-Type': answer.type });
    response.end(answer.body);
  });
  const { origin } = await listen(owner, server);
  return { origin, url: `${origin}/` };
}

/**
 * Opens `site.url + hash` in a tab with empty storage, until its owner ends. `allow` lists further
 * origins that the page may talk to. Whatever goes wrong in it fails the test, unless it is not judged.
 */
export async function open(owner, engine, site, hash = '', { allow = [], isJudged = true } = {}) {
  const tab = await engine.newTab();
  const page = new Page(tab, [site.origin, ...allow]);
  owner.after(() => (isJudged ? page.finish() : page.close()));
  await tab.goto(site.url + hash);
  return page;
}

class Page {
  #tab;
  #origins;
  #isOpen = true;
  #account = { errors: [], console: [], violations: [], requests: [] };

  constructor(tab, origins) {
    this.#tab = tab;
    this.#origins = origins;
  }

  /** What a function of the page's side answers; it gets JSON and gives JSON. */
  evaluate(fn, ...args) {
    return this.#tab.evaluate(call(fn, args));
  }

  /** The same in the figure's frame. */
  evaluateInFrame(fn, ...args) {
    return this.#tab.evaluateInFrame(call(fn, args));
  }

  /** What a function answers about the element with that role and name, once that is there. */
  async on([role, name], fn, ...args) {
    const expression = `((found) => found && [(${fn})(found, ...${JSON.stringify(args)})])(${find(role, name)})`;
    const answer = await poll(() => this.#tab.evaluate(expression), `the ${role} ${name ?? ''}`, Array.isArray);
    return answer[0];
  }

  /** Whether there is an element with that role and name. */
  has(role, name) {
    return this.#tab.evaluate(`${find(role, name)} !== null`);
  }

  /** Presses the pointer in the middle of an element, once it stays where it is and nothing covers it. */
  async click(role, name) {
    const place = `(${middle})(${find(role, name)})`;
    await this.#click(`the ${role} ${name}`, () => this.#tab.evaluate(place));
  }

  /** The same for an element of the dialog that is open. */
  async clickInDialog(role, name) {
    const place = `(${middle})(witness.find(...${JSON.stringify([role, name])}, document.querySelector('dialog:modal')))`;
    await this.#click(`the ${role} ${name} of the dialog`, () => this.#tab.evaluate(place));
  }

  /** The same for an element in the figure's frame. */
  async clickInFrame(role, name) {
    const place = `(${middle})(${find(role, name)})`;
    await this.#click(`the ${role} ${name} in the frame`, async () => {
      const inner = await this.#tab.evaluateInFrame(place);
      const frame = await this.evaluate(() => {
        const { x, y } = document.querySelector('converge-demo').shadowRoot.querySelector('iframe').getBoundingClientRect();
        return { x, y };
      });
      return inner && { x: frame.x + inner.x, y: frame.y + inner.y };
    });
  }

  async #click(what, look) {
    let last;
    const { x, y } = await poll(async () => {
      const place = await look();
      const stays = place && last && place.x === last.x && place.y === last.y;
      last = place;
      return stays ? place : null;
    }, `a place where ${what} can be pressed`, Boolean);
    await this.#tab.move(x, y);
    await this.#tab.down();
    await this.#tab.up();
  }

  /** The place of an element in the view, which it is brought into first. */
  box(role, name) {
    return this.on([role, name], (element) => {
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    });
  }

  /** Drags from one place to another; before it lets go, `held` may look. */
  async drag([fromX, fromY], [toX, toY], held) {
    await this.#tab.move(fromX, fromY);
    await this.#tab.down();
    await this.#tab.move((fromX + toX) / 2, (fromY + toY) / 2);
    await this.#tab.move(toX, toY);
    await held();
    await this.#tab.up();
  }

  /** Presses a key, such as `Shift+Tab`. */
  press(keys) {
    const names = keys.split('+');
    return this.#tab.press(names.at(-1), names.slice(0, -1));
  }

  type(text) {
    return this.#tab.type(text);
  }

  /** Waits until the status region's text matches, and returns it. */
  says(pattern) {
    const text = `(${find('status')}?.textContent ?? '').replace(/\\s+/g, ' ').trim()`;
    return poll(() => this.#tab.evaluate(text), 'what the status says', pattern);
  }

  /** Does what a reader does to whom all of the page matters, and waits until it is there. */
  async whole() {
    await expect.poll(() => this.evaluate(() => {
      dispatchEvent(new KeyboardEvent('keydown'));
      return 'whole' in document.documentElement.dataset;
    }), 'all of the page').toBe(true);
  }

  /** The rows of the table named Timeline, as lib/page.mjs has them. */
  async timeline() {
    const rows = await this.on(['table', 'Timeline'], (table) =>
      [...table.rows].slice(1).map((row) => [...row.cells].map((cell) => cell.textContent.trim().toLowerCase())));
    return rows.map(([agent, schedule, start, end, outcome]) => ({
      agent, schedule, start: Number.parseFloat(start), end: Number.parseFloat(end), outcome,
    }));
  }

  async reload() {
    await this.#hear();
    await this.#tab.reload();
  }

  /** Takes over what the witness has noted, in the page and in its frame; it goes when they do. */
  async #hear() {
    const take = '(window.witness?.take() ?? {})';
    const heard = [await this.#tab.evaluate(take)];
    const hasFrame = await this.evaluate(() =>
      Boolean(document.querySelector('converge-demo')?.shadowRoot?.querySelector('iframe')));
    if (hasFrame) heard.push(await this.#tab.evaluateInFrame(take));
    for (const notes of heard) {
      for (const [kind, list] of Object.entries(notes)) this.#account[kind].push(...list);
    }
  }

  /** What has gone wrong so far: uncaught errors, console lines, broken policy, requests to strangers. */
  async account() {
    await this.#hear();
    const { seen } = this.#tab;
    const isForeign = (url) => url.startsWith('http') && !this.#origins.includes(new URL(url).origin);
    const isLoud = ({ type }) => type === 'error' || type === 'warn';
    return {
      errors: [...this.#account.errors, ...seen.errors],
      console: [...this.#account.console, ...seen.console.filter(isLoud)].map(({ text }) => text),
      violations: this.#account.violations,
      foreign: [...this.#account.requests, ...seen.requests].filter(isForeign),
    };
  }

  /** Closes the page, unless it is; that fails if anything has gone wrong in it. */
  async finish() {
    if (!this.#isOpen) return;
    try {
      expect(await this.account()).toEqual({ errors: [], console: [], violations: [], foreign: [] });
    } finally {
      await this.close();
    }
  }

  async close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#tab.close();
  }

  /** Keeps a picture of the page, if it is still open. */
  async picture(path) {
    if (this.#isOpen) await writeFile(path, await this.#tab.picture());
  }
}

/** Waits until a value is as it should be (a pattern, or a function that says so), and answers with it. */
async function poll(look, what, wanted) {
  let value;
  const shown = async () => {
    value = await look();
    return typeof wanted === 'function' ? wanted(value) : value;
  };
  const waiting = expect.poll(shown, what);
  await (typeof wanted === 'function' ? waiting.toBe(true) : waiting.toMatch(wanted));
  return value;
}

/** A function call as an expression for the page. */
const call = (fn, args) => `(${fn})(...${JSON.stringify(args)})`;

/** The element with that role and name as an expression for the page. */
const find = (...roleAndName) =>
  `witness.find(...${JSON.stringify(roleAndName.filter((value) => value !== undefined))})`;

/** In the page: the middle of an element in the view, unless something else is there. */
function middle(element) {
  if (!element || element.disabled) return null;
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = element.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  return element.contains(document.elementFromPoint(x, y)) ? { x, y } : null;
}
