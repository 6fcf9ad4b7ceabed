import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { TagId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import type { TagText } from '../../domain/tags/tag.ts';
import { changedFields } from '../audit/changed-fields.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { tagResources, type TagResourcesFailure } from './tag-resources.ts';
import { tagView, type TagView } from './tag-view.ts';

/** Fields to change; omitted ones stay. */
export interface TagChanges {
  readonly name?: string | undefined;
  readonly meta?: TagText['meta'] | undefined;
  /** The ids of all tagged resources. */
  readonly resources?: readonly string[] | undefined;
}

export type EditTagFailure = 'tag-not-found' | 'name-invalid' | 'definitions-too-large' | TagResourcesFailure;

/** Changes a tag and its resources. */
export class EditTag {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `id` is null for a string that cannot be an id. */
  async run(caller: Caller, id: TagId | null, changes: TagChanges): Promise<TagView> {
    const { name, meta, resources } = changes;
    if (name !== undefined) requireName(name);
    return this.#work.onBehalfOf(caller).run(async (tx) => {
      await tx.definitions.lock(caller.uuid);
      const [before, tag] = await Promise.all([
        tx.definitions.bytesOf(caller.uuid),
        id === null ? null : tx.tags.lock(id, caller.uuid),
      ]);
      if (tag === null) throw new DomainError('tag-not-found');
      await tx.tags.write(tag.id, { name: name ?? tag.name, meta: meta ?? tag.meta });
      await tx.definitions.requireRoom(caller.uuid, before);
      if (resources !== undefined) await tagResources(tx, caller, tag.id, resources);
      await tx.audit.record(caller, { action: 'tag.edit', tag: tag.id, details: { fields: changedFields(changes) } });
      return tagView(tx, caller, tag.id);
    });
  }
}
