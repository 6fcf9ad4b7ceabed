import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Chore, JobOutcome, Metrics } from '../../application/ports/metrics.ts';

const CHORES: readonly Chore[] = [
  'leases',
  'upload-leases',
  'sweep',
  'uploads',
  'jobs',
  'imports',
  'authkeys',
  'ended-jobs',
  'trash',
  'links',
  'expired-links',
  'withdrawals',
  'audit',
  'capacities',
  'replicas',
];
/** Up to what verifying a large item on a slow disk takes. */
const FINISH_SECONDS = [0.1, 1, 10, 60, 600];
const OUTCOMES: readonly JobOutcome[] = ['done', 'retried', 'failed', 'dropped', 'left'];

/** Registers the metrics of uploads, downloads, jobs and chores. */
export class PrometheusWorkMetrics implements Metrics {
  readonly #uploads: Gauge;
  readonly #turnedAway: Counter;
  readonly #resumed: Counter<'by'>;
  readonly #finishSeconds: Histogram;
  readonly #expired: Counter;
  readonly #downloads: Gauge;
  readonly #downloadsTurnedAway: Counter;
  readonly #attempts: Counter<'outcome'>;
  readonly #imports: Counter<'outcome'>;
  readonly #importedBytes: Counter;
  readonly #takenOver: Counter;
  readonly #removalFailures: Counter;
  readonly #passes: Counter<'chore' | 'outcome'>;
  readonly #passSeconds: Counter<'chore'>;
  readonly #lastDone: Gauge<'chore'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#uploads = new Gauge({
      name: 'platter_uploads_in_progress',
      help: 'Uploads that this process is receiving',
      registers,
    });
    this.#turnedAway = new Counter({
      name: 'platter_uploads_rejected_total',
      help: 'Uploads refused because the limit of this process, or the share of the tenant, was reached',
      registers,
    });
    this.#resumed = new Counter({
      name: 'platter_uploads_resumed_total',
      help: 'Requests that continued a resumable upload: one of this process (own), or taken over from another (other)',
      labelNames: ['by'],
      registers,
    });
    this.#finishSeconds = new Histogram({
      name: 'platter_upload_finish_seconds',
      help: 'From the last byte of a resumable upload to its finished item',
      buckets: FINISH_SECONDS,
      registers,
    });
    this.#expired = new Counter({
      name: 'platter_uploads_expired_total',
      help: 'Resumable uploads that ended because no bytes were sent any more',
      registers,
    });
    this.#downloads = new Gauge({
      name: 'platter_downloads_in_progress',
      help: 'Downloads that this process is sending',
      registers,
    });
    this.#downloadsTurnedAway = new Counter({
      name: 'platter_downloads_rejected_total',
      help: 'Downloads refused because the limit of this process, or the share of the tenant, was reached',
      registers,
    });
    this.#attempts = new Counter({
      name: 'platter_job_attempts_total',
      help: 'Attempts at jobs that ended in this process, by outcome',
      labelNames: ['outcome'],
      registers,
    });
    this.#imports = new Counter({
      name: 'platter_import_attempts_total',
      help: 'Attempts at imports that ended in this process, by outcome',
      labelNames: ['outcome'],
      registers,
    });
    this.#importedBytes = new Counter({
      name: 'platter_import_received_bytes_total',
      help: 'Bytes that imports fetched, also those that had to be fetched again',
      registers,
    });
    this.#takenOver = new Counter({
      name: 'platter_sweep_media_taken_over_total',
      help: 'Unfinished media items that the sweeper took over because their lease had expired',
      registers,
    });
    this.#removalFailures = new Counter({
      name: 'platter_sweep_removal_failures_total',
      help: 'Failed attempts to delete the bytes of removed media items. Each is retried',
      registers,
    });
    this.#passes = new Counter({
      name: 'platter_chore_passes_total',
      help: 'Passes of the background chores, by outcome',
      labelNames: ['chore', 'outcome'],
      registers,
    });
    this.#passSeconds = new Counter({
      name: 'platter_chore_seconds_total',
      help: 'Time spent in passes of the background chores',
      labelNames: ['chore'],
      registers,
    });
    this.#lastDone = new Gauge({
      name: 'platter_chore_last_done_timestamp_seconds',
      help: 'When a pass last succeeded. Before the first success: when the process started',
      labelNames: ['chore'],
      registers,
    });
    // They start at 0, so that the first one counts as an increase.
    for (const by of ['own', 'other']) this.#resumed.inc({ by }, 0);
    for (const attempts of [this.#attempts, this.#imports]) {
      for (const outcome of OUTCOMES) attempts.inc({ outcome }, 0);
    }
    for (const chore of CHORES) {
      for (const outcome of ['done', 'failed']) this.#passes.inc({ chore, outcome }, 0);
      this.#passSeconds.inc({ chore }, 0);
      this.#lastDone.setToCurrentTime({ chore });
    }
  }

  uploadBegun(): () => void {
    this.#uploads.inc();
    return () => this.#uploads.dec();
  }

  uploadTurnedAway(): void {
    this.#turnedAway.inc();
  }

  uploadResumed(isContinued: boolean): void {
    this.#resumed.inc({ by: isContinued ? 'own' : 'other' });
  }

  uploadFinished(seconds: number): void {
    this.#finishSeconds.observe(seconds);
  }

  uploadExpired(): void {
    this.#expired.inc();
  }

  downloadBegun(): () => void {
    this.#downloads.inc();
    return () => this.#downloads.dec();
  }

  downloadTurnedAway(): void {
    this.#downloadsTurnedAway.inc();
  }

  jobAttempted(outcome: JobOutcome): void {
    this.#attempts.inc({ outcome });
  }

  importAttempted(outcome: JobOutcome): void {
    this.#imports.inc({ outcome });
  }

  importReceived(bytes: number): void {
    this.#importedBytes.inc(bytes);
  }

  mediaTakenOver(): void {
    this.#takenOver.inc();
  }

  removalFailed(): void {
    this.#removalFailures.inc();
  }

  chorePassed(chore: Chore, outcome: 'done' | 'failed', seconds: number): void {
    this.#passes.inc({ chore, outcome });
    this.#passSeconds.inc({ chore }, seconds);
    if (outcome === 'done') this.#lastDone.setToCurrentTime({ chore });
  }
}
