import type { Pools } from '../../domain/pools/pool.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import { reported } from '../../domain/shared/reported.ts';
import type { Upload } from '../../domain/uploads/upload.ts';
import type { BlobContent, BlobStores, ByteSource } from '../ports/blob-store.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { ClaimedImport } from '../ports/import-repository.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { isRefusal } from '../uploads/end-upload.ts';
import { inspectUpload } from '../uploads/inspect-upload.ts';
import { lossOf, type UploadLease } from '../uploads/upload-leases.ts';
import type { UploadSession, UploadSessions } from '../uploads/upload-sessions.ts';
import { resizeImport } from './resize-import.ts';
import { SourceLost } from './source-bytes.ts';

/** An import that takes longer fails. */
export const MAX_IMPORT_SECONDS = 86_400;

/** How often the progress is stored. */
const PROGRESS_INTERVAL_MS = 1000;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly uploadSessions: UploadSessions;
  readonly importRate: RateLimiter;
  readonly clock: MonotonicClock;
  readonly metrics: Metrics;
}

/** Returns the bytes of a source, which awaits `brokeOff` whenever a connection breaks. */
export type ReadSource = (brokeOff: () => Promise<void>) => ByteSource;

/** Writes the bytes of an import into its upload. */
export class WriteImport {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves when all bytes are durable; an upload whose length was not known has it then. What
   * arrived before a failure is recorded.
   *
   * @throws DomainError `source-too-large`; a refusal of the bytes
   * @throws what `source` and the stores throw, or the reason of the signal or of the lost lease
   */
  async run(job: ClaimedImport, lease: UploadLease, read: ReadSource, signal: AbortSignal): Promise<UploadSession> {
    const { uploadSessions } = this.#dependencies;
    const { upload } = lease;
    const session = await uploadSessions.open(lease);
    const { appender, inspection } = session;
    let recorded = upload.offset;
    const record = async (offset: Bytes): Promise<void> => {
      await this.#record(job, lease, offset);
      recorded = offset;
    };
    let isWhole = false;
    try {
      await this.#append(job, lease, session, read, signal, record);
      if (recorded < appender.offset || upload.length === 0) await record(await appender.flush());
      const whole = recorded === upload.length ? session : await this.#shorten(job, lease, session);
      isWhole = true;
      return whole;
    } finally {
      const isKept = recorded === appender.offset && inspection.passed >= recorded;
      if (!isWhole) await (isKept ? uploadSessions.keep(session) : appender.discard());
    }
  }

  async #append(
    job: ClaimedImport,
    lease: UploadLease,
    { appender, inspection }: UploadSession,
    read: ReadSource,
    signal: AbortSignal,
    record: (offset: Bytes) => Promise<void>,
  ): Promise<void> {
    const { length, offset } = lease.upload;
    try {
      // A crash then costs what came since the last broken connection, at most.
      const source = read(async () => appender.checkpoint());
      const measured = this.#measured(job, offset, source, signal);
      await appender.append(inspection.through(measured, lease.confirm), signal, record);
    } catch (error) {
      if (isFailure(error, 'body-too-long')) throw new DomainError('source-too-large', { max: length });
      const isFinal = isRefusal(error) || error instanceof SourceLost || isFailure(lease.signal.reason, 'upload-gone');
      if (!isFinal && appender.offset > offset) await record(await appender.flush());
      throw error;
    }
  }

  /** Passes the bytes on at the permitted rate, and stores the progress from time to time. */
  #measured({ job, tenant }: ClaimedImport, from: Bytes, source: ByteSource, signal: AbortSignal): ByteSource {
    const { work, importRate, clock, metrics } = this.#dependencies;
    let storedAt = clock.now();
    return reported(source, async (passed, moved) => {
      metrics.importReceived(moved);
      await importRate.waitFor(moved, signal, tenant);
      if (clock.now() - storedAt < PROGRESS_INTERVAL_MS) return;
      storedAt = clock.now();
      await work.run(async (tx) => tx.jobs.advance(job, bytes(from + passed))).catch(unlessUnavailable);
    });
  }

  async #record({ job }: ClaimedImport, { upload, holder, signal }: UploadLease, offset: Bytes): Promise<void> {
    const { work } = this.#dependencies;
    const isRecorded = await work.run(async (tx) => {
      const isHeld = await tx.uploads.record(upload.id, holder, offset, MAX_IMPORT_SECONDS);
      if (isHeld) await tx.jobs.advance(job, offset);
      return isHeld;
    });
    if (isRecorded) return;
    signal.throwIfAborted();
    const found = await work.read(async (tx) => tx.uploads.find(upload.id));
    // The reply to a record of the last byte may have been lost.
    if (found?.state !== 'verifying' || found.offset !== offset) throw lossOf(found);
  }

  /** A source that did not tell its length has ended: refunds the rest. */
  async #shorten({ job }: ClaimedImport, lease: UploadLease, { appender }: UploadSession): Promise<UploadSession> {
    const { work } = this.#dependencies;
    const { holder } = lease;
    await appender.shorten();
    const length = appender.offset;
    const upload: Upload = { ...lease.upload, length, offset: length, state: 'verifying' };
    await work.run(async (tx) =>
      resizeImport(tx, upload, length, async () => tx.imports.shorten(job, upload.id, holder, length)),
    );
    const inspection = inspectUpload(upload, this.#dependencies);
    await inspection.resume(length, async (at, size) => appender.read(at, size));
    return { upload, appender, inspection };
  }
}

/** The bytes go on during an outage of the database, while the lease lasts. */
function unlessUnavailable(error: unknown): void {
  if (!isFailure(error, 'unavailable')) throw error;
}
