import type { Caller } from '../../domain/access/caller.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { waitWithin } from '../leases/time-limit.ts';
import type { UploadSlots } from '../media/upload-slots.ts';
import type { ByteSource } from '../ports/blob-store.ts';
import type { Digests } from '../ports/digests.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import {
  digested,
  requireAppendable,
  requireAt,
  requireFitting,
  verifying,
  type AppendBody,
  type AppendChecksum,
} from './append-body.ts';
import type { UploadLimits } from './upload-limits.ts';
import { isRefusal, type EndUpload } from './end-upload.ts';
import type { FinishUpload } from './finish-upload.ts';
import { requireUpload, viewOf } from './require-upload.ts';
import { lossOf, type UploadLease, type UploadLeases } from './upload-leases.ts';
import type { UploadSession, UploadSessions } from './upload-sessions.ts';
import type { UploadView } from './upload-view.ts';
import type { ViewUpload, ViewUploadFailure } from './view-upload.ts';

export type AppendToUploadFailure =
  | ViewUploadFailure
  | 'upload-offset-mismatch'
  | 'upload-locked'
  | 'upload-verifying'
  | 'checksum-mismatch'
  | 'body-too-short'
  | 'body-too-long'
  | 'body-cut-off'
  | 'body-too-slow'
  | 'digest-mismatch'
  | 'format-refused'
  | 'quota-exceeded'
  | 'no-space';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly uploadSlots: UploadSlots;
  readonly uploadLeases: UploadLeases;
  readonly uploadSessions: UploadSessions;
  readonly viewUpload: ViewUpload;
  readonly finishUpload: FinishUpload;
  readonly endUpload: EndUpload;
  readonly digests: Digests;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly limits: UploadLimits;
}

/** Appends the bytes of one request to an upload, and finishes it with the last byte. */
export class AppendToUpload {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves when the bytes are durable; with the last byte, when the item is `ready`. What arrived
   * before a failure stays, unless `checksum` says otherwise.
   *
   * @throws DomainError `upload-offset-mismatch` where `offset` is not that of the upload;
   *   `upload-locked` where another request has it and does not give it up in time;
   *   `upload-verifying` where the bytes are all there and the item is not finished in time;
   *   `body-too-long`, before the body is read, where `length` exceeds what is missing;
   *   `checksum-mismatch` and `body-cut-off` with a checksum leave the offset as it was;
   *   `digest-mismatch`, `format-refused` and `quota-exceeded` (a thin image) end the upload
   */
  async run(
    caller: Caller,
    id: UploadId | null,
    offset: number,
    body: AppendBody,
    signal: AbortSignal,
  ): Promise<UploadView> {
    const { viewUpload, uploadSlots } = this.#dependencies;
    const upload = await viewUpload.authorized(caller, id);
    requireAppendable(caller, upload, offset, body);
    if (body.length === 0 && upload.length > 0) return viewOf(requireAt(upload, offset));
    const release = uploadSlots.acquire(caller, upload.pool);
    try {
      return await this.#append(caller, upload.id, offset, body, signal);
    } finally {
      release();
    }
  }

  async #append(
    caller: Caller,
    id: UploadId,
    offset: number,
    body: AppendBody,
    signal: AbortSignal,
  ): Promise<UploadView> {
    const { work, uploadLeases, uploadSessions, endUpload, metrics } = this.#dependencies;
    const lease = await uploadLeases.acquire(id);
    let isHandedOver = false;
    try {
      if (lease.upload.state === 'verifying') throw verifying();
      requireAt(lease.upload, offset);
      requireFitting(lease.upload, body);
      const session = await uploadSessions.open(lease);
      if (offset > 0) metrics.uploadResumed(lease.isContinued);
      const end = await this.#write(lease, session, body, signal);
      if (end === lease.upload.length) {
        isHandedOver = true;
        await this.#complete(caller, lease, session);
      }
    } catch (error) {
      // A lease that was handed over ends before its upload is refused.
      const failure: unknown = lease.signal.aborted && !isHandedOver ? lease.signal.reason : error;
      throw await endUpload.after(failure, lease.upload, { by: caller, action: 'media.upload' });
    } finally {
      if (!isHandedOver) await lease.release();
    }
    const upload = await work.onBehalfOf(caller).read(async (tx) => requireUpload(tx, caller, id));
    if (upload.state === 'verifying') throw verifying();
    return viewOf(upload);
  }

  /** Returns the offset up to which everything is durable and recorded. */
  async #write(lease: UploadLease, session: UploadSession, body: AppendBody, signal: AbortSignal): Promise<Bytes> {
    const { appender, inspection } = session;
    const { length } = lease.upload;
    let recorded = lease.upload.offset;
    const record = async (offset: Bytes): Promise<void> => {
      await this.#record(lease, offset);
      recorded = offset;
    };
    let isLast = false;
    try {
      if (body.checksum === null) {
        lease.onCheckpoint(async () => appender.checkpoint());
        await this.#take(lease, session, body.source, signal, record);
      } else {
        await this.#takeVerified(lease, session, body.source, signal, body.checksum);
      }
      if (recorded < appender.offset || length === 0) await record(await appender.flush());
      isLast = recorded === length;
      return recorded;
    } finally {
      const isKept = recorded === appender.offset && inspection.passed >= recorded;
      if (isKept && !isLast) await this.#dependencies.uploadSessions.keep(session);
      if (!isKept) await appender.discard();
    }
  }

  /** Whatever ended the body: what came before that is recorded. */
  async #take(
    lease: UploadLease,
    { appender, inspection }: UploadSession,
    source: ByteSource,
    signal: AbortSignal,
    record: (offset: Bytes) => Promise<void>,
  ): Promise<void> {
    try {
      const stop = AbortSignal.any([signal, lease.signal]);
      await appender.append(inspection.through(source, lease.confirm), stop, record);
    } catch (error) {
      if (isRefusal(error) || isFailure(lease.signal.reason, 'upload-gone')) throw error;
      if (appender.offset > lease.upload.offset) await record(await appender.flush());
      throw error;
    }
  }

  async #takeVerified(
    lease: UploadLease,
    { appender, inspection }: UploadSession,
    source: ByteSource,
    signal: AbortSignal,
    { algorithm, value }: AppendChecksum,
  ): Promise<void> {
    const digest = this.#dependencies.digests.begin(algorithm);
    appender.mark();
    try {
      const stop = AbortSignal.any([signal, lease.signal]);
      await appender.append(inspection.through(digested(source, digest), lease.confirm), stop, null);
      if (!isSame(digest.value(), value)) throw new DomainError('checksum-mismatch');
    } catch (error) {
      appender.rewind();
      throw error;
    }
  }

  async #record({ upload, holder, signal }: UploadLease, offset: Bytes): Promise<void> {
    const { work, limits } = this.#dependencies;
    const isRecorded = await work.runStatement(async (tx) =>
      tx.uploads.record(upload.id, holder, offset, limits.expirySeconds),
    );
    if (isRecorded) return;
    signal.throwIfAborted();
    const found = await work.read(async (tx) => tx.uploads.find(upload.id));
    // The reply to a record of the last byte may have been lost.
    if (found?.state !== 'verifying' || found.offset !== offset) throw lossOf(found);
  }

  /** The rest goes on when the request does not wait for it any longer. */
  async #complete(caller: Caller, lease: UploadLease, session: UploadSession): Promise<void> {
    const { finishUpload, log, limits } = this.#dependencies;
    const finished = finishUpload.run(lease, session, caller);
    finished.catch((error: unknown) => {
      if (!isRefusal(error)) log.warn({ media: lease.upload.id, err: error }, 'an upload is not verified yet');
    });
    await waitWithin(finished, limits.verifySeconds * 1000);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
