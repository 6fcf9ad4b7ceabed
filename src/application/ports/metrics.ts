/** A periodic background task. */
export type Chore =
  | 'leases'
  | 'upload-leases'
  | 'sweep'
  | 'uploads'
  | 'jobs'
  | 'imports'
  | 'authkeys'
  | 'ended-jobs'
  | 'trash'
  | 'links'
  | 'expired-links'
  | 'withdrawals'
  | 'audit'
  | 'capacities'
  | 'replicas';

/**
 * How an attempt at a job ended: `dropped` if its target was removed, `left` if it was released for
 * another worker.
 */
export type JobOutcome = 'done' | 'retried' | 'failed' | 'dropped' | 'left';

/**
 * Counts events of this process for the operator. Never throws or waits; no label names a user, a
 * group or an item.
 */
export interface Metrics {
  /** Counts an admitted upload. Call the returned function once when it has ended. */
  uploadBegun(): () => void;
  /** Counts an upload that was refused because too many were under way. */
  uploadTurnedAway(): void;
  /** Counts a request that continued an upload, which this process wrote to last or another one. */
  uploadResumed(isContinued: boolean): void;
  /** Counts a resumable upload whose item is ready, `seconds` after its last byte. */
  uploadFinished(seconds: number): void;
  /** Counts a resumable upload that expired. */
  uploadExpired(): void;
  /** Counts a download. Call the returned function once when it has ended. */
  downloadBegun(): () => void;
  /** Counts a download that was refused because too many were under way. */
  downloadTurnedAway(): void;
  jobAttempted(outcome: JobOutcome): void;
  importAttempted(outcome: JobOutcome): void;
  /** Counts bytes that imports fetched, also those that were fetched twice. */
  importReceived(bytes: number): void;
  /** Counts an item that the sweeper took over because its lease had expired. */
  mediaTakenOver(): void;
  /** Counts an attempt to delete the bytes of a removed item that failed. */
  removalFailed(): void;
  /** Counts a run of a chore, which took `seconds`. */
  chorePassed(chore: Chore, outcome: 'done' | 'failed', seconds: number): void;
}

/**
 * Counts requests. Routes are the patterns of a route table, never paths. Never throws or waits.
 */
export interface RequestMetrics {
  requestBegun(): void;
  /** Counts a request; `status` is null if the client disconnected before the response began. */
  requestEnded(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number | null;
    readonly seconds: number;
  }): void;
  bytesReceived(route: string, bytes: number): void;
  bytesSent(route: string, bytes: number): void;
  /** Counts a failure; codes are a closed set. */
  failed(code: string): void;
}
