import type { ApiToken } from '../../domain/access/api-token.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { requireWithin, type MaxPossessions } from '../../domain/access/possessions.ts';
import { requireName } from '../../domain/shared/name.ts';
import type { NewToken } from '../ports/api-token-repository.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type CreateTokenFailure = 'name-invalid' | 'too-many-possessions';

/** A new token with its secret, which cannot be read again. */
export interface CreatedToken {
  readonly token: ApiToken;
  readonly secret: string;
}

/** Creates an API token of the caller. Only the hash of its secret is stored. */
export class CreateToken {
  readonly #work: UnitOfWork;
  readonly #random: Random;
  readonly #max: MaxPossessions;

  constructor(work: UnitOfWork, random: Random, max: MaxPossessions) {
    this.#work = work;
    this.#random = random;
    this.#max = max;
  }

  async run(caller: Caller, order: NewToken): Promise<CreatedToken> {
    requireName(order.name);
    const secret = this.#random.apiToken();
    const token = await this.#work.onBehalfOf(caller).run(async (tx) => {
      requireWithin(this.#max, 'tokens', await tx.users.countPossessions(caller, 'tokens'), 1);
      const created = await tx.apiTokens.insert(this.#random.hashOf(secret), caller.id, order);
      await tx.audit.record(caller, {
        action: 'token.create',
        user: caller.id,
        details: { token: created.id, name: order.name, scope: order.scope },
      });
      return created;
    });
    return { token, secret };
  }
}
