import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Upload, UploadId } from '../../domain/uploads/upload.ts';
import type { Inspection } from '../media/inspection.ts';
import type { BlobAppender } from '../ports/blob-appender.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { inspectUpload } from './inspect-upload.ts';
import type { UploadLease } from './upload-leases.ts';

/** What this process knows of the bytes of an upload that it writes to. */
export interface UploadSession {
  readonly upload: Upload;
  readonly appender: BlobAppender;
  readonly inspection: Inspection;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly maxIdle: number;
}

/**
 * Keeps digests and inspections of uploads between their requests, so that they are not read again.
 * Of more than `maxIdle` the least recently used is forgotten.
 */
export class UploadSessions {
  readonly #dependencies: Dependencies;
  readonly #idle = new Map<UploadId, UploadSession>();

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Opens the bytes of an upload at its recorded offset, for the holder of its lease.
   *
   * @throws DomainError `bytes-missing` or `unavailable`; the reason with which the lease ended
   */
  async open({ upload, isContinued, signal, until }: UploadLease): Promise<UploadSession> {
    const idle = this.#idle.get(upload.id);
    this.#idle.delete(upload.id);
    const isKnown = idle !== undefined && isContinued && idle.upload.location === upload.location;
    if (!isKnown) await idle?.appender.discard();
    const appender = isKnown ? idle.appender : this.#appender(upload);
    try {
      await appender.open(upload.offset, signal, until);
      const isInspected = isKnown && idle.inspection.passed === upload.offset;
      const inspection = isInspected ? idle.inspection : inspectUpload(upload, this.#dependencies);
      if (!isInspected) await inspection.resume(upload.offset, async (at, length) => appender.read(at, length));
      return { upload, appender, inspection };
    } catch (error) {
      await appender.discard();
      throw error;
    }
  }

  /** Closes a session, to be opened again: everything before its offset is recorded. */
  async keep(session: UploadSession): Promise<void> {
    await session.appender.close();
    this.#idle.set(session.upload.id, session);
    const [oldest] = this.#idle.values();
    if (this.#idle.size <= this.#dependencies.maxIdle || oldest === undefined) return;
    this.#idle.delete(oldest.upload.id);
    await oldest.appender.discard();
  }

  /** Forgets what is known of an upload to which no request writes. */
  async forget(id: UploadId): Promise<void> {
    const idle = this.#idle.get(id);
    this.#idle.delete(id);
    await idle?.appender.discard();
  }

  #appender({ id, pool, location, length }: Upload): BlobAppender {
    return this.#dependencies.stores.of(pool, location).resumable.appender(ownBlobOf(id), length);
  }
}
