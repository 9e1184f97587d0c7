// <converge-demo>: a picture until it nears the view, then a frame of the page. See docs/embedding.md.
(() => {
  if (customElements.get('converge-demo')) return;
  // A module has no script element; an error knows where it was made.
  const from = document.currentScript?.src || /\w+:\/\/\S+?(?=:\d+:\d+)/.exec(Error().stack)[0];
  const demos = new Set();
  const dark = matchMedia('(prefers-color-scheme: dark)');
  // No settings, but attributes of any element.
  const PLAIN = /^(id|class|style|slot|title|hidden|dir|role|part|is|tabindex|host|load|trace)$|-/;
  // Sanitizers strip every attribute that begins with "on", but not this one.
  const setting = (name) => (name === 'on-error' ? 'on_error' : name);
  // Settings that leave a picture's figures true (a host test compares the list with the page's own).
  const SHOWN = /^(preset|view|tab|embed|theme|hide|autoplay|speed|lang|language|topic)$/;

  // A picture that has the focus keeps it, unseen over the figure: Enter still runs what is there.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{display:block;position:relative}
:host([hidden]),.on>a:not(:focus){display:none}
div{width:100%}
iframe,a{position:absolute;inset:0;width:100%;height:100%;border:0}
div:not(.on) iframe{opacity:0}
a{box-sizing:border-box;display:grid;grid-template:auto 1fr/100%;gap:1rem;padding:1rem;border:1px solid #8886;border-radius:12px;font:15px system-ui;text-decoration:none}
b{justify-self:start;padding:.7rem 1.75rem;border-radius:6px;background:CanvasText;color:Canvas}
img{width:100%;height:100%;min-height:0;object-fit:contain;object-position:0 0}
.on>a{z-index:1;border-color:#0000;pointer-events:none}
.on>a>*{opacity:0}`);

  // What the page says its theme is.
  const around = () => {
    const said = [document.documentElement, document.body].map((e) => e &&
      [e.dataset.theme, e.dataset.bsTheme, e.dataset.mdColorScheme, e.className].join(' ')).join(' ');
    const word = /(?:^| )(?:(dark|slate|coal|navy|ayu|quarto-dark)|light|default|rust|quarto-light)(?= |$)/.exec(said);
    return (word ? word[1] : dark.matches) ? 'dark' : 'light';
  };

  // How high each view is with four branches, in px: 720 px wide and 360 px wide. A test measures both.
  const HEIGHTS = {
    race: [410, 490], flow: [330, 497], loop: [440, 504], code: [460, 524], data: [540, 604],
    lab: [676, 754], tail: [520, 714], all: [760, 1140],
  };
  const BRANCHES = { researchers: 3, headlines: 3, multimodal: 2 };
  // A branch's row in the views that have some, and the most branches that have one.
  const ROW = { race: 38, lab: 38, all: 38, flow: 58 };
  const ROWS = 40;
  // No trace that is larger is opened.
  const MOST_BYTES = 64e6;

  // Room for the figure until it says how high it is.
  const reserve = (width, { view, preset = 'researchers', n = 100 }) => {
    const shown = HEIGHTS[view] ? view : 'all';
    const [wide, narrow] = HEIGHTS[shown];
    const share = Math.min(1, Math.max(0, (width - 360) / 360));
    const branches = preset === 'fanout' ? (n > ROWS ? 4 : +n) : BRANCHES[preset] || 4;
    return narrow + (wide - narrow) * share + (ROW[shown] || 0) * (branches - 4);
  };

  class ConvergeDemo extends HTMLElement {
    #own = {};
    inView = 1;
    #box; #frame; #ready; #wanted; #running; #height; #width;

    connectedCallback() {
      if (!this.#box) {
        const root = this.attachShadow({ mode: 'open' });
        root.adoptedStyleSheets = [sheet];
        root.append(this.#box = document.createElement('div'));
        changed.observe(this, { attributes: true });
        // The box is as wide as the element and has no height, so that the height which is set for a new
        // width is not a new size to be told of: browsers report that to the page as an error.
        resized.observe(this.#box);
      }
      demos.add(this);
      this.#drop();
      watchers.forEach((watcher) => watcher.observe(this));
    }

    disconnectedCallback() {
      demos.delete(this);
      watchers.forEach((watcher) => watcher.unobserve(this));
      this.#drop();
    }

    run() {
      this.load();
      this.#wanted = !this.#ready;
      this.#tell('run');
    }

    stop() {
      this.#wanted = false;
      this.#tell('stop');
    }

    set(wishes) {
      for (const name in wishes) this.#own[name] = wishes[name] == null || wishes[name] === '' ? null : String(wishes[name]);
      if (!this.#frame) return this.#drop();
      this.#tell('set', { ...wishes, theme: this.#theme() });
      this.restyle();
    }

    load() {
      if (this.#frame || !this.isConnected) return;
      const frame = this.#frame = document.createElement('iframe');
      frame.title = this.title || 'Converge';
      frame.allow = 'clipboard-write';
      frame.scrolling = 'no';
      frame.inert = true;
      frame.src = this.#address({ embed: 1 });
      this.#box.append(frame);
    }

    // Nothing shrinks in a run or in view, unless its width has changed.
    restyle() {
      const theme = this.#theme();
      if (this.#box.style.colorScheme !== theme) {
        this.#box.style.colorScheme = theme;
        const picture = this.#box.querySelector('img');
        if (picture) picture.src = picture.src.replace(/#.*/, '#' + theme);
        this.#tell('set', { theme });
      }
      const { width, height } = this.getBoundingClientRect();
      const wanted = this.#height || reserve(width, this.#settings());
      if (wanted > height || (this.#width && this.#width !== width) || !(this.inView || this.#running)) {
        this.style.height = wanted + 'px';
        this.style.minHeight = 0;
      }
      this.#width = width;
    }

    changed(names) {
      if (names.includes('trace')) return this.#drop();
      for (const name of names) delete this.#own[name];
      const all = this.#settings();
      this.set(Object.fromEntries(names.map((name) => [name, all[name] ?? null])));
      for (const name of names) delete this.#own[name];
    }

    heard({ source, origin, data }) {
      if (source !== this.#frame?.contentWindow || origin !== this.#site().origin) return;
      const { type, ...detail } = Object(data);
      if (type === 'converge:height' && detail.height > 0 && detail.height < 2e4) {
        this.#height = Math.ceil(detail.height);
        this.restyle();
      } else if (type === 'converge:ready') {
        this.#ready = true;
        this.#frame.inert = false;
        this.set(this.#own);
        if (this.hasAttribute('trace')) {
          this.#show();
        } else {
          this.#reveal();
          if (this.#wanted) this.run();
        }
      } else if (type === 'converge:shown') {
        this.#reveal();
        return;
      } else if (type === 'converge:start') {
        this.#running = true;
      } else if (type === 'converge:end' && detail.schedules) {
        this.#running = false;
      } else return;
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
    }

    // The figure in place of its picture. Focus on the picture moves to the figure.
    #reveal() {
      if (this.#wanted && this.shadowRoot.activeElement) this.#frame.focus();
      this.#box.className = 'on';
    }

    // Hands the author's trace to the frame, which loads nothing itself.
    async #show() {
      const frame = this.#frame;
      const name = this.getAttribute('trace');
      let text = null;
      try {
        const file = await fetch(name).then((answer) => (answer.ok ? answer.blob() : null));
        if (file && file.size <= MOST_BYTES) text = await file.text();
      } catch { /* The frame says that it could not be loaded. */ }
      if (frame === this.#frame) this.#tell('show', { name: name.replace(/[?#].*|.*\//g, ''), text });
    }

    // Back to the picture, which pressed twice is a link.
    #drop() {
      this.#frame = this.#ready = this.#running = this.#wanted = this.#height = 0;
      const all = this.#settings();
      const poster = document.createElement('a');
      const label = document.createElement('b');
      label.textContent = this.hasAttribute('trace') ? 'Show the run' : 'Run';
      poster.append(label);
      if (!this.hasAttribute('trace') && Object.keys(all).every((name) => SHOWN.test(name))) {
        const picture = new Image();
        picture.alt = 'Both schedules as bars';
        picture.src = `${this.#site()}posters/${all.preset || 'researchers'}.svg#${this.#theme()}`;
        poster.append(picture);
      }
      poster.href = this.#address();
      poster.onclick = (event) => {
        if (this.#wanted) return;
        event.preventDefault();
        this.run();
        if (this.#ready) this.#frame.focus();
      };
      this.#box.className = '';
      this.#box.replaceChildren(poster);
      this.restyle();
    }

    #settings() {
      const all = {};
      for (const { name, value } of this.attributes) if (!PLAIN.test(setting(name))) all[setting(name)] = value;
      Object.assign(all, this.#own);
      for (const name in all) if (all[name] == null) delete all[name];
      return all;
    }

    #theme() {
      const { theme } = this.#settings();
      return /^(light|dark)$/.test(theme) ? theme : around();
    }

    #site() {
      return new URL('.', new URL(this.getAttribute('host') || '.', from));
    }

    #address(more) {
      return this.#site() + '#' + new URLSearchParams({ ...this.#settings(), theme: this.#theme(), ...more });
    }

    #tell(what, more) {
      if (this.#ready) this.#frame.contentWindow.postMessage({ ...more, type: 'converge:' + what }, this.#site().origin);
    }
  }

  const restyle = () => demos.forEach((demo) => demo.restyle());
  const near = (entries) => entries.forEach(({ target, isIntersecting }) =>
    isIntersecting && target.getAttribute('load') !== 'click' && target.load());
  const seen = (entries) => entries.forEach(({ target, isIntersecting }) => {
    target.inView = isIntersecting;
    target.restyle();
  });
  const watchers = [
    new IntersectionObserver(near, { rootMargin: '75%' }),
    new IntersectionObserver(seen),
  ];
  const resized = new ResizeObserver(restyle);
  const changed = new MutationObserver((records) => demos.forEach((demo) => {
    const own = records.filter((record) => record.target === demo);
    const names = own.map((record) => setting(record.attributeName)).filter((name) => name === 'trace' || !PLAIN.test(name));
    if (names.length) demo.changed(names);
  }));
  const themed = new MutationObserver(restyle);
  const attributeFilter = ['class', 'data-theme', 'data-bs-theme', 'data-md-color-scheme'];
  const watch = () => {
    for (const e of [document.documentElement, document.body]) themed.observe(e, { attributeFilter });
    restyle();
  };
  if (document.body) watch(); else addEventListener('DOMContentLoaded', watch);
  dark.addEventListener('change', restyle);
  addEventListener('message', (event) => demos.forEach((demo) => demo.heard(event)));

  addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-converge-set]');
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const away = (demo) => Math.abs(demo.getBoundingClientRect().top - link.getBoundingClientRect().top);
    for (let e = link; e; e = e.parentElement) {
      const [demo] = [...demos].filter((d) => e.contains(d)).sort((a, b) => away(a) - away(b));
      if (!demo) continue;
      event.preventDefault();
      demo.set(Object.fromEntries(new URLSearchParams(link.dataset.convergeSet)));
      if ('convergeRun' in link.dataset) demo.run();
      return demo.scrollIntoView({ block: 'nearest' });
    }
  });

  customElements.define('converge-demo', ConvergeDemo);
})();
