// The bench's arithmetic. Measuring itself is no test: a machine's load is not the page's fault.
// `cargo xtask bench --smoke` tells whether the harness works.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { median, quantile, row, table } from '../../bench/lib/table.mjs';

describe('the bench', () => {
  test('takes the middle of its samples, and leaves them as they came', () => {
    const samples = [9, 1, 5];
    assert.equal(median(samples), 5);
    assert.deepEqual(samples, [9, 1, 5]);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(quantile(Array.from({ length: 100 }, (_, at) => 100 - at), 0.95), 96);
    assert.equal(quantile([7], 0.95), 7);
  });

  test('sets medians in relation, judges them, and says what was not measured here', () => {
    const rows = [row({
      figure: 'time', unit: 'ms', ours: [2, 1, 30], rivals: { slow: [8, 8, 8], none: [] },
      published: { told: 4 }, goal: 'half of slow', reached: (own, { slow }) => own <= slow / 2,
    })];
    assert.deepEqual(rows[0].ratios, { slow: 0.25, none: undefined, told: 0.5 });
    assert.equal(rows[0].reached, true);
    const [head, line] = table(rows).split('\n');
    assert.match(head, /^figure +unit +Converge +rivals +to reach +ratio$/);
    assert.match(line, /^time +ms +2\.0 +slow 8\.0, none -, told 4\.0 \(published\) +half of slow +yes +0\.25, -, 0\.50$/);
    assert.match(table(rows, { markdown: true }), /\| time \| ms \| 2\.0 \|/);
  });
});
