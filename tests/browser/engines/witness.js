// Runs in every page of the smoke before the page's own scripts: notes what goes wrong in it, and finds
// elements by role and name as assistive technology does (with Testing Library, which is loaded first).
(() => {
  const notes = { errors: [], console: [], violations: [], requests: [] };
  const text = (value) => (value instanceof Error ? `${value}\n${value.stack}` : String(value));

  addEventListener('error', (event) => notes.errors.push(`${event.message} (${event.filename}:${event.lineno})`));
  addEventListener('unhandledrejection', (event) => notes.errors.push(text(event.reason)));
  addEventListener('securitypolicyviolation', (event) =>
    notes.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
  for (const type of ['error', 'warn']) {
    const say = console[type];
    console[type] = (...values) => {
      notes.console.push({ type, text: values.map(text).join(' ') });
      say.apply(console, values);
    };
  }
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) notes.requests.push(name);
  }).observe({ type: 'resource', buffered: true });

  const { queryAllByRole } = window.TestingLibraryDom;
  window.witness = {
    /** What has been noted since the last time. */
    take: () => Object.fromEntries(Object.entries(notes).map(([kind, list]) => [kind, list.splice(0)])),
    /** The one element with that role and name, or null. More than one is an error of the test. */
    find(role, name, within = document.body) {
      const found = queryAllByRole(within, role, name === undefined ? {} : { name });
      if (found.length > 1) throw new Error(`${found.length} elements are ${role} ${name}`);
      return found[0] ?? null;
    },
  };
})();
