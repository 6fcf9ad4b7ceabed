import { rightsOf } from '../../domain/pools/assignment.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { JobId } from '../../domain/shared/ids.ts';
import { reported } from '../../domain/shared/reported.ts';
import { requirePermission } from '../access/require-permission.ts';
import type { Lease } from '../leases/held-leases.ts';
import { reconcileFileMode } from '../drives/file-mode.ts';
import { statOf } from '../media/blob-stat.ts';
import type { BlobContent, BlobStores, CopyProgress } from '../ports/blob-store.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { ClaimedJob } from '../ports/job-repository.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { endJob } from './end-job.ts';
import { unshareBytes } from './unshare-bytes.ts';

/** How often the database is told how far a copy is, in milliseconds. */
const NOTE_EVERY_MS = 1000;

type Source = ClaimedJob['source'];

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly rateLimiter: RateLimiter;
  readonly clock: MonotonicClock;
}

/** Brings the bytes of a clone, or of a private copy, and finishes it together with its job. */
export class PerformClone {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;
  readonly #rateLimiter: RateLimiter;
  readonly #clock: MonotonicClock;

  constructor({ work, stores, rateLimiter, clock }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#rateLimiter = rateLimiter;
    this.#clock = clock;
  }

  /**
   * Resolves once clone and job are done. Fails when whoever asked may not have the clone any more,
   * with `bytes-damaged`, with what the stores fail with, with the reason of the lease's loss or of
   * `signal`; what is half made is then taken away, and trying again is fine.
   */
  async run(
    job: ClaimedJob,
    target: NonNullable<ClaimedJob['target']>,
    lease: Lease,
    signal: AbortSignal,
  ): Promise<void> {
    const { size } = await this.#work.run(async (tx) => {
      await requireSound(tx, job);
      return requireStillWanted(tx, job, target.media);
    });
    const stop = AbortSignal.any([signal, lease.signal]);
    const wanted = { ...target.media, size, readOnly: isForReaders(job, target.media) };
    const stored = await this.#writeBytes(job, wanted, this.#progressOf(job, lease, stop), stop);
    await lease.confirm();
    await this.#work.run(async (tx) => {
      await requireSound(tx, job);
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
   * The digest of the source is that of the copy, where nobody has written to the one and nothing
   * was added to the other.
   */
  async #knownDigest(source: Source, copied: StoredBlob, target: Media): Promise<string | null> {
    if (copied.storedBytes !== source.stored.storedBytes || copied.storedBytes !== target.size) return null;
    const after = await this.#stores.of(source.pool, source.location).stat(source.blob);
    return after?.fingerprint === source.stored.fingerprint ? source.stored.sha256 : null;
  }

  /** From one pool, or place of it, to the other: the bytes go through here. */
  async #copyBytes(
    { pool, location, blob }: Source,
    there: number,
    target: Media,
    progress: CopyProgress,
    signal: AbortSignal,
  ): Promise<StoredBlob> {
    const store = this.#stores.of(target.pool, target.location);
    const length = bytes(Math.min(there, target.size));
    // What an attempt left that came to no end.
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

  /**
   * Keeps the pace, makes sure that the lease holds, and now and then tells how far the copy is.
   */
  #progressOf({ id, tenant }: ClaimedJob, lease: Lease, signal: AbortSignal): CopyProgress {
    let notedAt = this.#clock.now();
    return async (copied, moved) => {
      await this.#rateLimiter.waitFor(moved, signal, tenant);
      await lease.confirm();
      if (this.#clock.now() - notedAt < NOTE_EVERY_MS) return;
      notedAt = this.#clock.now();
      await this.#note(id, copied);
    };
  }

  /** A copy goes on while the database is away, for as long as its lease holds. */
  async #note(id: JobId, copied: Parameters<CopyProgress>[0]): Promise<void> {
    try {
      await this.#work.run(async (tx) => tx.jobs.advance(id, copied));
    } catch (error) {
      if (!isFailure(error, 'unavailable')) throw error;
    }
  }
}

/**
 * Whether nobody is to write to the bytes. A private copy is for the media that part where it lies
 * in their own file, and else for the others.
 */
function isForReaders({ operation, source }: ClaimedJob, { blob, readOnly }: Media): boolean {
  return operation === 'unshare' ? blob !== ownBlobOf(source.media) : readOnly;
}

/** What is known to be damaged is not to be handed on as if it were what came in. */
async function requireSound(tx: Transaction, { source }: ClaimedJob): Promise<void> {
  if (await tx.scrub.isMarked(source.blob)) throw new DomainError('bytes-damaged');
}

/**
 * The media that are to have the bytes, for whoever asked with the rights that they have now. That
 * the source of a clone may be gone, or out of their sight, does no harm; what is to part must be
 * there.
 */
async function requireStillWanted(
  tx: Transaction,
  { operation, owner, source }: ClaimedJob,
  target: Media,
): Promise<Media> {
  const wanted = operation === 'unshare' ? await tx.media.find(source.media) : target;
  if (wanted === null) throw new DomainError('media-not-found');
  const group = wanted.group === null ? null : await tx.groups.find(wanted.group);
  if (owner === null) throw new DomainError('user-not-found');
  if (group === null) throw new DomainError('group-not-found');
  await requirePermission(tx, owner, 'velocity.media.create', group);
  const rights = rightsOf(group.id, await tx.assignments.find(group.id, wanted.pool));
  if (rights?.manage !== true) throw new DomainError('not-manager');
  return wanted;
}
