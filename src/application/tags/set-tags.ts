import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { TagId } from '../../domain/shared/ids.ts';
import type { Tagged } from '../ports/tag-repository.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

export type SetTagsFailure = 'named-tag-not-found';

/**
 * Sets the caller's tags on a resource that the caller sees. Tags of other users stay. A tag is
 * null for a string that cannot be an id.
 *
 * @throws `named-tag-not-found`
 */
export async function setTags(
  tx: Transaction,
  caller: Caller,
  tags: readonly (TagId | null)[],
  on: Tagged,
): Promise<void> {
  await tx.tags.put(caller.uuid, await requireTags(tx, caller, tags), on);
}

/**
 * Returns the ids of these tags, which must all belong to the caller.
 *
 * @throws `named-tag-not-found`
 */
export async function requireTags(
  tx: Transaction,
  caller: Caller,
  tags: readonly (TagId | null)[],
): Promise<readonly TagId[]> {
  const ids = tags.filter((id) => id !== null);
  const isWhole = ids.length === tags.length && (await tx.tags.lockShared(caller.uuid, ids));
  if (!isWhole) throw new DomainError('named-tag-not-found');
  return ids;
}
