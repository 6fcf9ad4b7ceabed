import type { UserId } from '../../domain/shared/ids.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';

/** The number of long lists that one user reads at once. */
const MAX_PER_USER = 2;
const MAX_WAIT_MS = 10_000;
const RETRY_AFTER_SECONDS = 5;

/** Limits how many long lists each user reads at once in this process. */
export class LongLists {
  readonly #reading = new Map<UserId, number>();
  readonly #longestWaitMs: number;
  readonly #waiting: { readonly user: UserId; readonly admit: () => void }[] = [];

  constructor(longestWaitMs = MAX_WAIT_MS) {
    this.#longestWaitMs = longestWaitMs;
  }

  /**
   * Resolves when the user may read one more list. Call the returned function when it has been
   * read; idempotent.
   *
   * @throws `unavailable` after the longest wait
   */
  async begin(user: UserId): Promise<() => void> {
    const end = this.tryBegin(user);
    if (end !== null) return end;
    await this.#wait(user);
    return this.#ending(user);
  }

  /** Starts a list as `begin` does; null if the user would have to wait. */
  tryBegin(user: UserId): (() => void) | null {
    if (this.#count(user) >= MAX_PER_USER) return null;
    this.#reading.set(user, this.#count(user) + 1);
    return this.#ending(user);
  }

  #ending(user: UserId): () => void {
    let isReading = true;
    return () => {
      if (isReading) this.#end(user);
      isReading = false;
    };
  }

  #count(user: UserId): number {
    return this.#reading.get(user) ?? 0;
  }

  /** Passes the slot on to the next waiting request of the user, if there is one. */
  #end(user: UserId): void {
    const next = this.#waiting.findIndex((waiter) => waiter.user === user);
    if (next !== -1) this.#waiting.splice(next, 1)[0]?.admit();
    else if (this.#count(user) > 1) this.#reading.set(user, this.#count(user) - 1);
    else this.#reading.delete(user);
  }

  async #wait(user: UserId): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = {
        user,
        admit: (): void => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }));
      }, this.#longestWaitMs);
      this.#waiting.push(waiter);
    });
  }
}
