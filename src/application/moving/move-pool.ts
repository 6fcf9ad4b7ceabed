import { findPool, type Pools } from '../../domain/pools/pool.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import { pause } from '../integrity/pause.ts';
import { readPages } from '../integrity/merge-by-id.ts';
import type { BlobContent, BlobEntry, BlobInventory, BlobStores } from '../ports/blob-store.ts';
import type { LocationLoad } from '../ports/move-repository.ts';
import type { NamedLocks } from '../ports/named-locks.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { MoveBlob, PoolMove } from './move-blob.ts';

/** The result of a run. */
export interface MoveReport {
  readonly from: number;
  readonly to: number;
  /** The number of moved blobs, and of bytes read for them. */
  readonly moved: number;
  readonly bytes: Bytes;
  /** The number of blobs left in the old location. */
  readonly left: number;
  /** The number of blobs in the old location that no row names. */
  readonly unowned: number;
}

/** Receives the progress of a run. */
export interface MoveObserver {
  /** The run started; `load` is the amount to move. */
  started(route: PoolMove, load: LocationLoad): void;
  /** The total number of bytes read so far. */
  read(count: number): void;
  /** A blob was left, for this reason; `under-way` if it is being written or deleted. */
  left(blob: BlobId, reason: string): void;
}

/** A run cannot start; says what the operator has to do. */
export class MoveFault extends Error {
  override readonly name = 'MoveFault';
}

const PAGE_SIZE = 1000;
/** How long to wait before blobs that are being written or deleted are tried again. */
const RETRY_INTERVAL_MS = 500;
/** The number of lease times without progress after which such blobs are left to the next run. */
const MAX_STALLED_LEASES = 2;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent & BlobInventory>;
  readonly pools: Pools;
  readonly locks: NamedLocks;
  readonly moveBlob: MoveBlob;
  readonly leaseSeconds: number;
}

/**
 * Moves the blobs of a pool from its location to the new one, one after the other, while the
 * service runs. After an interruption the next run continues: moved blobs are recorded in the
 * database, and an unfinished one is copied anew.
 */
export class MovePool {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent & BlobInventory>;
  readonly #pools: Pools;
  readonly #locks: NamedLocks;
  readonly #moveBlob: MoveBlob;
  readonly #leaseSeconds: number;

  constructor({ work, stores, pools, locks, moveBlob, leaseSeconds }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#locks = locks;
    this.#moveBlob = moveBlob;
    this.#leaseSeconds = leaseSeconds;
  }

  /**
   * Waits until no other run moves a pool, and then moves all blobs. The locations must be claimed.
   *
   * @throws `MoveFault`, `unavailable`, or the signal's reason
   */
  async run(pool: PoolId, observer: MoveObserver, signal: AbortSignal): Promise<MoveReport> {
    if (findPool(this.#pools, pool) === null) throw new MoveFault(`there is no pool ${pool} in the pools file`);
    const [from, to] = this.#stores.locations(pool);
    if (to === undefined) {
      throw new MoveFault(
        `the pools file does not say where pool ${pool} moves to: add "moving_to", and restart every Platter with it`,
      );
    }
    return this.#locks.withLock('move', signal, async () => this.#move({ pool, from, to }, observer, signal));
  }

  async #move(route: PoolMove, observer: MoveObserver, signal: AbortSignal): Promise<MoveReport> {
    const { pool, from, to } = route;
    const load = await this.#work.run(async (tx) => {
      if ((await tx.moves.writesTo(pool)) !== to) await tx.pools.writeTo(pool, to);
      return tx.moves.load(pool, from);
    });
    observer.started(route, load);
    const totals = { moved: 0, bytes: 0 };
    const left = await this.#moveAll(route, totals, observer, signal);
    const unowned = await this.#deleteOldBytes(route, signal);
    return { from, to, moved: totals.moved, bytes: bytes(totals.bytes), left, unowned };
  }

  /**
   * Returns the number of blobs that were left. Tries blobs that are being written or deleted
   * again, as long as there is progress.
   */
  async #moveAll(
    route: PoolMove,
    totals: { moved: number; bytes: number },
    observer: MoveObserver,
    signal: AbortSignal,
  ): Promise<number> {
    const left = new Set<BlobId>();
    let attemptsLeft = (MAX_STALLED_LEASES * this.#leaseSeconds * 1000) / RETRY_INTERVAL_MS;
    for (;;) {
      const moved = totals.moved;
      const underway: BlobId[] = [];
      for await (const { id } of this.#blobsIn(route)) {
        signal.throwIfAborted();
        if (left.has(id)) continue;
        const moved = await this.#moveBlob.run(route, id, (count) => observer.read((totals.bytes += count)), signal);
        if (moved.outcome === 'moved') totals.moved += 1;
        if (moved.outcome === 'under-way') underway.push(id);
        if (moved.outcome !== 'left') continue;
        left.add(id);
        observer.left(id, moved.reason);
      }
      attemptsLeft -= totals.moved > moved ? 0 : 1;
      if (underway.length === 0) return left.size;
      if (attemptsLeft <= 0) {
        for (const id of underway) observer.left(id, 'under-way');
        return left.size + underway.length;
      }
      await pause(RETRY_INTERVAL_MS, signal);
    }
  }

  #blobsIn({ pool, from }: PoolMove): AsyncGenerator<{ readonly id: BlobId }> {
    return readPages<{ readonly id: BlobId }>(async (after) =>
      this.#work.run(async (tx) => tx.moves.blobsIn(pool, from, after?.id ?? null, PAGE_SIZE)),
    );
  }

  /**
   * Deletes the old bytes of moved blobs, also those of an interrupted run. Returns the number of
   * blobs that no row names: an operator has to decide about them.
   */
  async #deleteOldBytes(route: PoolMove, signal: AbortSignal): Promise<number> {
    const store = this.#stores.of(route.pool, route.from);
    let unowned = 0;
    let noUrlsLeft = store.linkSeconds === 0;
    for (let after: BlobId | undefined; ;) {
      const entries = await store.list(after);
      for (let at = 0; at < entries.length; at += PAGE_SIZE) {
        const page = entries.slice(at, at + PAGE_SIZE);
        const { old, unknown } = await this.#classify(route, page);
        // A client may have got a presigned URL just before the last blob moved.
        if (old.length > 0 && !noUrlsLeft) await pause(store.linkSeconds * 1000, signal);
        noUrlsLeft ||= old.length > 0;
        for (const { id } of old) {
          signal.throwIfAborted();
          await store.remove(id);
        }
        unowned += await this.#countStrange(route, store, unknown);
      }
      after = entries.at(-1)?.id;
      if (after === undefined) return unowned;
    }
  }

  async #classify(
    { pool, from }: PoolMove,
    entries: readonly BlobEntry[],
  ): Promise<{ readonly old: readonly BlobEntry[]; readonly unknown: readonly BlobEntry[] }> {
    const ids = entries.map(({ id }) => id);
    return this.#work.run(async (tx) => {
      const locations = new Map((await tx.examination.blobsAmong(pool, ids)).map(({ id, location }) => [id, location]));
      // Copies of an abandoned move in the other direction.
      const copies = new Set(await tx.examination.mediaInOtherLocations(pool, from, ids));
      const ofMovedItems = new Set(await tx.examination.copiesOfMovedItems(pool, ids));
      return {
        old: entries.filter(({ id }) => copies.has(id) || (locations.get(id) ?? from) !== from),
        unknown: entries.filter(({ id }) => !copies.has(id) && !locations.has(id) && !ofMovedItems.has(id)),
      };
    });
  }

  /**
   * Counts unknown blobs that still exist. An item's bytes are deleted before its row, so a blob
   * that had no row and still exists has none.
   */
  async #countStrange(route: PoolMove, store: BlobInventory, unknown: readonly BlobEntry[]): Promise<number> {
    const entries = await store.entries(unknown.map(({ id }) => id));
    const existing = entries.filter(
      ({ storedBytes, incompleteWrites }) => storedBytes !== null || incompleteWrites > 0,
    );
    return (await this.#classify(route, existing)).unknown.length;
  }
}
