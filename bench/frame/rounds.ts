import type { Contender, Match, Sample } from './row.ts';
import { median } from './statistics.ts';

/** All that one contender did, without the warm-up. */
export interface Showing {
  readonly name: string;
  readonly figures: readonly number[];
  readonly median: number;
  /** CPU seconds of all rounds together. */
  readonly cpu: { readonly server: number; readonly client: number } | null;
}

export interface Outcome {
  readonly subject: Showing;
  readonly rival: Showing | null;
  /**
   * The ratio of the medians, or the median where there is no rival; and the least and the most of
   * single rounds.
   */
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Warms everybody up once and lets them take turns, `rounds` times, so that what drifts drifts for
 * all; every other round in the other order.
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
  const ours = showing(subject, samples.get(subject) ?? []);
  if (rival === undefined) return { subject: ours, rival: null, value: ours.median, ...extremes(ours.figures) };
  const theirs = showing(rival, samples.get(rival) ?? []);
  const ratios = ours.figures.map((figure, round) => figure / (theirs.figures[round] ?? Number.NaN));
  return { subject: ours, rival: theirs, value: ours.median / theirs.median, ...extremes(ratios) };
}

function extremes(figures: readonly number[]): { min: number; max: number } {
  return { min: Math.min(...figures), max: Math.max(...figures) };
}

function showing({ name }: Contender, samples: readonly Sample[]): Showing {
  const figures = samples.map(({ figure }) => figure);
  const counted = samples.flatMap(({ cpu }) => cpu ?? []);
  const sum = (of: (one: { server: number; client: number }) => number): number =>
    counted.reduce((total, one) => total + of(one), 0);
  const cpu =
    counted.length === 0 ? null : { server: sum(({ server }) => server), client: sum(({ client }) => client) };
  return { name, figures, median: median(figures), cpu };
}
