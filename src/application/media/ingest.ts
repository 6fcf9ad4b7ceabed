import type { Caller } from '../../domain/access/caller.ts';
import type { Action } from '../../domain/audit/audit-event.ts';
import { isUnderWay, type UnderWay } from '../../domain/media/media-states.ts';
import { growthOf } from '../../domain/media/formats/disk-image.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { StoredBlob } from '../../domain/media/media.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import { findPool, type Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { BlobId, GroupId, MediaId } from '../../domain/shared/ids.ts';
import type { HeldLeases, Lease } from '../leases/held-leases.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { admit, type MediaOrder } from './admit.ts';
import { Inspection } from './inspection.ts';
import type { Purge } from './purge.ts';
import { requireRoomToGrow } from './require-room-to-grow.ts';
import { markForDeletionIf } from './mark-for-deletion.ts';

/** Writes the bytes of one new media item. */
export interface ItemWriter {
  /** Does all slow work, invisibly to readers. Resolves with the detected image facts. */
  writeBytes(signal: AbortSignal): Promise<ImageFacts>;
  /** Makes the bytes durable and visible in one step, or not at all. */
  commit(): Promise<StoredBlob>;
  /** Removes all written bytes. Always safe; does nothing after `commit`. */
  cancel(): Promise<void>;
}

/** An item to store, with the work to do in the transaction that admits it. */
export type IngestOrder = MediaOrder & {
  /** The id of the item; a new one if omitted. It must never have been used before. */
  readonly id?: MediaId | undefined;
  /**
   * The audit action to record when the item is finished; null if the caller records one itself. If
   * omitted, the upload or creation is recorded.
   */
  readonly action?: Action | null | undefined;
  /** Takes locks that precede all locks of an admission, in the same transaction. */
  readonly beforehand?: ((tx: Transaction) => Promise<void>) | undefined;
  /**
   * Stores further rows of the item in the transaction that admits it, so that neither exists
   * without the other.
   */
  readonly alongside?: ((tx: Transaction, id: MediaId) => Promise<void>) | undefined;
};

/** The state of an item after an error: `deleted` if a user removed it meanwhile. */
type Outcome = 'finished' | 'deleted' | 'failed';

const ACTIONS: Readonly<Record<UnderWay, Action>> = {
  creating: 'media.create',
  uploading: 'media.upload',
  cloning: 'media.clone-end',
};

/** Failures that can occur after an admission, for every source of bytes. */
export type IngestFailure = 'unavailable' | 'media-not-found' | 'group-not-found' | 'no-space' | 'quota-exceeded';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly leases: HeldLeases;
  readonly purge: Purge;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Stores a new media item: one transaction admits it, then its bytes are written, then one
 * transaction finishes it. Afterwards the item is either finished or removed completely; if the
 * database cannot be reached to tell which, the sweeper removes it.
 */
export class Ingest {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;
  readonly #pools: Pools;
  readonly #leases: HeldLeases;
  readonly #purge: Purge;
  readonly #random: Random;
  readonly #log: Log;

  constructor({ work, stores, pools, leases, purge, random, log }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#leases = leases;
    this.#purge = purge;
    this.#random = random;
    this.#log = log;
  }

  /** Resolves with the id of the finished item. */
  async run(
    caller: Caller,
    order: IngestOrder,
    state: UnderWay,
    work: (store: BlobContent, blob: BlobId, inspection: Inspection) => ItemWriter,
    signal: AbortSignal,
  ): Promise<MediaId> {
    const id = order.id ?? (this.#random.uuid() as MediaId);
    const { lease, stored: store } = await this.#leases.hold(id, async (terms) =>
      this.#work.onBehalfOf(caller).run(async (tx) => {
        await order.beforehand?.(tx);
        const location = await admit(tx, this.#pools, caller, id, order, state, terms);
        const target = this.#stores.of(order.pool, location);
        if (state === 'uploading') target.requireWritable(order.size);
        await order.alongside?.(tx, id);
        return target;
      }),
    );
    try {
      const { action = ACTIONS[state] } = order;
      await this.#write(
        id,
        lease,
        work(store, ownBlobOf(id), this.#inspectionOf(caller, order)),
        signal,
        async (tx) => {
          if (action !== null) await tx.audit.record(caller, { action, media: id, details: { size: order.size } });
        },
      );
    } catch (error) {
      const outcome = await this.#conclude(id, lease, store);
      if (outcome === 'finished') return id;
      throw lease.signal.aborted ? await this.#reasonOfLoss(order.group, outcome, error) : error;
    }
    lease.release();
    return id;
  }

  #inspectionOf(caller: Caller, order: IngestOrder): Inspection {
    const capacity = findPool(this.#pools, order.pool)?.capacity ?? null;
    return new Inspection(order.size, capacity, async (facts) => {
      if (growthOf(facts, order.size) === 0) return;
      await this.#work.onBehalfOf(caller).run(async (tx) => requireRoomToGrow(tx, this.#stores, order, facts));
    });
  }

  async #write(
    id: MediaId,
    lease: Lease,
    bytes: ItemWriter,
    signal: AbortSignal,
    record: (tx: Transaction) => Promise<void>,
  ): Promise<void> {
    try {
      const facts = await bytes.writeBytes(AbortSignal.any([signal, lease.signal]));
      await lease.confirm();
      signal.throwIfAborted();
      const stored = await bytes.commit();
      await lease.confirm();
      signal.throwIfAborted();
      const finished = await this.#work.run(async (tx) => {
        if (!(await tx.media.finish(id, this.#leases.holder, stored, facts))) return false;
        await record(tx);
        return true;
      });
      if (!finished) await lease.lose();
    } catch (error) {
      await bytes.cancel();
      throw error;
    }
  }

  /**
   * Reads the state of the item after a failure, because a COMMIT whose reply was lost may have
   * succeeded, and removes an unfinished item. If the database or the pool cannot be reached, gives
   * up the lease and leaves the rest to the sweeper.
   */
  async #conclude(id: MediaId, lease: Lease, store: BlobContent): Promise<Outcome> {
    try {
      const { media, deleted } = await this.#work.run(async (tx) => {
        const isOurs = await markForDeletionIf(tx, id, ({ state }) => isUnderWay(state));
        return { media: await tx.media.find(id), deleted: !isOurs && (await tx.media.isDeleted(id)) };
      });
      if (media?.state === 'removing') await this.#purge.run(id);
      // A sweeper considered this process dead and deleted the row: bytes written since then have
      // no row.
      if (media === null) await store.remove(ownBlobOf(id));
      lease.release();
      if (media?.state === 'ready') return 'finished';
      return deleted ? 'deleted' : 'failed';
    } catch (error) {
      lease.giveUp();
      this.#log.warn({ media: id, err: error }, 'an unfinished media item is left to the sweeper');
      return 'failed';
    }
  }

  /**
   * Explains the loss of a lease. If the group was removed or the item deleted, the failure is
   * final; if this process was silent for too long, the caller may try again.
   */
  async #reasonOfLoss(group: GroupId, outcome: Outcome, cause: unknown): Promise<unknown> {
    const found = await this.#work.run((tx) => tx.groups.find(group));
    if (found === null) return new DomainError('group-not-found', undefined, { cause });
    return outcome === 'deleted' ? new DomainError('media-not-found', undefined, { cause }) : cause;
  }
}
