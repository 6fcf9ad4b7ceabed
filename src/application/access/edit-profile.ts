import type { Caller } from '../../domain/access/caller.ts';
import type { Profile, ProfileChanges } from '../../domain/access/profile.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Changes what callers say about themselves. */
export class EditProfile {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** What is left out stays. Answers the whole profile. Fails with `not-authenticated` when the caller was removed meanwhile. */
  async run(caller: Caller, changes: ProfileChanges): Promise<Profile> {
    const profile = await this.#work.run(async (tx) => tx.profiles.change(caller.id, changes));
    if (profile === null) throw new DomainError('not-authenticated');
    return profile;
  }
}
