import type { Caller } from '../../domain/access/caller.ts';
import type { Profile } from '../../domain/access/profile.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Shows the profile of the caller. */
export class ViewProfile {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** @throws `not-authenticated` if the caller was removed meanwhile */
  async run(caller: Caller): Promise<Profile> {
    const profile = await this.#work.onBehalfOf(caller).read(async (tx) => tx.profiles.find(caller.id));
    if (profile === null) throw new DomainError('not-authenticated');
    return profile;
  }
}
