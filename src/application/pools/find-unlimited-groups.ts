import type { UnitOfWork } from '../ports/unit-of-work.ts';

const MAX_NAMED = 20;

/** Finds groups that can fill a whole pool, because no quota limits them. */
export class FindUnlimitedGroups {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /**
   * Resolves with one sentence for the operator per group and pool. Names a limited number, and
   * says whether there are more.
   */
  async run(): Promise<readonly string[]> {
    const found = await this.#work.run(async (tx) => tx.examination.unlimitedGroups(MAX_NAMED + 1));
    const named = found
      .slice(0, MAX_NAMED)
      .map(
        ({ group, name, pool }) =>
          `group ${group} ("${name}") may create media in pool ${pool}, where neither it nor any group above it has a quota: assign the pool with one`,
      );
    return found.length > MAX_NAMED ? [...named, 'and there are more such groups'] : named;
  }
}
