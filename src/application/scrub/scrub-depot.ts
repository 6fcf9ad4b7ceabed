import { findPool, type Pool, type Pools } from '../../domain/pools/pool.ts';
import type { Damage } from '../../domain/media/damage.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import { causeSuffix, requireOwnMarker, type ClaimedStore, type Unchecked } from '../integrity/claimed-store.ts';
import type { BlobStores } from '../ports/blob-store.ts';
import type { ScrubRecord } from '../ports/scrub-repository.ts';
import type { NamedLocks } from '../ports/named-locks.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { CheckBytes } from './check-bytes.ts';
import type { Verdict } from './verdict.ts';

/** The blobs to check. */
export interface ScrubTerms {
  /** Only blobs of this pool; null for all pools. */
  readonly pool: PoolId | null;
  /** Only blobs not checked for this long; 0 for all. */
  readonly olderThanSeconds: number;
  /** Only marked blobs. */
  readonly markedOnly: boolean;
}

/** What was checked in one pool. */
export interface ScrubbedPool {
  readonly id: PoolId;
  readonly name: string;
  /** The number of blobs compared with their digest. */
  readonly compared: number;
  /** The number of blobs without a digest, of which only the length was checked. */
  readonly measured: number;
  /** The number of blobs that may be written to in place. */
  readonly writable: number;
  readonly bytesRead: number;
}

export interface ScrubReport {
  readonly pools: readonly ScrubbedPool[];
  readonly unchecked: readonly (Unchecked & { readonly blob?: BlobId })[];
  /** Whether it was stopped before all blobs were checked. */
  readonly stopped: boolean;
}

/** Called with each verdict when it is stored, and awaited. */
export type ReportFinding = (verdict: Verdict) => Promise<void>;

interface PoolScan {
  readonly pool: Pool;
  readonly installation: string;
  readonly counts: { -readonly [Count in keyof Omit<ScrubbedPool, 'id' | 'name'>]: ScrubbedPool[Count] };
}

/** The location of a blob, with the counts of its pool. */
type ScrubbedLocation = ClaimedStore & Pick<PoolScan, 'counts'>;

/** One pass through the depot. */
interface Pass {
  /** The pools that can be checked. */
  readonly scans: Map<PoolId, PoolScan>;
  readonly unchecked: (Unchecked & { readonly blob?: BlobId })[];
  /**
   * Blobs that could not be read although their pool can be reached: this pass does not try them
   * again.
   */
  readonly excluded: BlobId[];
  readonly report: ReportFinding;
  readonly signal: AbortSignal;
}

const MAX_DUE = 100;
/** A pass ends when this many blobs could not be read. */
const MAX_UNCHECKED = 1000;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores;
  readonly pools: Pools;
  readonly locks: NamedLocks;
  readonly check: CheckBytes;
}

/**
 * Reads all immutable blobs again, those unread for longest first, compares them with their
 * digests, and marks those that differ. Each check is recorded in the database, so that the next
 * pass continues where this one ended. A damaged blob is checked twice, so that none is marked that
 * was removed, or became writable, while it was read.
 */
export class ScrubDepot {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores;
  readonly #pools: Pools;
  readonly #locks: NamedLocks;
  readonly #check: CheckBytes;

  constructor({ work, stores, pools, locks, check }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#locks = locks;
    this.#check = check;
  }

  /**
   * Runs once at a time over all replicas. Reports what it could not check instead of failing.
   *
   * @throws what `report` throws
   */
  async run(terms: ScrubTerms, report: ReportFinding, signal: AbortSignal): Promise<ScrubReport> {
    const pass: Pass = { scans: new Map(), unchecked: [], excluded: [], report, signal };
    const allScans: PoolScan[] = [];
    let stopped = false;
    try {
      const ran = await this.#locks.tryWithLock('scrub', async () => {
        await this.#findScans(pass, terms.pool);
        allScans.push(...pass.scans.values());
        await this.#walk(pass, terms);
      });
      if (ran === null) pass.unchecked.push({ pool: null, reason: 'another scrub is under way' });
    } catch (error) {
      if (signal.aborted) stopped = true;
      else if (isFailure(error, 'unavailable')) {
        pass.unchecked.push({ pool: null, reason: `the database does not answer${causeSuffix(error)}` });
      } else throw error;
    }
    const pools = allScans.map(({ pool, counts }) => ({ id: pool.id, name: pool.name, ...counts }));
    return { pools, unchecked: pass.unchecked, stopped };
  }

  /**
   * Finds the pools that can be reached and are ours. A pool that was never served holds nothing.
   */
  async #findScans({ scans, unchecked }: Pass, only: PoolId | null): Promise<void> {
    const { installation, known } = await this.#work.run(async (tx) => ({
      installation: await tx.pools.installation(),
      known: await tx.pools.known(),
    }));
    for (const { id, holdsMedia } of known) {
      if (!holdsMedia || (only !== null && only !== id)) continue;
      const pool = findPool(this.#pools, id);
      if (pool === null) {
        unchecked.push({ pool: id, reason: 'it holds media and is not configured' });
        continue;
      }
      const counts = { compared: 0, measured: 0, writable: 0, bytesRead: 0 };
      const scan = { pool, installation, counts };
      if (await this.#isReachable(scan, unchecked)) scans.set(id, scan);
    }
  }

  async #walk(pass: Pass, { olderThanSeconds, markedOnly }: ScrubTerms): Promise<void> {
    const before = await this.#work.run(async (tx) => tx.scrub.momentAgo(olderThanSeconds));
    while (pass.scans.size > 0) {
      const selection = { pools: [...pass.scans.keys()], before, markedOnly, excluded: pass.excluded, max: MAX_DUE };
      const due = await this.#work.run(async (tx) => tx.scrub.due(selection));
      if (due.length === 0) return;
      for (const record of due) {
        pass.signal.throwIfAborted();
        const scan = pass.scans.get(record.pool);
        if (scan !== undefined) await this.#visit(pass, scan, record);
      }
    }
  }

  async #visit(pass: Pass, scan: PoolScan, record: ScrubRecord): Promise<void> {
    try {
      const location = { ...this.#locationIn(scan, record.location), counts: scan.counts };
      if (isComparable(record, location)) await this.#judge(pass, location, record);
      else await this.#skip(location, record);
    } catch (error) {
      if (pass.signal.aborted || !isFailure(error, 'unavailable') || error.detail.lacking === 'database') throw error;
      if (!(await this.#isReachable(scan, pass.unchecked))) {
        pass.scans.delete(record.pool);
        return;
      }
      const reason = `blob ${record.id} cannot be read${causeSuffix(error)}`;
      pass.unchecked.push({ pool: record.pool, blob: record.id, reason });
      pass.excluded.push(record.id);
      if (pass.excluded.length >= MAX_UNCHECKED) pass.scans.clear();
    }
  }

  async #judge(pass: Pass, location: ScrubbedLocation, seen: ScrubRecord): Promise<void> {
    const { counts, store } = location;
    counts[seen.digested ? 'compared' : 'measured'] += 1;
    const recordResult = async (record: ScrubRecord, found: Damage | null): Promise<boolean> =>
      this.#work.run(async (tx) => tx.scrub.record(record, found, store.immutable));

    let record = seen;
    let damage = await this.#checkTwice(pass, location, record);
    if (damage !== null) {
      const now = await this.#work.run(async (tx) => tx.scrub.find(seen.id));
      if (now === null || !isComparable(now, location)) return this.#skip(location, seen);
      record = now;
      damage = await this.#checkTwice(pass, location, record);
    }
    if (!(await recordResult(record, damage))) return this.#skip(location, seen);
    if (record.media === null) return;
    const subject = { pool: record.pool, blob: record.id, media: record.media };
    if (damage !== null) await pass.report({ kind: 'bytes-damaged', ...subject, damage });
    else if (seen.damage !== null) await pass.report({ kind: 'bytes-restored', ...subject });
  }

  /** Tries again after a single failure, if the pool can be reached. */
  async #checkTwice(pass: Pass, location: ScrubbedLocation, record: ScrubRecord): Promise<Damage | null> {
    const check = async (): Promise<Damage | null> =>
      this.#check.run(location, record, (bytes) => (location.counts.bytesRead += bytes), pass.signal);
    try {
      return await check();
    } catch (error) {
      if (pass.signal.aborted || !isFailure(error, 'unavailable')) throw error;
      await requireOwnMarker(location);
      return check();
    }
  }

  /** Skips a blob that cannot be compared: it is being deleted, or may be written to. */
  async #skip({ counts }: ScrubbedLocation, { id, media, readOnly }: ScrubRecord): Promise<void> {
    if (media !== null && !readOnly) counts.writable += 1;
    await this.#work.run(async (tx) => tx.scrub.skip([id]));
  }

  #locationIn({ pool: { id }, installation }: PoolScan, location: number): ClaimedStore {
    return { owner: { installation, pool: id, location }, store: this.#stores.of(id, location) };
  }

  /** Whether all locations of a pool can be reached and are ours. Reports the reason if not. */
  async #isReachable(scan: PoolScan, unchecked: Unchecked[]): Promise<boolean> {
    const pool = scan.pool.id;
    try {
      for (const number of this.#stores.locations(pool)) {
        const { owner, store } = this.#locationIn(scan, number);
        const marker = await store.readMarker(owner);
        if (marker === 'own') continue;
        unchecked.push({ pool, reason: `its marker is ${marker}` });
        return false;
      }
      return true;
    } catch (error) {
      if (!isFailure(error, 'unavailable') || error.detail.lacking === 'database') throw error;
      unchecked.push({ pool, reason: `it cannot be reached${causeSuffix(error)}` });
      return false;
    }
  }
}

/** Whether the blob is still at that location, immutable and needed by an item. */
function isComparable({ media, readOnly, location }: ScrubRecord, { owner, store }: ClaimedStore): boolean {
  return media !== null && location === owner.location && (store.immutable || readOnly);
}
