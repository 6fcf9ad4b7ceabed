import type { Caller } from '../../domain/access/caller.ts';
import type { Tag, TaggedResource } from '../../domain/tags/tag.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { TagId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** A tag with what it is on, as far as its owner sees it. */
export type TagView = Tag & { readonly resources: readonly TaggedResource[] };

/** These tags with what they are on, in their order; in as many queries whatever their number. */
export async function tagViews(tx: Transaction, caller: Caller, tags: readonly Tag[]): Promise<readonly TagView[]> {
  const ids = tags.map(({ id }) => id);
  const resources = await tx.tags.resourcesOf(ids, caller.id);
  return tags.map((tag) => ({ ...tag, resources: resources.get(tag.id) ?? [] }));
}

/** One of the caller's tags. Fails with `tag-not-found`; `id` is null for what can't be an id. */
export async function tagView(tx: Transaction, caller: Caller, id: TagId | null): Promise<TagView> {
  const tag = id === null ? null : await tx.tags.find(id, caller.uuid);
  const [view] = tag === null ? [] : await tagViews(tx, caller, [tag]);
  if (view === undefined) throw new DomainError('tag-not-found');
  return view;
}
