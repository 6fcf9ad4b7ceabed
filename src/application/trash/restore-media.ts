import type { Caller } from '../../domain/access/caller.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { lockTrashed, type TrashFailure } from './require-trashed.ts';

export type RestoreMediaFailure = TrashFailure | 'name-invalid' | 'media-name-taken';

/** Takes items out of the trash: they are as they were before. */
export class RestoreMedia {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /**
   * Resolves when the item is ready again, under `name` or the name that it had.
   *
   * @throws `media-name-taken` when another item got the name meanwhile: restore it under another
   *   one
   */
  async run(caller: Caller, id: MediaId, name?: string): Promise<void> {
    if (name !== undefined) requireName(name);
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const { trashed } = await lockTrashed(tx, caller, id, 'velocity.media.create');
      const { media } = trashed;
      await tx.trash.restore(media.id, name ?? media.name);
      await tx.audit.record(caller, { action: 'media.restore', media: media.id, details: { size: media.size } });
    });
  }
}
