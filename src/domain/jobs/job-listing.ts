import type { Creator } from '../media/media-listing.ts';
import type { Bytes } from '../shared/bytes.ts';
import type { GroupId, JobId, MediaId } from '../shared/ids.ts';
import type { FailureDetails } from '../shared/domain-error.ts';
import type { ImportPhase, JobOperation, JobState } from './job.ts';

/** A job as the users who see its item see it. */
export interface ListedJob {
  readonly id: JobId;
  readonly operation: JobOperation;
  readonly state: JobState;
  readonly source: MediaId;
  readonly target: MediaId;
  /**
   * The group of the item that it creates or changes; if that item was removed, its group when the
   * job was created. Null if the group was removed.
   */
  readonly group: GroupId | null;
  readonly copied: Bytes;
  readonly total: Bytes;
  /** ISO 8601 in UTC, with microseconds. */
  readonly created: string;
  readonly modified: string;
  /** The code of its last failure; null for none. */
  readonly failure: string | null;
  /** The details of that failure, empty for none; null if they are not stored. */
  readonly failureDetail: FailureDetails[keyof FailureDetails] | null;
  /** Of an import, what is done for it; null before its first attempt and after its end. */
  readonly phase: ImportPhase | null;
  /** Null if that user was removed. */
  readonly owner: Creator | null;
}

/** How fast a job proceeds. */
export interface JobPace {
  /** Bytes per second since it was requested; null before the first bytes. */
  readonly bytesPerSecond: number | null;
  /** Null unless it runs and its rate is known. */
  readonly estimatedEnd: Date | null;
}

/** Returns the pace of a job at its last progress. */
export function paceOf({ state, copied, total, created, modified }: ListedJob): JobPace {
  const [begun, last] = [Date.parse(created), Date.parse(modified)];
  const seconds = (last - begun) / 1000;
  if (copied === 0 || seconds <= 0) return { bytesPerSecond: null, estimatedEnd: null };
  const bytesPerSecond = Math.max(1, Math.round(copied / seconds));
  if (state !== 'started') return { bytesPerSecond, estimatedEnd: null };
  return { bytesPerSecond, estimatedEnd: new Date(last + ((total - copied) / bytesPerSecond) * 1000) };
}
