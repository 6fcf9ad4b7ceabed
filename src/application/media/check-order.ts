import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import { inspectImage, type ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import { requireFormat } from '../../domain/media/formats/require-format.ts';
import { isOptical } from '../../domain/media/label.ts';
import type { ListedItem, MediaFilter } from '../../domain/media/media-listing.ts';
import { rightsOf } from '../../domain/pools/assignment.ts';
import { findPool, type Pool, type Pools } from '../../domain/pools/pool.ts';
import { tightestLevel } from '../../domain/quotas/headroom.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { isDomainError, type FailureCode } from '../../domain/shared/domain-error.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import { requireSeenGroup } from '../access/require-seen-group.ts';
import type { BlobInventory, BlobContent, BlobStores, PoolClaim } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { levelOf } from '../ports/usage-repository.ts';
import { requireRoomToGrow } from './require-room-to-grow.ts';
import { viewerOf } from './view-item.ts';

/** An item that a caller may want to store. */
export interface CheckedOrder {
  readonly name: string;
  readonly group: GroupId;
  readonly pool: PoolId;
  readonly type: string;
  readonly size: Bytes;
  /** The digest of its bytes, in lower-case hex; null if it is not known. */
  readonly sha256: string | null;
  /** Its first bytes; null if they are not at hand. */
  readonly head: Uint8Array | null;
}

/** Whether one condition holds: null, or the code of the failure that an order would meet. */
export interface Verdict {
  readonly failure: FailureCode | null;
}

export interface QuotaVerdict extends Verdict {
  readonly needed: Bytes;
  /** The headroom below all limits; null without any. */
  readonly available: Bytes | null;
  /** The group of the nearest limit; null for the pool itself, or without any limit. */
  readonly boundBy: GroupId | null;
}

export interface PoolVerdict extends Verdict {
  /** The free space of its filesystem; null without one, or if it cannot be read. */
  readonly free: Bytes | null;
}

export interface FormatVerdict extends Verdict {
  /** Null if the image is refused. */
  readonly facts: ImageFacts | null;
}

/** All verdicts on an order. */
export interface Verdicts {
  readonly name: Verdict;
  readonly permission: Verdict;
  readonly quota: QuotaVerdict;
  readonly pool: PoolVerdict;
  /** Null without a head. */
  readonly format: FormatVerdict | null;
  /** Items with the same bytes that the caller may read, by name, at most 10. */
  readonly alreadyHere: readonly ListedItem[];
}

export type CheckOrderFailure = 'group-not-found' | 'permission-missing';

const MAX_TWINS = 10;
const PASSED: Verdict = { failure: null };

interface Dependencies {
  readonly work: UnitOfWork;
  readonly pools: Pools;
  readonly stores: BlobStores<BlobContent & BlobInventory & PoolClaim>;
}

/** Judges an item before any byte of it moves: every condition at once. Changes nothing. */
export class CheckOrder {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;
  readonly #stores: Dependencies['stores'];

  constructor({ work, pools, stores }: Dependencies) {
    this.#work = work;
    this.#pools = pools;
    this.#stores = stores;
  }

  /** Needs `velocity.media.list` on the group. A later order may meet other conditions. */
  async run(caller: Caller, order: CheckedOrder): Promise<Verdicts> {
    const pool = findPool(this.#pools, order.pool);
    const format = order.head === null ? null : formatOf(order, order.head, pool);
    const [verdicts, usable] = await Promise.all([
      this.#work.onBehalfOf(caller).snapshot(async (tx) => {
        const group = await requireSeenGroup(tx, caller, 'velocity.media.list', order.group);
        return {
          name: await nameVerdict(tx, order),
          permission: await permissionVerdict(tx, caller, group, order.pool),
          quota: await this.#quotaVerdict(tx, group, order, format?.facts ?? null),
          alreadyHere: order.sha256 === null ? [] : await twins(tx, caller, order.sha256),
        };
      }),
      pool === null ? { failure: 'pool-not-found' as const, free: null } : this.#poolVerdict(pool),
    ]);
    return { ...verdicts, pool: usable, format };
  }

  async #quotaVerdict(
    tx: Transaction,
    group: Group,
    { pool, size, type }: CheckedOrder,
    facts: ImageFacts | null,
  ): Promise<QuotaVerdict> {
    const [usage, levels] = await Promise.all([tx.usage.ofPath(group.path, pool), tx.pools.levels([pool])]);
    const found = tightestLevel([...usage.map(levelOf), ...levels.values()]);
    const isExceeded = found !== null && size > found.left;
    const item = { group: group.id, pool, size, readOnly: isOptical(type) };
    const growth =
      facts === null || isExceeded
        ? PASSED
        : await verdictOf(async () => requireRoomToGrow(tx, this.#stores, item, facts));
    return {
      failure: isExceeded ? 'quota-exceeded' : growth.failure,
      needed: size,
      available: found?.left ?? null,
      boundBy: found?.level.group ?? null,
    };
  }

  async #poolVerdict({ id }: Pool): Promise<PoolVerdict> {
    const locations = this.#stores.locations(id).map((location) => this.#stores.of(id, location));
    const verdict = await verdictOf(async () => {
      await Promise.all(locations.map(async (location) => location.probe()));
    });
    const free = await Promise.all(locations.map(async (location) => location.freeBytes().catch(() => null)));
    return { ...verdict, free: free.find((bytes) => bytes !== null) ?? null };
  }
}

/** Returns the failure of a check as a verdict. */
async function verdictOf(check: () => Promise<void>): Promise<Verdict> {
  try {
    await check();
    return PASSED;
  } catch (error) {
    if (!isDomainError(error)) return { failure: 'unavailable' };
    return { failure: error.code };
  }
}

async function nameVerdict(tx: Transaction, { name, type, pool }: CheckedOrder): Promise<Verdict> {
  const valid = await verdictOf(async () => {
    requireName(name);
    requireName(type);
    return Promise.resolve();
  });
  if (valid.failure !== null) return valid;
  return (await tx.labels.namesTaken(pool, [name])).has(name) ? { failure: 'media-name-taken' } : PASSED;
}

async function permissionVerdict(tx: Transaction, caller: Caller, group: Group, pool: PoolId): Promise<Verdict> {
  const [holds, assigned] = await Promise.all([
    tx.grants.holds(caller.id, 'velocity.media.create', group.path),
    tx.assignments.find(group.id, pool),
  ]);
  if (!holds) return { failure: 'permission-missing' };
  return rightsOf(group.id, assigned)?.manage === true ? PASSED : { failure: 'not-manager' };
}

function formatOf({ size }: CheckedOrder, head: Uint8Array, pool: Pool | null): FormatVerdict {
  try {
    const facts = inspectImage(head, head.length >= size ? head : null, size);
    requireFormat(facts, pool?.capacity ?? null);
    return { failure: null, facts };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { failure: error.code, facts: null };
  }
}

async function twins(tx: Transaction, caller: Caller, sha256: string): Promise<readonly ListedItem[]> {
  const filter: MediaFilter = {
    group: null,
    subtree: false,
    pool: null,
    type: null,
    format: null,
    text: null,
    state: 'ready',
    sha256,
  };
  const terms = { limit: MAX_TWINS, sort: 'name', isDescending: false, after: null, counts: false } as const;
  return (await tx.catalogue.list(viewerOf(caller), filter, terms)).items;
}
