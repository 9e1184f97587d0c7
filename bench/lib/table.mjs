// What was measured as rows, and the rows as one table: medians, with how many times as much as each
// rival in the last column. No figure is typed in here but those that a row marks as published.

/** The middle one of some numbers, or the mean of the middle two. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The number below which that share of the others lies. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/**
 * A row. `ours` and each of `rivals` are samples, in `unit`; `published` are figures that others
 * have told, and were not measured here. `goal` is in words, and `reached(ours, rivals)` judges it,
 * from the medians.
 */
export function row({ figure, unit, digits = 1, ours, rivals = {}, published = {}, goal, reached }) {
  const middle = (samples) => (samples.length > 0 ? median(samples) : undefined);
  const medians = Object.fromEntries(
    Object.entries(rivals).map(([name, samples]) => [name, middle(samples)]));
  const own = middle(ours);
  const ratio = (other) => (own === undefined || !other ? undefined : own / other);
  return {
    figure, unit, digits, goal, published,
    samples: { Converge: ours, ...rivals },
    medians: { Converge: own, ...medians },
    ratios: Object.fromEntries(
      Object.entries({ ...medians, ...published }).map(([name, other]) => [name, ratio(other)])),
    reached: own === undefined ? undefined : reached?.(own, medians),
  };
}

const number = (value, digits) => (value === undefined ? '-' : value.toLocaleString('en-GB', {
  minimumFractionDigits: digits, maximumFractionDigits: digits,
}));

const HEAD = ['figure', 'unit', 'Converge', 'rivals', 'to reach', '', 'ratio'];

function cells({ figure, unit, digits, medians, published, ratios, goal, reached }) {
  const { Converge: own, ...rivals } = medians;
  return [
    figure,
    unit,
    number(own, digits),
    [
      ...Object.entries(rivals).map(([name, value]) => `${name} ${number(value, digits)}`),
      ...Object.entries(published).map(([name, value]) => `${name} ${number(value, digits)} (published)`),
    ].join(', '),
    goal ?? '',
    reached === undefined ? '' : reached ? 'yes' : 'no',
    Object.values(ratios).map((value) => number(value, 2)).join(', '),
  ];
}

/** All rows as text, in columns; or as Markdown. */
export function table(rows, { markdown = false } = {}) {
  const grid = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...grid.map((line) => line[column].length)));
  const right = new Set([2, 6]);
  const line = (texts) => texts.map((text, column) =>
    (right.has(column) ? text.padStart(widths[column]) : text.padEnd(widths[column])));
  if (!markdown) return grid.map((texts) => line(texts).join('  ').trimEnd()).join('\n');
  const rule = HEAD.map((_, column) => (right.has(column) ? '--:' : '---'));
  return [grid[0], rule, ...grid.slice(1)].map((texts) => `| ${texts.join(' | ')} |`).join('\n');
}
