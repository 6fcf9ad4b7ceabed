import { findPool, type Pool, type Pools } from '../../domain/pools/pool.ts';
import type { Damage } from '../../domain/media/damage.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import { becauseOf, requireStill, type Place, type Unlooked } from '../doctor/place.ts';
import type { BlobStores } from '../ports/blob-store.ts';
import type { ScrubRecord } from '../ports/scrub-repository.ts';
import type { Turns } from '../ports/turns.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { LookAtBytes } from './look-at-bytes.ts';
import type { Verdict } from './verdict.ts';

/** What is to be read again. */
export interface ScrubTerms {
  /** Only what lies in this pool; null for all of them. */
  readonly pool: PoolId | null;
  /** Only what nobody came by for so long. Seconds; 0 for everything. */
  readonly olderThanSeconds: number;
  /** Only what is marked. */
  readonly markedOnly: boolean;
}

/** What was read in one pool. */
export interface ScrubbedPool {
  readonly id: PoolId;
  readonly name: string;
  /** Blobs that were compared with what came in. */
  readonly compared: number;
  /** Blobs of which nobody counted what came in, so that only their length was looked at. */
  readonly measured: number;
  /** Blobs that somebody may write to in place. */
  readonly writable: number;
  readonly bytesRead: number;
}

export interface Scrubbing {
  readonly pools: readonly ScrubbedPool[];
  readonly unlooked: readonly (Unlooked & { readonly blob?: BlobId })[];
  /** Whether it was stopped before it had come by everything. */
  readonly stopped: boolean;
}

/** Hears of each verdict as soon as it is in the database, and is waited for. */
export type Tell = (verdict: Verdict) => Promise<void>;

interface Ground {
  readonly pool: Pool;
  readonly installation: string;
  readonly counts: { -readonly [Count in keyof Omit<ScrubbedPool, 'id' | 'name'>]: ScrubbedPool[Count] };
}

/** Where a blob lies, and what is counted there. */
type ScrubbedPlace = Place & Pick<Ground, 'counts'>;

/** One pass through the depot. */
interface Pass {
  /** The pools that can be gone through. */
  readonly grounds: Map<PoolId, Ground>;
  readonly unlooked: (Unlooked & { readonly blob?: BlobId })[];
  /**
   * What could not be looked at although its pool is there: it is not asked for again in this pass.
   */
  readonly without: BlobId[];
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

const AT_ONCE = 100;
/** So many blobs that can't be looked at are enough for one pass. */
const MOST_UNLOOKED = 1000;

/**
 * Reads again what nobody may change, the longest unread first over all pools, compares it with
 * what came in, and marks what differs. What it came by is in the database, so that whoever begins
 * next goes on there, however this one ends. What is wrong is looked at twice: nothing is marked
 * that was removed, or opened to writers, while it was read.
 */
export class ScrubDepot {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores;
  readonly #pools: Pools;
  readonly #turns: Turns;
  readonly #look: LookAtBytes;

  constructor(work: UnitOfWork, stores: BlobStores, pools: Pools, turns: Turns, look: LookAtBytes) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#turns = turns;
    this.#look = look;
  }

  /**
   * One at a time, over all replicas. Says what it could not look at rather than failing; fails
   * with what `tell` fails with.
   */
  async run(terms: ScrubTerms, tell: Tell, signal: AbortSignal): Promise<Scrubbing> {
    const pass: Pass = { grounds: new Map(), unlooked: [], without: [], tell, signal };
    const counted: Ground[] = [];
    let stopped = false;
    try {
      const turn = await this.#turns.tryTake('scrub', async () => {
        await this.#findGrounds(pass, terms.pool);
        counted.push(...pass.grounds.values());
        await this.#walk(pass, terms);
      });
      if (turn === null) pass.unlooked.push({ pool: null, reason: 'another scrub is under way' });
    } catch (error) {
      if (signal.aborted) stopped = true;
      else if (isFailure(error, 'unavailable')) {
        pass.unlooked.push({ pool: null, reason: `the database does not answer${becauseOf(error)}` });
      } else throw error;
    }
    const pools = counted.map(({ pool, counts }) => ({ id: pool.id, name: pool.name, ...counts }));
    return { pools, unlooked: pass.unlooked, stopped };
  }

  /** The pools that are there, and ours. What never was served holds nothing. */
  async #findGrounds({ grounds, unlooked }: Pass, only: PoolId | null): Promise<void> {
    const { installation, known } = await this.#work.run(async (tx) => ({
      installation: await tx.pools.installation(),
      known: await tx.pools.known(),
    }));
    for (const { id, holdsMedia } of known) {
      if (!holdsMedia || (only !== null && only !== id)) continue;
      const pool = findPool(this.#pools, id);
      if (pool === null) {
        unlooked.push({ pool: id, reason: 'it holds media and is not configured' });
        continue;
      }
      const counts = { compared: 0, measured: 0, writable: 0, bytesRead: 0 };
      const ground = { pool, installation, counts };
      if (await this.#isThere(ground, unlooked)) grounds.set(id, ground);
    }
  }

  async #walk(pass: Pass, { olderThanSeconds, markedOnly }: ScrubTerms): Promise<void> {
    const before = await this.#work.run(async (tx) => tx.scrub.momentAgo(olderThanSeconds));
    while (pass.grounds.size > 0) {
      const selection = { pools: [...pass.grounds.keys()], before, markedOnly, without: pass.without, most: AT_ONCE };
      const due = await this.#work.run(async (tx) => tx.scrub.due(selection));
      if (due.length === 0) return;
      for (const record of due) {
        pass.signal.throwIfAborted();
        const ground = pass.grounds.get(record.pool);
        if (ground !== undefined) await this.#comeBy(pass, ground, record);
      }
    }
  }

  async #comeBy(pass: Pass, ground: Ground, record: ScrubRecord): Promise<void> {
    try {
      const place = { ...this.#placeIn(ground, record.place), counts: ground.counts };
      if (isOurs(record, place)) await this.#judge(pass, place, record);
      else await this.#passBy(place, record);
    } catch (error) {
      if (pass.signal.aborted || !isFailure(error, 'unavailable') || error.detail.lacking === 'database') throw error;
      if (!(await this.#isThere(ground, pass.unlooked))) {
        pass.grounds.delete(record.pool);
        return;
      }
      const reason = `blob ${record.id} can not be read${becauseOf(error)}`;
      pass.unlooked.push({ pool: record.pool, blob: record.id, reason });
      pass.without.push(record.id);
      if (pass.without.length >= MOST_UNLOOKED) pass.grounds.clear();
    }
  }

  async #judge(pass: Pass, place: ScrubbedPlace, seen: ScrubRecord): Promise<void> {
    const { counts, store } = place;
    counts[seen.digested ? 'compared' : 'measured'] += 1;
    const settle = async (record: ScrubRecord, found: Damage | null): Promise<boolean> =>
      this.#work.run(async (tx) => tx.scrub.settle(record, found, store.immutable));

    let record = seen;
    let damage = await this.#lookAt(pass, place, record);
    if (damage !== null) {
      const now = await this.#work.run(async (tx) => tx.scrub.find(seen.id));
      if (now === null || !isOurs(now, place)) return this.#passBy(place, seen);
      record = now;
      damage = await this.#lookAt(pass, place, record);
    }
    if (!(await settle(record, damage))) return this.#passBy(place, seen);
    if (record.media === null) return;
    const whose = { pool: record.pool, blob: record.id, media: record.media };
    if (damage !== null) await pass.tell({ kind: 'bytes-damaged', ...whose, damage });
    else if (seen.damage !== null) await pass.tell({ kind: 'bytes-restored', ...whose });
  }

  /** What fails once, with its pool there, may have been a hiccup. */
  async #lookAt(pass: Pass, place: ScrubbedPlace, record: ScrubRecord): Promise<Damage | null> {
    const look = async (): Promise<Damage | null> =>
      this.#look.run(place, record, (bytes) => (place.counts.bytesRead += bytes), pass.signal);
    try {
      return await look();
    } catch (error) {
      if (pass.signal.aborted || !isFailure(error, 'unavailable')) throw error;
      await requireStill(place);
      return look();
    }
  }

  /**
   * What has nothing that could be compared: bytes on their way out, and those that may be written
   * to.
   */
  async #passBy({ counts }: ScrubbedPlace, { id, media, readOnly }: ScrubRecord): Promise<void> {
    if (media !== null && !readOnly) counts.writable += 1;
    await this.#work.run(async (tx) => tx.scrub.passBy([id]));
  }

  #placeIn({ pool: { id }, installation }: Ground, place: number): Place {
    return { owner: { installation, pool: id, place }, store: this.#stores.of(id, place) };
  }

  /** Whether a pool can be gone through, wherever it lies. Says why, where it can't. */
  async #isThere(ground: Ground, unlooked: Unlooked[]): Promise<boolean> {
    const pool = ground.pool.id;
    try {
      for (const number of this.#stores.places(pool)) {
        const { owner, store } = this.#placeIn(ground, number);
        const marker = await store.recognise(owner);
        if (marker === 'own') continue;
        unlooked.push({ pool, reason: `its marker is ${marker}` });
        return false;
      }
      return true;
    } catch (error) {
      if (!isFailure(error, 'unavailable') || error.detail.lacking === 'database') throw error;
      unlooked.push({ pool, reason: `it can not be reached${becauseOf(error)}` });
      return false;
    }
  }
}

/** Whether the bytes still lie there, nobody may change them, and somebody needs them. */
function isOurs({ media, readOnly, place }: ScrubRecord, { owner, store }: Place): boolean {
  return media !== null && place === owner.place && (store.immutable || readOnly);
}
