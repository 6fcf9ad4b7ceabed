import type { InstanceId } from '../../domain/shared/ids.ts';

/** A running program of this installation. */
export interface SeenReplica {
  readonly id: InstanceId;
  readonly version: string;
  readonly startedAt: Date;
  readonly seenAt: Date;
}

/** The operator's commands that examine the installation. */
export type ExaminationKind = 'doctor' | 'scrub';

/**
 * The result of an examination; `incomplete` when something could not be read or it was stopped.
 */
export interface ExaminationResult {
  readonly result: 'healthy' | 'findings' | 'incomplete';
  readonly findings: number;
}

export interface EndedExamination extends ExaminationResult {
  readonly endedAt: Date;
}

/** The database server. */
export interface DatabaseFacts {
  readonly version: string;
  readonly sizeBytes: number;
}

/** What is known of the installation as a whole. Time is the clock of the database. */
export interface SystemRepository {
  /** Records that a replica runs, and forgets those that were not seen for a day. */
  see(id: InstanceId, version: string): Promise<void>;
  /** Returns the replicas that were seen in the last minute, by start, at most 1,000. */
  replicas(): Promise<readonly SeenReplica[]>;
  /** Records the result of an examination that has just ended, in place of the last one. */
  recordExamination(kind: ExaminationKind, result: ExaminationResult): Promise<void>;
  /** Returns the last examination of each kind. */
  examinations(): Promise<Readonly<Partial<Record<ExaminationKind, EndedExamination>>>>;
  database(): Promise<DatabaseFacts>;
}
