import type { Caller } from '../../domain/access/caller.ts';
import type { IdempotencyKey, KeptAnswer } from '../../domain/access/idempotency-key.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { KeepAnswer } from '../access/keep-answer.ts';
import type { KeyClaim } from '../ports/idempotency-repository.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** How the results of a change are answered. */
export interface AnswerForms<View> {
  readonly answer: (view: View) => KeptAnswer;
  /** Returns the answer to a refusal; null for a failure that is not kept. */
  readonly refusal: (error: unknown) => KeptAnswer | null;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Makes changes once per idempotency key: the answer is stored in the transaction of the change, so
 * that a repetition finds it exactly when the change was made.
 */
export class IdempotentRequests {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Runs `change`, which must pass its result to the given function in its transaction, or returns
   * the answer of the request that had the key. Without a key it only runs `change`.
   *
   * @throws what `change` threw; DomainError `idempotency-key-reused` or `idempotency-key-busy`
   */
  async run<View>(
    caller: Caller,
    key: IdempotencyKey | null,
    change: (keep: KeepAnswer<View>) => Promise<View>,
    forms: AnswerForms<View>,
  ): Promise<KeptAnswer> {
    if (key === null) return forms.answer(await change(keepNothing));
    const { work, random } = this.#dependencies;
    const claim: KeyClaim = { id: random.uuid(), user: caller.id, hash: key.hash };
    const earlier = await work.onBehalfOf(caller).run(async (tx) => tx.idempotencyKeys.claim(claim, key.fingerprint));
    if (earlier !== null) return earlier;
    try {
      return forms.answer(
        await change(async (tx, made) => {
          // Another request took the key over meanwhile, so this one is rolled back.
          if (!(await tx.idempotencyKeys.keep(claim, forms.answer(made))))
            throw new DomainError('idempotency-key-busy');
        }),
      );
    } catch (error) {
      await this.#conclude(claim, forms.refusal(error));
      throw error;
    }
  }

  /** If the database cannot be reached, the claim ends after its time. */
  async #conclude(claim: KeyClaim, refusal: KeptAnswer | null): Promise<void> {
    const { work, log } = this.#dependencies;
    try {
      await work.run(async (tx) => {
        if (refusal === null) await tx.idempotencyKeys.release(claim);
        else await tx.idempotencyKeys.keep(claim, refusal);
      });
    } catch (error) {
      log.warn({ err: error }, 'an idempotency key stays claimed until its time is over');
    }
  }
}

const keepNothing = async (): Promise<void> => Promise.resolve();
