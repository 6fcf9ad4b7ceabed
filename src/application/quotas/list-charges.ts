import type { Caller } from '../../domain/access/caller.ts';
import { findPool, type Pools } from '../../domain/pools/pool.ts';
import { chargeKindOf, type ChargeKind, type LedgerEntry } from '../../domain/quotas/ledger.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import { requireSeenGroup } from '../access/require-seen-group.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type ListChargesFailure = 'permission-missing' | 'group-not-found' | 'pool-not-found';

/** An item that a group is charged for, and what its bytes are charged for. */
export type Charge = LedgerEntry & { readonly kind: ChargeKind };

/** A page of charges, with the usage that they add up to. */
export interface Charges {
  readonly page: KeysetPage<Charge>;
  /** As the usage row counts it. */
  readonly used: Bytes;
}

/** Lists every single item that a group is charged for in a pool, descendants included. */
export class ListCharges {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, pools: Pools) {
    this.#work = work;
    this.#pools = pools;
  }

  async run(caller: Caller, id: GroupId, pool: PoolId, terms: KeysetTerms<'size'>): Promise<Charges> {
    return this.#work.onBehalfOf(caller).snapshot(async (tx) => {
      const group = await requireSeenGroup(tx, caller, 'velocity.media.list', id);
      if (findPool(this.#pools, pool) === null) throw new DomainError('pool-not-found');
      const [page, usage] = await Promise.all([
        tx.ledger.entries(group.id, pool, terms),
        tx.usage.ofPath([group.id], pool),
      ]);
      const items = page.items.map((entry) => ({ ...entry, kind: chargeKindOf(entry) }));
      return { page: { ...page, items }, used: usage[0]?.used ?? bytes(0) };
    });
  }
}
