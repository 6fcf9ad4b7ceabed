/** What goes on by itself, again and again. */
export type Chore = 'leases' | 'sweep' | 'jobs' | 'authkeys' | 'ended-jobs' | 'withdrawals' | 'audit' | 'capacities';

/**
 * How an attempt at a job ended: `dropped` where nobody wanted it any more, `left` where it was put
 * down for whoever comes next.
 */
export type JobOutcome = 'done' | 'retried' | 'failed' | 'dropped' | 'left';

/**
 * Counts what happens in this process, for the operator. Nothing here fails or waits, and nothing
 * of it names anybody.
 */
export interface Metrics {
  /** An upload was let in; whoever calls calls the answer, once, when it has ended. */
  uploadBegun(): () => void;
  /** An upload was refused because too many were under way. */
  uploadTurnedAway(): void;
  /** Bytes are sent to a caller; whoever calls calls the answer, once, when that has ended. */
  downloadBegun(): () => void;
  /** A download was refused because too many were under way. */
  downloadTurnedAway(): void;
  jobAttempted(outcome: JobOutcome): void;
  /** The sweeper took over media whose bringer fell silent. */
  mediaTakenOver(): void;
  /** The bytes of removed media could not be taken away this time. */
  removalFailed(): void;
  /** A pass of a chore took so many seconds. */
  chorePassed(chore: Chore, outcome: 'done' | 'failed', seconds: number): void;
}

/**
 * Counts requests. Routes are patterns out of a table, never paths as they came. Nothing here fails
 * or waits.
 */
export interface RequestMetrics {
  requestBegun(): void;
  /** `status` is null where the client went away before there was one. */
  requestEnded(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number | null;
    readonly seconds: number;
  }): void;
  bytesReceived(route: string, bytes: number): void;
  bytesSent(route: string, bytes: number): void;
  /** A call failed with this code, out of a closed set. */
  failed(code: string): void;
}
