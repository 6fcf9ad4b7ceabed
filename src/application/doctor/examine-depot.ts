import { findPool, type Pools } from '../../domain/pools/pool.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import type { BlobStores, BlobTrace } from '../ports/blob-store.ts';
import type { BlobRecord } from '../ports/examination-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Finding } from './finding.ts';
import { faultsOf } from './judge-blob.ts';
import { pause } from './pause.ts';
import { becauseOf, requireStill, type Place, type Unlooked } from './place.ts';
import { paged, sideBySide } from './side-by-side.ts';

/** What was looked at. */
export interface Examination {
  readonly pools: readonly { readonly id: PoolId; readonly name: string; readonly blobs: number }[];
  readonly unlooked: readonly Unlooked[];
}

/** Hears of each finding as soon as it is certain, and is waited for. */
export type Tell = (finding: Finding) => Promise<void>;

/** One place of a pool. */
interface ExaminedPlace extends Place {
  /** Whether the pool was ever served, and so was marked. */
  readonly wasPrepared: boolean;
}

const ROWS = 1000;
/** What differs is remembered up to this number before it is looked at again. */
const SUSPECTS = 10_000;
const AGAIN_AT_ONCE = 100;

/**
 * Compares what the database says with what lies in every pool, both ways, page by page, while
 * everything goes on. The two sides of a pair are never read at the same moment. So what differs is
 * looked at again one lease later, when whatever was on its way has arrived, and whoever was dead
 * is known to be.
 */
export class ExamineDepot {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores;
  readonly #pools: Pools;
  readonly #leaseSeconds: number;

  constructor(work: UnitOfWork, stores: BlobStores, pools: Pools, leaseSeconds: number) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#leaseSeconds = leaseSeconds;
  }

  /**
   * Changes nothing, but for what `tell` does. Fails with what `tell` fails with, and with the
   * reason of `signal`; what can't be reached it says.
   */
  async run(tell: Tell, signal: AbortSignal): Promise<Examination> {
    const unlooked: Unlooked[] = [];
    const looked: { id: PoolId; name: string; blobs: number }[] = [];
    try {
      const { installation, known, drift } = await this.#work.run(async (tx) => ({
        installation: await tx.pools.installation(),
        known: await tx.pools.known(),
        drift: await tx.examination.drift(),
      }));
      for (const usage of drift) await tell({ kind: 'usage', ...usage });
      for (const { id, holdsMedia } of known) {
        const isGone = holdsMedia && findPool(this.#pools, id) === null;
        if (isGone) unlooked.push({ pool: id, reason: 'it holds media and is not configured' });
      }
      for (const pool of this.#pools) {
        const wasPrepared = known.some(({ id }) => id === pool.id);
        let blobs: number | null = 0;
        for (const place of this.#stores.places(pool.id)) {
          const owner = { installation, pool: pool.id, place };
          const store = this.#stores.of(pool.id, place);
          const answer = await this.#tryPlace({ owner, store, wasPrepared }, tell, signal);
          if (typeof answer !== 'number') unlooked.push(answer);
          blobs = typeof answer === 'number' && blobs !== null ? blobs + answer : null;
        }
        if (blobs !== null) looked.push({ id: pool.id, name: pool.name, blobs });
      }
    } catch (error) {
      if (!isFailure(error, 'unavailable')) throw error;
      unlooked.push({ pool: null, reason: `the database does not answer${becauseOf(error)}` });
    }
    return { pools: looked, unlooked };
  }

  /**
   * Answers how many blobs there are, on either side. Fails with `unavailable` where it is the
   * database that is not there.
   */
  async #tryPlace(place: ExaminedPlace, tell: Tell, signal: AbortSignal): Promise<number | Unlooked> {
    const { owner, store, wasPrepared } = place;
    try {
      const marker = await store.recognise(owner);
      if (marker === 'own') return await this.#walk(place, tell, signal);
      if (marker !== 'missing' || wasPrepared)
        await tell({ kind: 'marker', pool: owner.pool, place: owner.place, marker });
      return 0;
    } catch (error) {
      if (!isFailure(error, 'unavailable') || error.detail.lacking === 'database') throw error;
      return { pool: owner.pool, reason: `it can not be reached${becauseOf(error)}` };
    }
  }

  async #walk(place: ExaminedPlace, tell: Tell, signal: AbortSignal): Promise<number> {
    const { owner, store } = place;
    const records = paged<BlobRecord>(async (after) =>
      this.#work.run(async (tx) => tx.examination.blobsIn(owner.pool, owner.place, after?.id ?? null, ROWS)),
    );
    const traces = paged<BlobTrace>(async (after) => store.list(after?.id));
    let blobs = 0;
    const suspects: BlobId[] = [];
    for await (const { id, left, right } of sideBySide(records, traces)) {
      signal.throwIfAborted();
      blobs += 1;
      if (faultsOf(left, right, store).length > 0) suspects.push(id as BlobId);
      if (suspects.length === SUSPECTS) await this.#lookAgain(place, suspects.splice(0), tell, signal);
    }
    await this.#lookAgain(place, suspects, tell, signal);
    return blobs;
  }

  async #lookAgain(place: ExaminedPlace, suspects: readonly BlobId[], tell: Tell, signal: AbortSignal): Promise<void> {
    if (suspects.length === 0) return;
    await pause(this.#leaseSeconds * 1000, signal);
    for (let at = 0; at < suspects.length; at += AGAIN_AT_ONCE) {
      signal.throwIfAborted();
      await this.#judge(place, suspects.slice(at, at + AGAIN_AT_ONCE), tell);
    }
  }

  /** Damage is what is wrong by the rows before the look at the bytes, and by those after it. */
  async #judge({ owner, store }: Place, ids: readonly BlobId[], tell: Tell): Promise<void> {
    const before = await this.#recordsOf(owner.pool, ids);
    const traces = await store.traces(ids);
    await requireStill({ owner, store });
    const after = await this.#recordsOf(owner.pool, ids);
    const coming = await this.#work.run(async (tx) => tx.examination.mediaElsewhere(owner.pool, owner.place, ids));
    for (const trace of traces) {
      const records = [before.get(trace.id) ?? null, after.get(trace.id) ?? null] as const;
      // Of what moves from one place of the pool to the other, the one may hold a copy on its way
      // and the other what was left behind.
      const isMoving = records.some((record) => record !== null && record.place !== owner.place);
      if (isMoving || coming.includes(trace.id)) continue;
      const kinds = new Set(faultsOf(records[0], trace, store).map(({ kind }) => kind));
      for (const fault of faultsOf(records[1], trace, store)) {
        if (kinds.has(fault.kind)) await tell({ ...fault, pool: owner.pool, place: owner.place, blob: trace.id });
      }
    }
  }

  async #recordsOf(pool: PoolId, ids: readonly BlobId[]): Promise<ReadonlyMap<BlobId, BlobRecord>> {
    const records = await this.#work.run(async (tx) => tx.examination.blobsAmong(pool, ids));
    return new Map(records.map((record) => [record.id, record]));
  }
}
