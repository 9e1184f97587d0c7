// The bench's arithmetic. Measuring itself is no test: a machine's load is not the page's fault.
// `cargo xtask bench --smoke` tells whether the harness works.

import { median, quantile, row, table } from '../../bench/lib/table.mjs';
import { expect, test } from './lib/test.mjs';

test.describe('the bench', () => {
  test('takes the middle of its samples, and leaves them as they came', () => {
    const samples = [9, 1, 5];
    expect(median(samples)).toBe(5);
    expect(samples).toEqual([9, 1, 5]);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile(Array.from({ length: 100 }, (_, at) => 100 - at), 0.95)).toBe(96);
    expect(quantile([7], 0.95)).toBe(7);
  });

  test('sets medians in relation, judges them, and says what was not measured here', () => {
    const rows = [row({
      figure: 'time', unit: 'ms', ours: [2, 1, 30], rivals: { slow: [8, 8, 8], none: [] },
      published: { told: 4 }, goal: 'half of slow', reached: (own, { slow }) => own <= slow / 2,
    })];
    expect(rows[0].ratios).toEqual({ slow: 0.25, none: undefined, told: 0.5 });
    expect(rows[0].reached).toBe(true);
    const [head, line] = table(rows).split('\n');
    expect(head).toMatch(/^figure +unit +Converge +rivals +to reach +ratio$/);
    expect(line).toMatch(/^time +ms +2\.0 +slow 8\.0, none -, told 4\.0 \(published\) +half of slow +yes +0\.25, -, 0\.50$/);
    expect(table(rows, { markdown: true })).toMatch(/\| time \| ms \| 2\.0 \|/);
  });
});
