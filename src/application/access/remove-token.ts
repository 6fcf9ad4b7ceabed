import type { TokenId } from '../../domain/access/api-token.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type RemoveTokenFailure = 'token-not-found';

/** Deletes an API token of the caller. It is refused from then on. */
export class RemoveToken {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `id` is null for text that is no id. */
  async run(caller: Caller, id: TokenId | null): Promise<void> {
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      if (id === null || !(await tx.apiTokens.remove(caller.id, id))) throw new DomainError('token-not-found');
      await tx.audit.record(caller, { action: 'token.remove', user: caller.id, details: { token: id } });
    });
  }
}
