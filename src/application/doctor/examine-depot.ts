import { findPool, type Pools } from '../../domain/pools/pool.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import type { BlobStores, BlobEntry } from '../ports/blob-store.ts';
import type { BlobRecord } from '../ports/examination-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Finding } from './finding.ts';
import { faultsOf } from '../integrity/blob-faults.ts';
import { pause } from '../integrity/pause.ts';
import { causeSuffix, requireOwnMarker, type ClaimedStore, type Unchecked } from '../integrity/claimed-store.ts';
import { readPages, mergeById } from '../integrity/merge-by-id.ts';

/** What was examined. */
export interface ExaminationReport {
  readonly pools: readonly { readonly id: PoolId; readonly name: string; readonly blobs: number }[];
  readonly unchecked: readonly Unchecked[];
}

/** Called with each finding when it is certain, and awaited. */
export type ReportFinding = (finding: Finding) => Promise<void>;

/** A location of a pool. */
interface ExaminedLocation extends ClaimedStore {
  /** Whether the pool was ever served, and so has a marker. */
  readonly wasPrepared: boolean;
}

const PAGE_SIZE = 1000;
/** The number of differing blobs to collect before they are examined again. */
const MAX_SUSPECTS = 10_000;
const MAX_REEXAMINED = 100;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores;
  readonly pools: Pools;
  readonly leaseSeconds: number;
}

/**
 * Compares the database with the bytes in every pool, in both directions, in pages, while the
 * service runs. Row and bytes of a blob are never read at the same moment, so a blob that differs
 * is examined again one lease time later: by then writes have ended, and dead writers have lost
 * their leases.
 */
export class ExamineDepot {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores;
  readonly #pools: Pools;
  readonly #leaseSeconds: number;

  constructor({ work, stores, pools, leaseSeconds }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#leaseSeconds = leaseSeconds;
  }

  /**
   * Changes nothing itself. Reports what cannot be reached instead of failing.
   *
   * @throws what `report` throws, or the reason of `signal`
   */
  async run(report: ReportFinding, signal: AbortSignal): Promise<ExaminationReport> {
    const unchecked: Unchecked[] = [];
    const pools: { id: PoolId; name: string; blobs: number }[] = [];
    try {
      const { installation, known, drift } = await this.#work.run(async (tx) => ({
        installation: await tx.pools.installation(),
        known: await tx.pools.known(),
        drift: await tx.examination.drift(),
      }));
      for (const usage of drift) await report({ kind: 'usage', ...usage });
      for (const { id, holdsMedia } of known) {
        const isUnconfigured = holdsMedia && findPool(this.#pools, id) === null;
        if (isUnconfigured) unchecked.push({ pool: id, reason: 'it holds media and is not configured' });
      }
      for (const pool of this.#pools) {
        const wasPrepared = known.some(({ id }) => id === pool.id);
        let blobs: number | null = 0;
        for (const location of this.#stores.locations(pool.id)) {
          const owner = { installation, pool: pool.id, location };
          const store = this.#stores.of(pool.id, location);
          const result = await this.#examineLocation({ owner, store, wasPrepared }, report, signal);
          if (typeof result !== 'number') unchecked.push(result);
          blobs = typeof result === 'number' && blobs !== null ? blobs + result : null;
        }
        if (blobs !== null) pools.push({ id: pool.id, name: pool.name, blobs });
      }
    } catch (error) {
      if (!isFailure(error, 'unavailable')) throw error;
      unchecked.push({ pool: null, reason: `the database does not answer${causeSuffix(error)}` });
    }
    return { pools, unchecked };
  }

  /**
   * Returns the number of blobs, on either side.
   *
   * @throws `unavailable` if the database does not respond
   */
  async #examineLocation(
    location: ExaminedLocation,
    report: ReportFinding,
    signal: AbortSignal,
  ): Promise<number | Unchecked> {
    const { owner, store, wasPrepared } = location;
    try {
      const marker = await store.readMarker(owner);
      if (marker === 'own') return await this.#walk(location, report, signal);
      if (marker !== 'missing' || wasPrepared)
        await report({ kind: 'marker', pool: owner.pool, location: owner.location, marker });
      return 0;
    } catch (error) {
      if (!isFailure(error, 'unavailable') || error.detail.lacking === 'database') throw error;
      return { pool: owner.pool, reason: `it cannot be reached${causeSuffix(error)}` };
    }
  }

  async #walk(location: ExaminedLocation, report: ReportFinding, signal: AbortSignal): Promise<number> {
    const { owner, store } = location;
    const records = readPages<BlobRecord>(async (after) =>
      this.#work.run(async (tx) => tx.examination.blobsIn(owner.pool, owner.location, after?.id ?? null, PAGE_SIZE)),
    );
    const entries = readPages<BlobEntry>(async (after) => store.list(after?.id));
    let blobs = 0;
    const suspects: BlobId[] = [];
    for await (const { id, left, right } of mergeById(records, entries)) {
      signal.throwIfAborted();
      blobs += 1;
      if (faultsOf(left, right, store).length > 0) suspects.push(id as BlobId);
      if (suspects.length === MAX_SUSPECTS) await this.#examineAgain(location, suspects.splice(0), report, signal);
    }
    await this.#examineAgain(location, suspects, report, signal);
    return blobs;
  }

  async #examineAgain(
    location: ExaminedLocation,
    suspects: readonly BlobId[],
    report: ReportFinding,
    signal: AbortSignal,
  ): Promise<void> {
    if (suspects.length === 0) return;
    await pause(this.#leaseSeconds * 1000, signal);
    for (let at = 0; at < suspects.length; at += MAX_REEXAMINED) {
      signal.throwIfAborted();
      await this.#judge(location, suspects.slice(at, at + MAX_REEXAMINED), report);
    }
  }

  /**
   * Reports a fault only if it exists both by the rows before the look at the bytes and by those
   * after it.
   */
  async #judge({ owner, store }: ClaimedStore, ids: readonly BlobId[], report: ReportFinding): Promise<void> {
    const before = await this.#recordsOf(owner.pool, ids);
    const entries = await store.entries(ids);
    await requireOwnMarker({ owner, store });
    const after = await this.#recordsOf(owner.pool, ids);
    const coming = await this.#work.run(async (tx) => [
      ...(await tx.examination.mediaInOtherLocations(owner.pool, owner.location, ids)),
      ...(await tx.examination.copiesOfMovedItems(owner.pool, ids)),
    ]);
    for (const entry of entries) {
      const records = [before.get(entry.id) ?? null, after.get(entry.id) ?? null] as const;
      // While a blob moves, one location may hold an unfinished copy and the other the remains.
      const isMoving = records.some((record) => record !== null && record.location !== owner.location);
      if (isMoving || coming.includes(entry.id)) continue;
      const kinds = new Set(faultsOf(records[0], entry, store).map(({ kind }) => kind));
      for (const fault of faultsOf(records[1], entry, store)) {
        if (kinds.has(fault.kind))
          await report({ ...fault, pool: owner.pool, location: owner.location, blob: entry.id });
      }
    }
  }

  async #recordsOf(pool: PoolId, ids: readonly BlobId[]): Promise<ReadonlyMap<BlobId, BlobRecord>> {
    const records = await this.#work.run(async (tx) => tx.examination.blobsAmong(pool, ids));
    return new Map(records.map((record) => [record.id, record]));
  }
}
