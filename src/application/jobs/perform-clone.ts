import { rightsOf } from '../../domain/pools/assignment.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { reported } from '../../domain/shared/reported.ts';
import { requirePermission } from '../access/require-permission.ts';
import type { Lease } from '../leases/held-leases.ts';
import { reconcileFileMode } from '../drives/file-mode.ts';
import { statOf } from '../media/blob-stat.ts';
import type { BlobContent, BlobStores, CopyProgress } from '../ports/blob-store.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { ClaimedJob, JobTarget } from '../ports/job-repository.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { endJob } from './end-job.ts';
import { jobProgress } from './job-progress.ts';
import { unshareBytes } from './unshare-bytes.ts';

type Source = ClaimedJob['source'];

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly rateLimiter: RateLimiter;
  readonly clock: MonotonicClock;
}

/** Copies the bytes of a clone, or of a private copy, and finishes it together with its job. */
export class PerformClone {
  readonly #dependencies: Dependencies;
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    this.#work = dependencies.work;
    this.#stores = dependencies.stores;
  }

  /**
   * Resolves when clone and job are finished. After a failure nothing of the copy remains, and the
   * job can be tried again.
   *
   * @throws the refusal if the user who started the job lost the right to the clone
   * @throws `bytes-damaged`, what the stores throw, or the reason of `signal` or of the lost
   *   lease
   */
  async run(job: ClaimedJob, target: JobTarget, lease: Lease, signal: AbortSignal): Promise<void> {
    const { size } = await this.#work.run(async (tx) => {
      await requireUndamaged(tx, job);
      return requireTarget(tx, job, target.media);
    });
    const stop = AbortSignal.any([signal, lease.signal]);
    const copy = { ...target.media, size, readOnly: isReadOnlyCopy(job, target.media) };
    const stored = await this.#writeBytes(job, copy, jobProgress(this.#dependencies, job, lease, stop), stop);
    await lease.confirm();
    await this.#work.run(async (tx) => {
      await requireUndamaged(tx, job);
      const isOurs =
        job.operation === 'unshare'
          ? await unshareBytes(tx, job, target.media, lease.holder, stored)
          : await tx.media.finish(target.media.id, lease.holder, stored, target.facts);
      if (!isOurs) await lease.lose();
      await endJob(tx, job, 'done');
    });
    if (job.operation === 'unshare') await reconcileFileMode(this.#work, this.#stores, job.source.media);
  }

  async #writeBytes(
    { source }: ClaimedJob,
    target: Media,
    progress: CopyProgress,
    signal: AbortSignal,
  ): Promise<StoredBlob> {
    if (target.blob === source.blob) return source.stored;
    const from = this.#stores.of(source.pool, source.location);
    const stat = await statOf(this.#stores, source, source.stored);
    if (stat === null) throw new DomainError('bytes-missing');
    const isUntouched = stat.fingerprint === source.stored.fingerprint;
    if (isUntouched && source.stored.storedBytes === 0) {
      await progress(bytes(0), bytes(0));
      return this.#stores.of(target.pool, target.location).allocate(target.blob, target.size, !target.readOnly);
    }
    if (source.pool !== target.pool || source.location !== target.location)
      return this.#copyBytes(source, stat.storedBytes, target, progress, signal);
    const copied = await from.copy(source.blob, target.blob, target.size, progress, signal, !target.readOnly);
    return { ...copied, sha256: copied.sha256 ?? (await this.#knownDigest(source, copied, target)) };
  }

  /**
   * Returns the digest of the source for the copy, if neither was written to and both have the same
   * length.
   */
  async #knownDigest(source: Source, copied: StoredBlob, target: Media): Promise<string | null> {
    if (copied.storedBytes !== source.stored.storedBytes || copied.storedBytes !== target.size) return null;
    const after = await this.#stores.of(source.pool, source.location).stat(source.blob);
    return after?.fingerprint === source.stored.fingerprint ? source.stored.sha256 : null;
  }

  /** Copies between pools or locations: the bytes go through this process. */
  async #copyBytes(
    { pool, location, blob }: Source,
    storedBytes: number,
    target: Media,
    progress: CopyProgress,
    signal: AbortSignal,
  ): Promise<StoredBlob> {
    const store = this.#stores.of(target.pool, target.location);
    const length = bytes(Math.min(storedBytes, target.size));
    // Remains of an earlier attempt.
    await store.remove(target.blob);
    const writer = store.writer(target.blob, length, { writable: !target.readOnly });
    try {
      const source = await this.#stores.of(pool, location).read(blob, { from: 0, to: length }, signal);
      await writer.write(reported(source, progress), signal);
      await progress(length, bytes(0));
      const stored = await writer.commit();
      if (length === target.size) return stored;
      const { fingerprint } = await store.resize(target.blob, target.size);
      return { storedBytes: length, sha256: null, fingerprint };
    } catch (error) {
      await writer.cancel();
      throw error;
    }
  }
}

/**
 * Whether the copy is for read-only items. A private copy under the item's own blob id is for the
 * item that becomes writable, else for the others.
 */
function isReadOnlyCopy({ operation, source }: ClaimedJob, { blob, readOnly }: Media): boolean {
  return operation === 'unshare' ? blob !== ownBlobOf(source.media) : readOnly;
}

/** Refuses to copy bytes that are marked as damaged. */
async function requireUndamaged(tx: Transaction, { source }: ClaimedJob): Promise<void> {
  if (await tx.scrub.isMarked(source.blob)) throw new DomainError('bytes-damaged');
}

/**
 * Returns the item that is to own the bytes. Checks the rights of the user who started the job as
 * they are now. The source of a clone may have been removed or become invisible; an item that
 * unshares must exist.
 */
async function requireTarget(tx: Transaction, { operation, owner, source }: ClaimedJob, target: Media): Promise<Media> {
  const item = operation === 'unshare' ? await tx.media.find(source.media) : target;
  if (item === null) throw new DomainError('media-not-found');
  const group = item.group === null ? null : await tx.groups.find(item.group);
  if (owner === null) throw new DomainError('user-not-found');
  if (group === null) throw new DomainError('group-not-found');
  await requirePermission(tx, owner, 'velocity.media.create', group);
  const rights = rightsOf(group.id, await tx.assignments.find(group.id, item.pool));
  if (rights?.manage !== true) throw new DomainError('not-manager');
  return item;
}
