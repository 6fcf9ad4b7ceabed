import type { ApiToken } from '../../domain/access/api-token.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Lists the API tokens of the caller, page by page. */
export class ListTokens {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, terms: KeysetTerms<'created'>): Promise<KeysetPage<ApiToken>> {
    return this.#work.onBehalfOf(caller).read(async (tx) => tx.apiTokens.page(caller.id, terms));
  }
}
