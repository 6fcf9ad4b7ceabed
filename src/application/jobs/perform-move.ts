import type { Group } from '../../domain/access/group.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { requireMove } from '../drives/move-item.ts';
import { requireVisible } from '../drives/visible-media.ts';
import type { Lease } from '../leases/held-leases.ts';
import { statOf } from '../media/blob-stat.ts';
import { mediaInUse } from '../media/media-in-use.ts';
import { isWrittenInPlace } from '../media/require-room-to-grow.ts';
import type { Purge } from '../media/purge.ts';
import { requireUnmoved, type OwnedMedia } from '../media/require-unmoved.ts';
import { copyVerified, CopyFault } from '../integrity/copy-verified.ts';
import type {
  BlobContent,
  BlobInventory,
  BlobStat,
  BlobStores,
  ByteSource,
  CopyProgress,
} from '../ports/blob-store.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { Digests } from '../ports/digests.ts';
import type { ClaimedJob, JobTarget } from '../ports/job-repository.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { endJob } from './end-job.ts';
import { jobProgress } from './job-progress.ts';

/**
 * The bytes of an item before they are carried; they must be the same when the copy replaces them.
 */
interface Snapshot {
  readonly stat: BlobStat;
  readonly length: Bytes;
  readonly sha256: string | null;
  /** Whether it holds nothing but zeros. */
  readonly empty: boolean;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent & BlobInventory>;
  readonly pools: Pools;
  readonly digests: Digests;
  readonly rateLimiter: RateLimiter;
  readonly clock: MonotonicClock;
  readonly purge: Purge;
}

/**
 * Carries the bytes of an item to another pool, verifies them, and lets the item change over in one
 * transaction: before it, the item is complete in its old pool, after it in the new one. The copy
 * that held the bytes then holds the old ones until they are deleted.
 */
export class PerformMove {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves when the item has moved and its job has ended. After a failure the item is as before,
   * and the job can be tried again.
   *
   * @throws the refusal if the user who started the job lost the right to the move, or
   *   `media-not-found` if the item was removed
   * @throws `bytes-damaged`, `media-busy` while other items or jobs need bytes that have to change
   *   their pool, what the stores throw, or the reason of `signal` or of the lost lease
   */
  async run(job: ClaimedJob, { media: copy }: JobTarget, lease: Lease, signal: AbortSignal): Promise<void> {
    const { work, stores, purge } = this.#dependencies;
    const from = stores.of(job.source.pool, job.source.location);
    const { item } = await work.run(async (tx) => this.#require(tx, job, copy));
    const stop = AbortSignal.any([signal, lease.signal]);
    const snapshot = await this.#snapshotOf(job, item);
    const stored = await this.#carry(job, item, copy, snapshot, lease, stop);
    await lease.confirm();
    await work.run(async (tx) => {
      const { item, group } = await this.#require(tx, job, copy);
      const locked = await lockBoth(tx, item, copy.id, lease);
      await this.#requireUnchanged(tx, job, locked, snapshot);
      const retireSeconds = from.linkSeconds;
      const order = { item: locked, copy, group: group.id, stored, job: job.id, retireSeconds };
      if (!(await tx.itemMoves.switchOver(order))) throw new DomainError('media-busy');
      await endJob(tx, job, 'done');
      const left = await tx.groups.find(locked.group);
      if (left !== null) await tx.usage.refund(left.path, locked.pool, locked.size, 1);
    });
    if (from.linkSeconds === 0) await purge.run(copy.id);
  }

  /**
   * Checks the rights of the user who started the job as they are now, and that the item is ready.
   */
  async #require(
    tx: Transaction,
    { owner, source }: ClaimedJob,
    { id, pool }: Media,
  ): Promise<{ readonly item: Media; readonly group: Group }> {
    if (owner === null) throw new DomainError('user-not-found');
    const charged = await tx.itemMoves.findCopy(id);
    if (charged === null) throw new DomainError('media-not-found');
    const visible = await requireVisible(tx, owner, source.media);
    const group = await requireMove(tx, this.#dependencies.pools, owner, visible, { group: charged.group, pool });
    if (visible.media.state !== 'ready') throw new DomainError('media-not-found');
    if (await tx.scrub.isMarked(source.blob)) throw new DomainError('bytes-damaged');
    return { item: visible.media, group };
  }

  async #snapshotOf({ source }: ClaimedJob, { readOnly }: Media): Promise<Snapshot> {
    const { stored } = source;
    const stat = await statOf(this.#dependencies.stores, source, stored);
    const isTouched = !readOnly && stat?.fingerprint !== stored.fingerprint;
    const length = isTouched ? (stat?.storedBytes ?? bytes(0)) : stored.storedBytes;
    if (stat === null || stat.storedBytes < length) throw new DomainError('bytes-missing');
    const sha256 = isTouched ? null : stored.sha256;
    return { stat, length, sha256, empty: !isTouched && length === 0 && sha256 === null };
  }

  async #carry(
    job: ClaimedJob,
    { size, readOnly }: Media,
    copy: Media,
    { length, sha256, empty }: Snapshot,
    lease: Lease,
    signal: AbortSignal,
  ): Promise<StoredBlob> {
    const { stores, digests } = this.#dependencies;
    const to = stores.of(copy.pool, copy.location);
    const room = readOnly || !isWrittenInPlace(stores, copy.pool) ? null : size;
    if (empty) return to.allocate(copy.blob, size, room !== null);
    const { source } = job;
    const progress = jobProgress(this.#dependencies, job, lease, signal, async (tx) => requireReady(tx, source.media));
    const passage = {
      copied: (source: ByteSource, areHoles: boolean) => limited(source, areHoles, progress),
      // The progress counts the first reading only.
      verified: (source: ByteSource, areHoles: boolean) =>
        limited(source, areHoles, async (_read, moved) => progress(length, moved)),
    };
    const order = { from: stores.of(source.pool, source.location), to, length, sha256, room };
    try {
      return await copyVerified({ ...order, source: source.blob, target: copy.blob }, passage, digests, signal);
    } catch (error) {
      if (error instanceof CopyFault && error.reason === 'damaged') {
        throw new DomainError('bytes-damaged', undefined, { cause: error });
      }
      throw error;
    }
  }

  /** Reads the stat, not the bytes: only the lock ensures that no hypervisor gets to write. */
  async #requireUnchanged(tx: Transaction, { source }: ClaimedJob, item: Media, { stat }: Snapshot): Promise<void> {
    const isThere = item.pool === source.pool && item.location === source.location && item.blob === source.blob;
    if (!isThere || item.state !== 'ready') throw new DomainError('media-busy');
    if ((await tx.servers.having(item.id)).length > 0) throw await mediaInUse(tx, item.id);
    const from = this.#dependencies.stores.of(source.pool, source.location);
    const now = from.immutable ? stat : await from.stat(source.blob);
    if (now?.fingerprint !== stat.fingerprint) throw new DomainError('media-busy');
  }
}

/** Locks the item and its copy, by ascending id. */
async function lockBoth(tx: Transaction, item: Media, copy: MediaId, lease: Lease): Promise<OwnedMedia> {
  const locked = new Map<MediaId, Media | null>();
  for (const id of [item.id, copy].sort()) locked.set(id, await tx.media.lock(id));
  if (!(await tx.itemMoves.isHeld(copy, lease.holder))) await lease.lose();
  const media = locked.get(item.id) ?? null;
  if (media?.group == null) throw new DomainError('media-not-found');
  return requireUnmoved(media, { group: item.group ?? media.group, pool: item.pool });
}

async function requireReady(tx: Transaction, id: MediaId): Promise<void> {
  if ((await tx.media.find(id))?.state !== 'ready') throw new DomainError('media-not-found');
}

/** Zeros do not count for the rate: in files they are holes, or become holes. */
async function* limited(source: ByteSource, areHoles: boolean, progress: CopyProgress): ByteSource {
  let read = 0;
  for await (const chunk of source) {
    yield chunk;
    read += chunk.length;
    await progress(bytes(read), bytes(areHoles && isZero(chunk) ? 0 : chunk.length));
  }
}

function isZero(chunk: Uint8Array): boolean {
  return !chunk.some((byte) => byte !== 0);
}
