import type { Bench } from './bench.ts';

/** What one measurement found. */
export interface Sample {
  /** In the unit of its row. */
  readonly figure: number;
  /** CPU seconds that the server and the client took meanwhile, where they were counted. */
  readonly cpu?: { readonly server: number; readonly client: number };
}

/** One of those that are measured. */
export interface Contender {
  readonly name: string;
  measure(): Promise<Sample>;
}

/** Who is measured, one after the other, in every round. */
export interface Match {
  readonly subject: Contender;
  /** Whom the subject's figures are divided by; without one the figures stand for themselves. */
  readonly rival?: Contender;
  /** What a reader should know to judge the figures. */
  readonly remarks?: readonly string[];
}

export interface Row {
  /** What it is asked for by. */
  readonly name: string;
  /** What it measures, for people. */
  readonly title: string;
  /** Of each contender's figures. */
  readonly unit: string;
  /** What counts is the ratio of subject to rival, or the subject's figure alone. */
  readonly counts: 'ratio' | 'figure';
  readonly better: 'more' | 'less';
  /** What is to be reached; null for a row that is there to be looked at. */
  readonly atLeast: number | null;
  readonly dream: number | null;
  /** Sets the stage. Fails with `CannotRun` where something is not there. */
  readonly stage: (bench: Bench) => Promise<Match>;
}

/** Something that a row needs can't be had on this machine. */
export class CannotRun extends Error {}
