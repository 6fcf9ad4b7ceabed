import type { Caller } from '../../domain/access/caller.ts';
import { SYSTEM } from '../../domain/audit/audit-event.ts';
import { headroomOf } from '../../domain/quotas/headroom.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import type { TrashedMedia } from '../../domain/media/trashed-media.ts';
import type { Removals } from '../ports/removals.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { levelOf } from '../ports/usage-repository.ts';
import { purgeTrashed } from './purge-trashed.ts';

/** How often a transaction is tried again, when others took the bytes that it had freed. */
const MAX_YIELDS = 3;
/** The maximum number of items that one charge deletes. */
const MAX_ITEMS = 1000;

/** A charge that the limit of a group refused. */
interface Refusal {
  readonly group: GroupId;
  readonly pool: PoolId;
  readonly needed: Bytes;
}

/**
 * A unit of work in which the trash of a group makes room for its charges. If the limit of a group
 * refuses a charge, and the trash of this very group has enough bytes, the oldest of it is deleted
 * in a transaction of its own, and the refused transaction runs again.
 */
export class YieldingUnitOfWork implements UnitOfWork {
  readonly #work: UnitOfWork;
  readonly #removals: Removals;

  constructor(work: UnitOfWork, removals: Removals) {
    this.#work = work;
    this.#removals = removals;
  }

  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let yields = 0; ; yields += 1) {
      try {
        return await this.#work.run(work);
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === null || yields === MAX_YIELDS) throw error;
        if (!(await this.#work.run(async (tx) => makeRoom(tx, refusal)))) throw error;
        this.#removals.wake();
      }
    }
  }

  async runStatement<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#work.runStatement(work);
  }

  async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#work.read(work);
  }

  async snapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#work.snapshot(work);
  }

  async search<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#work.search(work);
  }

  onBehalfOf(caller: Caller): UnitOfWork {
    return new YieldingUnitOfWork(this.#work.onBehalfOf(caller), this.#removals);
  }
}

/** Returns null for any other failure, such as that of a pool or of an image that may grow. */
function refusalOf(error: unknown): Refusal | null {
  if (!isFailure(error, 'quota-exceeded') || error.detail.limitedBy !== 'group') return null;
  const { group, pool, needed } = error.detail;
  return group === undefined || pool === undefined ? null : { group, pool, needed };
}

/**
 * Deletes the oldest items in the trash of the group that suffice for the charge; none if there is
 * room already. Returns false, having changed nothing, if all of them do not suffice.
 */
async function makeRoom(tx: Transaction, { group: id, pool, needed }: Refusal): Promise<boolean> {
  const group = await tx.groups.lockShared(id);
  if (group === null) return false;
  const oldest = await lockEnough(tx, id, pool, needed);
  if (oldest === null) return false;
  await purgeTrashed(tx, SYSTEM, group, oldest, 'yielded');
  return true;
}

/**
 * Locks the oldest items in the trash that suffice for the charge; none if there is room already.
 * Returns null if all of them do not suffice.
 *
 * Other charges may delete items, or make or take room, while this one waits for the locks: what
 * was found before is then too little, and is looked for again as long as it changes.
 */
async function lockEnough(
  tx: Transaction,
  group: GroupId,
  pool: PoolId,
  needed: Bytes,
): Promise<readonly TrashedMedia[] | null> {
  let missing = await missingIn(tx, group, pool, needed);
  for (let before: string | undefined; ;) {
    const candidates = await tx.trash.lockOldest(group, pool, missing, MAX_ITEMS);
    missing = await missingIn(tx, group, pool, needed);
    let freed = 0;
    const oldest = candidates.filter(({ media }) => {
      if (freed >= missing) return false;
      freed += media.size;
      return true;
    });
    if (freed >= missing) return oldest;
    const found = candidates.map(({ media }) => media.id).join();
    if (found === before) return null;
    before = found;
  }
}

/** Returns how many bytes the group lacks for the charge. */
async function missingIn(tx: Transaction, group: GroupId, pool: PoolId, needed: Bytes): Promise<Bytes> {
  const [usage] = await tx.usage.ofPath([group], pool);
  const left = usage === undefined ? null : headroomOf(levelOf(usage));
  return bytes(left === null ? 0 : Math.max(0, needed - left));
}
