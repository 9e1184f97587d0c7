// The program itself, as WebAssembly: for tests and benches of what it takes of a tab's memory.

/**
 * In the page, before its own scripts: keeps hold of what the program exports, on `window.program`: its
 * `memory`, and how it gets some of it. Its further modules use the same memory, and have none to export.
 */
export function holdProgram() {
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const usual = WebAssembly[name];
    WebAssembly[name] = async (...all) => {
      const made = await usual.apply(WebAssembly, all);
      const { exports } = made.instance ?? made;
      if (exports.memory && exports.__wbindgen_malloc) window.program = exports;
      return made;
    };
  }
}
