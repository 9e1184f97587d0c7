// Loads and starts the page, and says so in plain words where that fails, instead of leaving the
// reader in front of an empty window. A file of its own because the content security policy allows
// no inline script, and a classic script because one that is blocked or too new says nothing.
(function () {
  'use strict';

  // The theme that the address asks for must be there before the first paint.
  function setting(name) {
    return new URLSearchParams(location.hash.slice(1)).get(name)
      || new URLSearchParams(location.search).get(name);
  }
  var theme = setting('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

  // So must what the address shows of the page, and whether the figure in its HTML is the right one.
  if (setting('embed') === '1') document.documentElement.dataset.embed = '1';
  // These settings change it (a host test compares the list with the page's own).
  var changes = ['n', 'p', 'schedule', 'limit', 'on_error', 'quorum', 'hedge', 'spread', 'fail', 'retries',
    'first_timeout', 'read_timeout', 'run_timeout', 'block', 'provider', 'base_url', 'model', 'temperature', 'max_tokens',
    'latency', 'seed', 'jitter'];
  var is_drawn = !changes.some(setting) && /^(researchers)?$/.test(setting('preset') || '')
    && /^(all|race)?$/.test(setting('view') || '');
  if (!is_drawn) document.documentElement.dataset.drawn = 'no';

  // A reader need not wait for the program to say Run: it begins when it is there. An address that
  // runs by itself, or hides what starts a run, has no such button.
  var run = is_drawn && !setting('autoplay') && !setting('hide') && element('button', 'Run');
  if (run) {
    run.type = 'button';
    run.className = 'primary';
    run.addEventListener('click', function () {
      run.textContent = 'Starting';
      document.getElementById('first-paint').dataset.pressed = '';
    });
    document.querySelector('.first-figure .transport').prepend(run);
  }

  function element(name, text) {
    var e = document.createElement(name);
    e.textContent = text;
    return e;
  }

  // Shows the notice once: what follows the first failure is most likely its consequence.
  function notice(title, advice, detail) {
    var box = document.getElementById('notice');
    if (!box || !box.hidden) return;
    if (run) run.remove();
    // Without a run, at least its outcome.
    var early = document.getElementById('first-paint');
    if (early) early.dataset.failed = '';
    box.append(element('h2', title), element('p', advice));
    if (detail) box.append(element('p', 'The browser says: ' + detail));
    var again = element('button', 'Reload the page');
    again.type = 'button';
    again.addEventListener('click', function () { location.reload(); });
    box.append(again);
    box.hidden = false;
  }

  function stopped(error) {
    if (typeof WebAssembly !== 'object' || !(error instanceof WebAssembly.RuntimeError)) return;
    notice(
      'The page has stopped',
      'An error inside the page itself stopped it, so what you see no longer changes. '
        + 'Reload the page to start again; a key that you typed has to be typed again.',
      error.message
    );
  }

  function failed(error) {
    console.error(error);
    if (location.protocol === 'file:') {
      notice(
        'This page has to come from a web server',
        'Browsers do not load WebAssembly from a file. Any static server will do, for example '
          + 'cargo xtask serve in the project, or python3 -m http.server in this folder.'
      );
    } else if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) {
      notice(
        'The page could not start',
        'This browser did not accept the program that arrived. A reload helps when the site has '
          + 'just been updated; otherwise try a current version of the browser.',
        error.message
      );
    } else if (error instanceof WebAssembly.RuntimeError) {
      notice(
        'The page could not start',
        'An error inside the page itself stopped it. Reload the page to try again.',
        error.message
      );
    } else {
      notice(
        'The page could not be loaded',
        'A part of it did not arrive. Check the connection, then reload the page.',
        error.message
      );
    }
  }

  if (typeof WebAssembly !== 'object') {
    notice(
      'This browser cannot run the page',
      'The page is a WebAssembly program, and this browser has no WebAssembly or has it switched '
        + 'off (a lockdown mode does that). Any current Firefox, Chrome, Edge or Safari can run it.'
    );
    return;
  }

  // A panic surfaces as one of these two, depending on whether a callback or a future was running.
  addEventListener('error', function (event) { stopped(event.error); });
  addEventListener('unhandledrejection', function (event) { stopped(event.reason); });

  // Both files at once; the program is compiled while it streams in, and does not wait for the script
  // to begin with that. Some hosts do not call it by its type, and browsers stream nothing else.
  var script = document.getElementById('app-js').href;
  var program = fetch(document.getElementById('app-wasm').href).then(function (response) {
    if (!response.ok) {
      throw new Error(response.url.split('/').pop() + ' answered with status ' + response.status);
    }
    return response.headers.get('Content-Type') === 'application/wasm'
      ? WebAssembly.compileStreaming(response)
      : response.arrayBuffer().then(function (bytes) { return WebAssembly.compile(bytes); });
  });
  // What the HTML shows is seen before the program takes the thread: where all of it comes at once,
  // that is a frame. A browser may draw none, in a frame out of view or a tab behind others.
  var seen = is_drawn && new Promise(function (resolve) {
    requestAnimationFrame(function () { setTimeout(resolve); });
    setTimeout(resolve, 100);
  });
  Promise.all([import(script), program, seen])
    .then(function (loaded) { return loaded[0].default({ module_or_path: loaded[1] }); })
    .catch(failed);
})();
