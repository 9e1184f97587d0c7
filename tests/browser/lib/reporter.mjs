// What a run prints: a line a test, what went wrong in the ones that failed and where their traces are,
// the slowest, and as the very last line `N passed, N failed, N skipped`.

import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const SLOWEST = 20;
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const MARKS = { passed: 'ok', failed: 'FAILED', timedOut: 'FAILED', interrupted: 'FAILED', skipped: 'skipped' };

export default class Reporter {
  #began = performance.now();
  #errors = [];
  #config;
  #suite;

  printsToStdio() {
    return true;
  }

  onBegin(config, suite) {
    this.#config = config;
    this.#suite = suite;
    console.log(`${suite.allTests().length} tests, ${config.workers} at a time`);
  }

  onTestEnd(test, result) {
    const reason = result.status === 'skipped' && told(test, result, 'skip').join('; ');
    console.log(`${MARKS[result.status].padEnd(7)} ${seconds(result.duration).padStart(7)}  ${name(test)}`
      + (reason ? ` (${reason})` : ''));
    for (const line of told(test, result, 'measured')) console.log(`                 ${line}`);
    if (MARKS[result.status] === 'FAILED') {
      for (const error of result.errors) console.log(indented(message(error)));
    }
  }

  /** What a test prints itself. */
  onStdOut(chunk) {
    process.stdout.write(chunk);
  }

  onStdErr(chunk) {
    process.stderr.write(chunk);
  }

  /** What went wrong outside of any test: a file that cannot be loaded, say. */
  onError(error) {
    this.#errors.push(error);
    console.log(`FAILED  outside of any test\n${indented(message(error))}`);
  }

  async onEnd(result) {
    const tests = this.#suite?.allTests() ?? [];
    const counts = { passed: 0, failed: this.#errors.length, skipped: 0 };
    const failed = [];
    for (const test of tests) {
      const outcome = test.outcome();
      if (outcome === 'expected') counts.passed += 1;
      else if (outcome === 'skipped') counts.skipped += 1;
      else {
        counts.failed += 1;
        failed.push(test);
      }
    }
    // A run that was cut short is no success, whatever has passed by then; nor is one of nothing.
    if (tests.length === 0 && this.#errors.length === 0) {
      counts.failed += 1;
      console.log('FAILED  no test was found');
    }

    const took = ({ results }) => results.reduce((sum, { duration }) => sum + duration, 0);
    const slowest = tests.filter((test) => took(test) > 0).sort((a, b) => took(b) - took(a)).slice(0, SLOWEST);
    if (slowest.length > 0) {
      console.log(`\nThe ${slowest.length} slowest:`);
      for (const test of slowest) console.log(`${seconds(took(test)).padStart(9)}  ${name(test)}`);
    }
    if (failed.length > 0) {
      console.log('\nFailed:');
      for (const test of failed) console.log(`  ${name(test)}`);
      const output = this.#config.projects[0].outputDir;
      const folder = relative(this.#config.rootDir, output);
      console.log(`\nTraces and pictures are in ${output};\n`
        + `in tests/browser, npx playwright show-trace ${folder}/TEST/trace.zip opens one.`);
    }
    console.log(`\n${seconds(performance.now() - this.#began)} in all (${result.status})`);
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    return { status: counts.failed > 0 ? 'failed' : result.status };
  }
}

/** `file › describe › test`. */
const name = (test) => test.titlePath().slice(2).join(' › ');

/** What a test has noted of that kind. */
const told = (test, result, type) => [...test.annotations, ...result.annotations ?? []]
  .filter((annotation) => annotation.type === type && annotation.description)
  .map(({ description }) => description)
  .filter((text, at, all) => all.indexOf(text) === at);

const message = ({ message, stack, snippet, value }) =>
  [stack ?? message ?? value, snippet].filter(Boolean).join('\n');
const plain = (text) => (process.stdout.isTTY ? text : stripVTControlCharacters(text));
const indented = (text) => plain(text).split('\n').map((line) => `    ${line}`).join('\n');
