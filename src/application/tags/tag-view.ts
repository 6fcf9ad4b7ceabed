import type { Caller } from '../../domain/access/caller.ts';
import type { Tag, TaggedResource } from '../../domain/tags/tag.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { TagId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** A tag and its resources, as far as its owner sees them. */
export type TagView = Tag & { readonly resources: readonly TaggedResource[] };

/**
 * Returns these tags with their resources, in their order. The number of queries does not depend on
 * the number of tags.
 */
export async function tagViews(tx: Transaction, caller: Caller, tags: readonly Tag[]): Promise<readonly TagView[]> {
  const ids = tags.map(({ id }) => id);
  const resources = await tx.tags.resourcesOf(ids, caller.id);
  return tags.map((tag) => ({ ...tag, resources: resources.get(tag.id) ?? [] }));
}

/**
 * Returns one of the caller's tags. `id` is null for a string that cannot be an id.
 *
 * @throws `tag-not-found`
 */
export async function tagView(tx: Transaction, caller: Caller, id: TagId | null): Promise<TagView> {
  const tag = id === null ? null : await tx.tags.find(id, caller.uuid);
  const [view] = tag === null ? [] : await tagViews(tx, caller, [tag]);
  if (view === undefined) throw new DomainError('tag-not-found');
  return view;
}
