import type { UnitOfWork } from '../ports/unit-of-work.ts';

const MAX_NAMED = 20;

/** Finds groups that nothing but the size of a pool keeps from filling it. */
export class FindUnlimitedGroups {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /**
   * Resolves with one sentence for the operator per group and pool; of many it names the first, and
   * says that there are more.
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
