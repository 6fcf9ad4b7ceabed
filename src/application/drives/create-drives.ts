import type { Caller } from '../../domain/access/caller.ts';
import type { AuditEvent } from '../../domain/audit/audit-event.ts';
import { inspectImage } from '../../domain/media/formats/inspect-image.ts';
import { fileNameFor, kindOf, type Label } from '../../domain/media/label.ts';
import { isUnderWay } from '../../domain/media/media-states.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { Placement } from '../../domain/pools/placement.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { MediaId, TagId } from '../../domain/shared/ids.ts';
import type { HeldLeases, Lease } from '../leases/held-leases.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Log } from '../ports/log.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { setTags, type SetTagsFailure } from '../tags/set-tags.ts';
import { admit, type AdmissionFailure } from '../media/admit.ts';
import { choosePlacement } from './choose-placement.ts';
import type { IngestFailure } from '../media/ingest.ts';
import { viewsOf, type DriveView } from './drive-view.ts';
import type { Purge } from '../media/purge.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';

/** A drive to create. It reads as zeros. */
export interface DriveOrder {
  readonly label: Label;
  readonly size: Bytes;
  readonly optical: boolean;
  readonly storageType?: string | undefined;
  /** Tags of the caller; null for a string that cannot be a tag id. */
  readonly tags?: readonly (TagId | null)[] | undefined;
}

export type CreateDrivesFailure = AdmissionFailure | IngestFailure | SetTagsFailure | 'definitions-too-large';

interface Planned {
  readonly id: MediaId;
  readonly placement: Placement;
  readonly order: DriveOrder;
}

const MAX_ATTEMPTS = 3;
const RETRY_AFTER_SECONDS = 5;
/** The head and tail of a drive that reads as zeros: they identify no format. */
const NO_BYTES = new Uint8Array();

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly leases: HeldLeases;
  readonly purge: Purge;
  readonly random: Random;
  readonly log: Log;
}

/** Creates several drives that read as zeros, all of them or none (docs/cloudsigma.md#drives). */
export class CreateDrives {
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

  /** Resolves with the finished drives, in the order of `orders`. There must be at least one. */
  async run(caller: Caller, orders: readonly DriveOrder[], signal: AbortSignal): Promise<readonly DriveView[]> {
    const planned = await this.#work.onBehalfOf(caller).run(async (tx) => this.#plan(tx, caller, orders));
    const ids = planned.map(({ id }) => id);
    const { leases, stored: targets } = await this.#hold(ids, async (terms) => this.#admitAll(caller, planned, terms));
    try {
      await this.#fill(caller, planned, targets, leases, signal);
      for (const lease of leases) lease.release();
    } catch (error) {
      const outcome = await this.#conclude(planned, targets, leases);
      if (outcome === 'deleted') throw new DomainError('media-not-found', undefined, { cause: error });
      if (outcome === 'failed') throw error;
    }
    return this.#work.onBehalfOf(caller).run(async (tx) => {
      const views = await viewsOf(tx, this.#pools, caller, await tx.labels.findAll(ids));
      return ids.flatMap((id) => views.filter((view) => view.id === id));
    });
  }

  async #plan(tx: Transaction, caller: Caller, orders: readonly DriveOrder[]): Promise<readonly Planned[]> {
    const planned: Planned[] = [];
    for (const order of orders) {
      const placement = await choosePlacement(tx, this.#pools, caller, { storageType: order.storageType });
      planned.push({ id: this.#random.uuid() as MediaId, placement, order });
    }
    return planned;
  }

  /** Stores all items by `store`, with a lease on each of them or on none. */
  async #hold<Stored>(
    [id, ...others]: readonly MediaId[],
    store: (terms: LeaseTerms) => Promise<Stored>,
  ): Promise<{ readonly leases: readonly Lease[]; readonly stored: Stored }> {
    if (id === undefined) throw new Error('there is no drive to create');
    if (others.length === 0) {
      const { lease, stored } = await this.#leases.hold(id, store);
      return { leases: [lease], stored };
    }
    const { lease, stored: rest } = await this.#leases.hold(id, async () => this.#hold(others, store));
    return { leases: [lease, ...rest.leases], stored: rest.stored };
  }

  /**
   * Admits all drives in one transaction. Charges by ascending pool, the lock order of usage rows.
   * Tries again if another caller took a name between its choice and its use.
   */
  async #admitAll(
    caller: Caller,
    planned: readonly Planned[],
    terms: LeaseTerms,
  ): Promise<ReadonlyMap<MediaId, BlobContent>> {
    const ordered = planned.toSorted((one, other) => one.placement.pool - other.placement.pool);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#work.onBehalfOf(caller).run(async (tx) => {
          await tx.definitions.lock(caller.uuid);
          const targets = new Map<MediaId, BlobContent>();
          for (const one of ordered) targets.set(one.id, await this.#admit(tx, caller, one, terms));
          await tx.definitions.requireRoom(caller.uuid);
          return targets;
        });
      } catch (error) {
        if (!isFailure(error, 'media-name-taken') || tries === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #admit(
    tx: Transaction,
    caller: Caller,
    { id, placement, order }: Planned,
    terms: LeaseTerms,
  ): Promise<BlobContent> {
    const { text } = order.label;
    const taken = await tx.labels.namesTaken(placement.pool, [text]);
    const name = fileNameFor(text, id, (candidate) => taken.has(candidate));
    const media = { ...placement, ...kindOf(order.optical), name, size: order.size };
    const targets = this.#stores.of(placement.pool, await admit(tx, this.#pools, caller, id, media, 'creating', terms));
    await tx.labels.store(id, order.label, caller.uuid);
    if (order.tags !== undefined) await setTags(tx, caller, order.tags, { kind: 'media', id });
    return targets;
  }

  async #fill(
    caller: Caller,
    planned: readonly Planned[],
    targets: ReadonlyMap<MediaId, BlobContent>,
    leases: readonly Lease[],
    signal: AbortSignal,
  ): Promise<void> {
    const blobs = new Map<MediaId, StoredBlob>();
    for (const { id, order } of planned) {
      signal.throwIfAborted();
      const { readOnly } = kindOf(order.optical);
      blobs.set(id, await storeOf(targets, id).allocate(ownBlobOf(id), order.size, !readOnly));
    }
    for (const lease of leases) await lease.confirm();
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      for (const { id, order } of planned.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
        const stored = blobs.get(id);
        const facts = inspectImage(NO_BYTES, NO_BYTES, order.size);
        // One drive was removed while its bytes were written: then none is created.
        if (stored === undefined || !(await tx.media.finish(id, this.#leases.holder, stored, facts))) {
          throw new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
        }
      }
      await tx.audit.record(
        caller,
        ...planned.map(({ id, order: { size } }): AuditEvent => ({
          action: 'media.create',
          media: id,
          details: { size },
        })),
      );
    });
  }

  /**
   * Reads the state of the drives after a failure and removes unfinished ones, all in one
   * transaction, so that no caller sees only some of them.
   */
  async #conclude(
    planned: readonly Planned[],
    targets: ReadonlyMap<MediaId, BlobContent>,
    leases: readonly Lease[],
  ): Promise<'finished' | 'deleted' | 'failed'> {
    try {
      const { items, deleted } = await this.#work.run(async (tx) => {
        const items: (Media | null)[] = [];
        let deleted = false;
        for (const { id } of planned) {
          const isOurs = await markForDeletionIf(tx, id, ({ state }) => isUnderWay(state));
          deleted ||= !isOurs && (await tx.media.isDeleted(id));
          items.push(await tx.media.find(id));
        }
        return { items, deleted };
      });
      const isFinished = items.some((media) => media?.state === 'ready');
      if (!isFinished) await this.#removeAll(planned, targets, items);
      for (const lease of leases) lease.release();
      if (isFinished) return 'finished';
      return deleted ? 'deleted' : 'failed';
    } catch (error) {
      for (const lease of leases) lease.giveUp();
      this.#log.warn({ err: error }, 'unfinished drives are left to the sweeper');
      return 'failed';
    }
  }

  async #removeAll(
    planned: readonly Planned[],
    targets: ReadonlyMap<MediaId, BlobContent>,
    items: readonly (Media | null)[],
  ): Promise<void> {
    for (const [at, { id }] of planned.entries()) {
      // A sweeper considered this process dead and deleted the row: bytes written since then have
      // no row.
      if (items[at] === null) await storeOf(targets, id).remove(ownBlobOf(id));
      else await this.#purge.run(id);
    }
  }
}

function storeOf(targets: ReadonlyMap<MediaId, BlobContent>, id: MediaId): BlobContent {
  const store = targets.get(id);
  if (store === undefined) throw new Error('a drive has a lease and was not admitted');
  return store;
}
