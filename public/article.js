// What an author can do with the figures: the article's own theme, which they follow, and sentences
// from the runs in front of the reader.
(() => {
  'use strict';
  const root = document.documentElement;
  const button = document.getElementById('theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const name = () => (root.dataset.theme || (dark.matches ? 'dark' : 'light'));
  const label = () => { button.textContent = name() === 'dark' ? 'Light theme' : 'Dark theme'; };
  button.addEventListener('click', () => {
    root.dataset.theme = name() === 'dark' ? 'light' : 'dark';
    label();
  });
  dark.addEventListener('change', label);
  label();
  button.hidden = false;

  const seconds = (ms) => (ms / 1000).toFixed(2) + ' s';
  const finished = new Map();

  document.addEventListener('converge:end', ({ target, detail }) => {
    const { sequential, parallel } = detail.schedules;
    if (!detail.speedup) return;
    if (target.id === 'company') {
      const guess = detail.guess_ms == null ? '' : ` You guessed ${seconds(detail.guess_ms)}.`;
      document.getElementById('yours').textContent = `In your browser, just now: `
        + `${seconds(sequential.makespan_ms)} sequential, ${seconds(parallel.makespan_ms)} parallel, `
        + `${detail.speedup.toFixed(1)} times faster. The slowest chain was `
        + `${parallel.trace.metrics.critical_path.join(', then ')}.${guess}`;
    }
    finished.set(target, sequential.makespan_ms - parallel.makespan_ms);
    const saved = [...finished.values()].reduce((sum, ms) => sum + ms, 0);
    const summary = document.getElementById('summary');
    const runs = finished.size === 1 ? 'one figure' : `${finished.size} figures`;
    summary.textContent = `You have run ${runs} on this page. Running in parallel has saved `
      + `${seconds(saved)} of waiting.`;
    summary.hidden = false;
  });
})();
