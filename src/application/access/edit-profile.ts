import type { Caller } from '../../domain/access/caller.ts';
import type { Profile, ProfileChanges } from '../../domain/access/profile.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { changedFields } from '../audit/changed-fields.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type EditProfileFailure = 'definitions-too-large';

/** Changes the profile of the caller. */
export class EditProfile {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /**
   * Omitted fields stay. Returns the whole profile.
   *
   * @throws `not-authenticated` if the caller was removed meanwhile
   */
  async run(caller: Caller, changes: ProfileChanges): Promise<Profile> {
    return this.#work.onBehalfOf(caller).run(async (tx) => {
      await tx.definitions.lock(caller.uuid);
      const [before, profile] = await Promise.all([
        tx.definitions.bytesOf(caller.uuid),
        tx.profiles.change(caller.id, changes),
      ]);
      if (profile === null) throw new DomainError('not-authenticated');
      await tx.definitions.requireRoom(caller.uuid, before);
      await tx.audit.record(caller, {
        action: 'user.edit',
        user: caller.id,
        details: { fields: changedFields(changes) },
      });
      return profile;
    });
  }
}
