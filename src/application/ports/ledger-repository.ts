import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import type { CountedItems, LedgerEntry } from '../../domain/quotas/ledger.ts';

/** The items that groups are charged for, descendants included. Reads items, never usage rows. */
export interface LedgerRepository {
  /** Returns the sums of all items that a group and its descendants are charged for, by state. */
  counted(group: GroupId): Promise<readonly CountedItems[]>;
  /** Returns a page of the items that a group and its descendants are charged for in a pool. */
  entries(group: GroupId, pool: PoolId, terms: KeysetTerms<'size'>): Promise<KeysetPage<LedgerEntry>>;
}
