import type { Caller } from '../../domain/access/caller.ts';
import type { Shareholder } from '../../domain/access/tenant.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { ConnectionShares } from '../ports/connection-shares.ts';
import { FairSlots } from './fair-slots.ts';
import { shareholderOf } from './shareholder.ts';

/** How long a caller waits for a connection. */
const MAX_WAIT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/** Shares connections between callers by `FairSlots`. */
export class CallerShares implements ConnectionShares {
  readonly #slots: FairSlots;

  constructor(connections: number) {
    this.#slots = new FairSlots(connections);
  }

  async within<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    const release = this.#slots.tryAcquire(shareholderOf(caller)) ?? (await this.#wait(shareholderOf(caller)));
    try {
      return await work();
    } finally {
      release();
    }
  }

  async #wait(holder: Shareholder): Promise<() => void> {
    const limit = new AbortController();
    const timer = setTimeout(
      () => limit.abort(new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS })),
      MAX_WAIT_MS,
    );
    try {
      return await this.#slots.acquire(holder, limit.signal);
    } finally {
      clearTimeout(timer);
    }
  }
}
