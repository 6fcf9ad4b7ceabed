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

/** How the bytes of one piece of media come to be. */
export interface ByteWork {
  /**
   * Everything that takes long, out of everybody's sight. Resolves with what the bytes were found
   * to be.
   */
  writeBytes(signal: AbortSignal): Promise<ImageFacts>;
  /** Makes the bytes durable and visible at once, or not at all. */
  commit(): Promise<StoredBlob>;
  /** Leaves nothing of it. Always safe, and does nothing after `commit`. */
  cancel(): Promise<void>;
}

/** Media to take in, and what else belongs to them from the first moment on. */
export type IngestOrder = MediaOrder & {
  /** Their id; without one they get a new one. It must not have been used before. */
  readonly id?: MediaId | undefined;
  /**
   * What the audit says of them once they are finished; null where somebody else says it. Without
   * it, that they were uploaded or created.
   */
  readonly action?: Action | null | undefined;
  /** Locks what comes before all that an admission locks, in the same transaction. */
  readonly beforehand?: ((tx: Transaction) => Promise<void>) | undefined;
  /**
   * Stores what else is known of them, in the transaction that admits them: then there is never one
   * without the other.
   */
  readonly alongside?: ((tx: Transaction, id: MediaId) => Promise<void>) | undefined;
};

/** How media that could not be finished ended; `deleted` where a user removed them meanwhile. */
type Outcome = 'finished' | 'deleted' | 'failed';

const ACTIONS: Readonly<Record<UnderWay, Action>> = {
  creating: 'media.create',
  uploading: 'media.upload',
  cloning: 'media.clone-end',
};

/** What can go wrong once media were admitted, whatever brings their bytes. */
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
 * Takes media in: one transaction admits them, their bytes are brought, one transaction finishes
 * them. Whatever happens on the way, in the end they are finished, or nothing of them is left;
 * where the database can't say which, the sweeper sees to it.
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

  /** Resolves with the id of the finished media. */
  async run(
    caller: Caller,
    order: IngestOrder,
    state: UnderWay,
    work: (store: BlobContent, blob: BlobId, inspection: Inspection) => ByteWork,
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
      await this.#fill(id, lease, work(store, ownBlobOf(id), this.#inspectionOf(caller, order)), signal, async (tx) => {
        if (action !== null) await tx.audit.record(caller, { action, media: id, details: { size: order.size } });
      });
    } catch (error) {
      const outcome = await this.#conclude(id, lease, store);
      if (outcome === 'finished') return id;
      throw lease.signal.aborted ? await this.#whyLost(order.group, outcome, error) : error;
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

  async #fill(
    id: MediaId,
    lease: Lease,
    bytes: ByteWork,
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
   * Asks the database what is true after a failure, since a lost answer to COMMIT may have been a
   * success, and takes back what is not finished. Where it can't be asked, or the bytes can't be
   * taken away now, the lease is given up and the sweeper does the rest.
   */
  async #conclude(id: MediaId, lease: Lease, store: BlobContent): Promise<Outcome> {
    try {
      const { media, deleted } = await this.#work.run(async (tx) => {
        const isOurs = await markForDeletionIf(tx, id, ({ state }) => isUnderWay(state));
        return { media: await tx.media.find(id), deleted: !isOurs && (await tx.media.isDeleted(id)) };
      });
      if (media?.state === 'removing') await this.#purge.run(id);
      // A sweeper took us for dead, so that the row went first: whatever we made since then has
      // none.
      if (media === null) await store.remove(ownBlobOf(id));
      lease.release();
      if (media?.state === 'ready') return 'finished';
      return deleted ? 'deleted' : 'failed';
    } catch (error) {
      lease.giveUp();
      this.#log.warn({ media: id, err: error }, 'media that could not be finished are left to the sweeper');
      return 'failed';
    }
  }

  /**
   * A lease is lost because the group was removed with all its media, because the item was deleted,
   * or because this process was silent for too long. The first two are final: only the third may be
   * tried again.
   */
  async #whyLost(group: GroupId, outcome: Outcome, cause: unknown): Promise<unknown> {
    const found = await this.#work.run((tx) => tx.groups.find(group));
    if (found === null) return new DomainError('group-not-found', undefined, { cause });
    return outcome === 'deleted' ? new DomainError('media-not-found', undefined, { cause }) : cause;
  }
}
