import type { Caller } from '../../domain/access/caller.ts';
import type { Action } from '../../domain/audit/audit-event.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { StoredBlob } from '../../domain/media/media.ts';
import { isUnderWay, type UnderWay } from '../../domain/media/media-states.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { BlobId, MediaId } from '../../domain/shared/ids.ts';
import type { HeldLeases, Lease } from '../leases/held-leases.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Log } from '../ports/log.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { admit, type MediaOrder } from './admit.ts';
import { inspectItem } from './inspect-item.ts';
import type { Inspection } from './inspection.ts';
import { markForDeletionIf } from './mark-for-deletion.ts';
import type { Purge } from './purge.ts';

/** Writes the bytes of one new media item. */
export interface ItemWriter {
  /** Does all slow work, invisibly to readers. Resolves with the detected image facts. */
  writeBytes(signal: AbortSignal): Promise<ImageFacts>;
  /** Makes the bytes durable and visible in one step, or not at all. */
  commit(): Promise<StoredBlob>;
  /** Removes all written bytes. Always safe; does nothing after `commit`. */
  cancel(): Promise<void>;
}

/** Returns the writer of an admitted item; `inspect` begins the inspection of its bytes. */
export type WriterOf = (order: MediaOrder, store: BlobContent, blob: BlobId, inspect: () => Inspection) => ItemWriter;

/** An item to store. */
export type IngestOrder = MediaOrder & {
  /** It must never have been used before. */
  readonly id: MediaId;
  /**
   * The audit action to record when the item is finished; null if the caller records one itself. If
   * omitted, the upload or creation is recorded.
   */
  readonly action?: Action | null;
};

/**
 * Admits items in one transaction, by ascending pool, the lock order of usage rows. Takes locks
 * that precede those of an admission before, and stores further rows of the items after it.
 */
export type Admission = (tx: Transaction, admit: (order: IngestOrder) => Promise<void>) => Promise<void>;

/** Items to store together: all of them or none. */
export interface IngestPlan {
  /** The items that `admission` admits. */
  readonly ids: readonly MediaId[];
  readonly state: UnderWay;
  readonly admission: Admission;
  readonly writer: WriterOf;
  /** Runs last in the transaction that finishes the items. */
  readonly finished?: ((tx: Transaction) => Promise<void>) | undefined;
}

interface AdmittedItem {
  readonly order: IngestOrder;
  readonly store: BlobContent;
}

/** The state of the items after an error: `deleted` if a user removed one meanwhile. */
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
 * Stores new media items in one request: one transaction admits them, then their bytes are written,
 * then one transaction finishes them. Afterwards the items are either finished or removed
 * completely; if the database cannot be reached to tell which, the sweeper removes them.
 */
export class Ingest {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Returns the id of an item that is new. */
  newId(): MediaId {
    return this.#dependencies.random.uuid() as MediaId;
  }

  /** Resolves when all items are finished. */
  async run(caller: Caller, plan: IngestPlan, signal: AbortSignal): Promise<void> {
    const { work, leases } = this.#dependencies;
    const { lease, stored: items } = await leases.holdAll(plan.ids, async (terms) =>
      work.onBehalfOf(caller).run(async (tx) => this.#admit(tx, caller, plan, terms)),
    );
    try {
      await this.#write(caller, plan, items, lease, signal);
    } catch (error) {
      const outcome = await this.#conclude(items, lease);
      if (outcome === 'finished') return;
      throw lease.signal.aborted ? await this.#reasonOfLoss(items, outcome, error) : error;
    }
    lease.release();
  }

  async #admit(
    tx: Transaction,
    caller: Caller,
    { state, admission }: IngestPlan,
    terms: LeaseTerms,
  ): Promise<readonly AdmittedItem[]> {
    const { stores, pools } = this.#dependencies;
    const items: AdmittedItem[] = [];
    await admission(tx, async (order) => {
      const location = await admit(tx, pools, caller, order.id, order, state, terms);
      const store = stores.of(order.pool, location);
      if (state === 'uploading') store.requireWritable(order.size);
      items.push({ order, store });
    });
    return items;
  }

  async #write(
    caller: Caller,
    { state, writer, finished }: IngestPlan,
    items: readonly AdmittedItem[],
    lease: Lease,
    signal: AbortSignal,
  ): Promise<void> {
    const { work, stores, pools } = this.#dependencies;
    const written: { readonly id: MediaId; readonly facts: ImageFacts; readonly stored: StoredBlob }[] = [];
    for (const { order, store } of items) {
      const inspect = (): Inspection => inspectItem(order, { work: work.onBehalfOf(caller), stores, pools });
      const bytes = writer(order, store, ownBlobOf(order.id), inspect);
      written.push({ id: order.id, ...(await writeItem(bytes, lease, signal)) });
    }
    await confirm(lease, signal);
    await work.run(async (tx) => {
      for (const { id, stored, facts } of written.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
        // One item was removed while bytes were written: then none is finished.
        if (!(await tx.media.finish(id, lease.holder, stored, facts))) await lease.lose();
      }
      const events = items.flatMap(({ order: { id: media, size, action = ACTIONS[state] } }) =>
        action === null ? [] : [{ action, media, details: { size } }],
      );
      if (events.length > 0) await tx.audit.record(caller, ...events);
      await finished?.(tx);
    });
  }

  /**
   * Reads the state of the items after a failure, because a COMMIT whose reply was lost may have
   * succeeded, and removes unfinished items in one transaction, so that no caller sees only some of
   * them. If the database or a pool cannot be reached, gives up the lease and leaves the rest to
   * the sweeper.
   */
  async #conclude(items: readonly AdmittedItem[], lease: Lease): Promise<Outcome> {
    const { work, purge, log } = this.#dependencies;
    const ids = items.map(({ order }) => order.id);
    try {
      const states = await work.run(async (tx) => {
        const states: ('ready' | 'deleted' | null)[] = [];
        for (const id of ids) {
          const isOurs = await markForDeletionIf(tx, id, ({ state }) => isUnderWay(state));
          const media = await tx.media.find(id);
          if (media?.state === 'ready') states.push('ready');
          else states.push(!isOurs && (await tx.media.isDeleted(id)) ? 'deleted' : null);
        }
        return states;
      });
      for (const { order, store } of items) await purge.run(order.id, store);
      lease.release();
      if (states.includes('ready')) return 'finished';
      return states.includes('deleted') ? 'deleted' : 'failed';
    } catch (error) {
      lease.giveUp();
      log.warn({ media: ids, err: error }, 'unfinished media items are left to the sweeper');
      return 'failed';
    }
  }

  /**
   * Explains the loss of a lease. If a group was removed or an item deleted, the failure is final;
   * if this process was silent for too long, the caller may try again.
   */
  async #reasonOfLoss(items: readonly AdmittedItem[], outcome: Outcome, cause: unknown): Promise<unknown> {
    for (const group of new Set(items.map(({ order }) => order.group))) {
      const found = await this.#dependencies.work.run((tx) => tx.groups.find(group));
      if (found === null) return new DomainError('group-not-found', undefined, { cause });
    }
    return outcome === 'deleted' ? new DomainError('media-not-found', undefined, { cause }) : cause;
  }
}

async function writeItem(
  writer: ItemWriter,
  lease: Lease,
  signal: AbortSignal,
): Promise<{ readonly facts: ImageFacts; readonly stored: StoredBlob }> {
  try {
    const facts = await writer.writeBytes(AbortSignal.any([signal, lease.signal]));
    await confirm(lease, signal);
    return { facts, stored: await writer.commit() };
  } catch (error) {
    await writer.cancel();
    throw error;
  }
}

/** Rejects when the lease is lost or the client hung up. */
async function confirm(lease: Lease, signal: AbortSignal): Promise<void> {
  await lease.confirm();
  signal.throwIfAborted();
}
