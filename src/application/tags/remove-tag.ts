import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { TagId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type RemoveTagFailure = 'tag-not-found';

/** Removes a tag. Its resources stay. */
export class RemoveTag {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `id` is null for a string that cannot be an id. */
  async run(caller: Caller, id: TagId | null): Promise<void> {
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const tag = id === null ? null : await tx.tags.lock(id, caller.uuid);
      if (tag === null) throw new DomainError('tag-not-found');
      await tx.audit.record(caller, { action: 'tag.remove', tag: tag.id });
      await tx.tags.remove(tag.id);
    });
  }
}
