import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { TagId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

export type TagResourcesFailure = 'resource-not-found';

/**
 * Sets the resources of a tag to those with these ids.
 *
 * @throws `resource-not-found` if the caller does not see one of them
 */
export async function tagResources(tx: Transaction, caller: Caller, tag: TagId, ids: readonly string[]): Promise<void> {
  const wanted = new Set(ids.map((id) => id.toLowerCase()));
  const resources = await tx.tags.resources([...wanted], caller.id);
  if (resources.length < wanted.size) throw new DomainError('resource-not-found');
  await tx.tags.putOn(tag, resources);
}
