import type { Caller } from '../../domain/access/caller.ts';
import type { TagId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { tagView, type TagView } from './tag-view.ts';

export type ViewTagFailure = 'tag-not-found';

/** Shows one of the caller's tags. */
export class ViewTag {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `id` is null for a string that cannot be an id. */
  async run(caller: Caller, id: TagId | null): Promise<TagView> {
    return this.#work.onBehalfOf(caller).read(async (tx) => tagView(tx, caller, id));
  }
}
