/** Returns the median. `figures` must not be empty. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return (at(sorted, Math.ceil(middle) - 1) + at(sorted, Math.floor(middle))) / 2;
}

/** Returns the percentile `share` (0 to 1), by nearest rank. `figures` must not be empty. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((one, other) => one - other);
  return at(sorted, Math.max(0, Math.ceil(sorted.length * share) - 1));
}

function at(figures: readonly number[], index: number): number {
  const figure = figures[index];
  if (figure === undefined) throw new Error('there are no figures');
  return figure;
}
