import type { AuditEvent } from '../../domain/audit/audit-event.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { requireWithin, type MaxPossessions } from '../../domain/access/possessions.ts';
import type { TagText } from '../../domain/tags/tag.ts';
import type { TagId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { tagResources, type TagResourcesFailure } from './tag-resources.ts';
import { tagView, type TagView } from './tag-view.ts';

/** A tag to create. */
export type TagOrder = TagText & {
  /** The ids of the resources to tag. */
  readonly resources: readonly string[];
};

export type CreateTagsFailure =
  'name-invalid' | 'user-not-found' | 'too-many-possessions' | 'definitions-too-large' | TagResourcesFailure;

/** Creates several tags, all of them or none. */
export class CreateTags {
  readonly #work: UnitOfWork;
  readonly #random: Random;
  readonly #max: MaxPossessions;

  constructor(work: UnitOfWork, random: Random, max: MaxPossessions) {
    this.#max = max;
    this.#work = work;
    this.#random = random;
  }

  /** Resolves with the tags, in the order of `orders`. */
  async run(caller: Caller, orders: readonly TagOrder[]): Promise<readonly TagView[]> {
    for (const { name } of orders) requireName(name);
    const planned = orders.map((order) => ({ id: this.#random.uuid() as TagId, order }));
    return this.#work.onBehalfOf(caller).run(async (tx) => {
      requireWithin(this.#max, 'tags', await tx.users.countPossessions(caller, 'tags'), orders.length);
      const views: TagView[] = [];
      for (const { id, order } of planned) {
        const { name, meta, resources } = order;
        await tx.tags.insert({ id, owner: caller.uuid, name, meta });
        await tagResources(tx, caller, id, resources);
        views.push(await tagView(tx, caller, id));
      }
      await tx.definitions.requireRoom(caller.uuid);
      await tx.audit.record(caller, ...planned.map(({ id }): AuditEvent => ({ action: 'tag.create', tag: id })));
      return views;
    });
  }
}
