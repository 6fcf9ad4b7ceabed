import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { TagId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

export type TagResourcesFailure = 'resource-not-found';

/**
 * Puts a tag on what has these ids, and takes it from all else that it is on.
 *
 * @throws DomainError `resource-not-found` where one of them is nothing that the caller sees
 */
export async function tagResources(tx: Transaction, caller: Caller, tag: TagId, ids: readonly string[]): Promise<void> {
  const wanted = new Set(ids.map((id) => id.toLowerCase()));
  const resources = await tx.tags.resources([...wanted], caller.id);
  if (resources.length < wanted.size) throw new DomainError('resource-not-found');
  await tx.tags.putOn(tag, resources);
}
