import type { Bench } from './bench.ts';

/** The result of one measurement. */
export interface Sample {
  /** In the unit of its row. */
  readonly figure: number;
  /** CPU seconds of the server and the client meanwhile, if measured. */
  readonly cpu?: { readonly server: number; readonly client: number };
}

/** A program that is measured. */
export interface Contender {
  readonly name: string;
  measure(): Promise<Sample>;
}

/** The contenders of a row, measured one after the other in each round. */
export interface Match {
  readonly subject: Contender;
  /** The divisor of the subject's figures; without it the figures count as they are. */
  readonly rival?: Contender;
  /** Remarks for a reader of the figures. */
  readonly remarks?: readonly string[];
}

export interface Row {
  /** The name on the command line. */
  readonly name: string;
  /** The description in the table. */
  readonly title: string;
  /** The unit of the figures. */
  readonly unit: string;
  /** Whether the ratio of subject to rival counts, or the subject's figure alone. */
  readonly counts: 'ratio' | 'figure';
  readonly better: 'more' | 'less';
  /** The target; null for a row without one. */
  readonly atLeast: number | null;
  readonly dream: number | null;
  /**
   * Prepares the match.
   *
   * @throws CannotRun when a requirement is missing
   */
  readonly stage: (bench: Bench) => Promise<Match>;
}

/** This machine lacks a requirement of a row. */
export class CannotRun extends Error {}
