import type { Contender, Match, Sample } from './row.ts';
import { median } from './statistics.ts';

/** The figures of one contender, without the warm-up. */
export interface Figures {
  readonly name: string;
  readonly figures: readonly number[];
  readonly median: number;
  /** CPU seconds over all rounds. */
  readonly cpu: { readonly server: number; readonly client: number } | null;
}

export interface Outcome {
  readonly subject: Figures;
  readonly rival: Figures | null;
  /**
   * The ratio of the medians, or the median without a rival; `min` and `max` are of single rounds.
   */
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Warms up each contender once, then measures them alternately, `rounds` times, so that drift
 * affects all alike. Every other round has the reverse order.
 */
export async function play({ subject, rival }: Match, rounds: number): Promise<Outcome> {
  const players = rival === undefined ? [subject] : [subject, rival];
  for (const player of players) await player.measure();
  const samples = new Map<Contender, Sample[]>(players.map((player) => [player, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const player of round % 2 === 0 ? players : players.toReversed()) {
      samples.get(player)?.push(await player.measure());
    }
  }
  const ours = figuresOf(subject, samples.get(subject) ?? []);
  if (rival === undefined) return { subject: ours, rival: null, value: ours.median, ...extremes(ours.figures) };
  const theirs = figuresOf(rival, samples.get(rival) ?? []);
  const ratios = ours.figures.map((figure, round) => figure / (theirs.figures[round] ?? Number.NaN));
  return { subject: ours, rival: theirs, value: ours.median / theirs.median, ...extremes(ratios) };
}

function extremes(figures: readonly number[]): { min: number; max: number } {
  return { min: Math.min(...figures), max: Math.max(...figures) };
}

function figuresOf({ name }: Contender, samples: readonly Sample[]): Figures {
  const figures = samples.map(({ figure }) => figure);
  const counted = samples.flatMap(({ cpu }) => cpu ?? []);
  const sum = (of: (one: { server: number; client: number }) => number): number =>
    counted.reduce((total, one) => total + of(one), 0);
  const cpu =
    counted.length === 0 ? null : { server: sum(({ server }) => server), client: sum(({ client }) => client) };
  return { name, figures, median: median(figures), cpu };
}
