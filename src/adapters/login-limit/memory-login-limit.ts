import { createHash } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { LoginLimit } from '../../application/ports/login-limit.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';

export interface LoginLimitTerms {
  /** The failure that is one too many. */
  readonly failures: number;
  /** How long failures count, in seconds from the first of them. */
  readonly seconds: number;
  /** How many pairs are watched at once. */
  readonly pairs: number;
}

/** docs/velocity.md#logging-in: from the 20th failed login a minute. */
const DEFAULT_TERMS: LoginLimitTerms = { failures: 20, seconds: 60, pairs: 20_000 };

/**
 * Counts failures in the memory of this replica. A pair costs the same whatever its name, since only a hash of it is kept. Past the
 * most pairs, the one whose first failure lies furthest back is forgotten: whoever wants that to happen has to fail thousands of times.
 */
export class MemoryLoginLimit implements LoginLimit {
  readonly #terms: LoginLimitTerms;
  readonly #limiter: RateLimiterMemory;
  /** The pairs that the limiter knows, and some that it has forgotten since, by their first failure. */
  readonly #watched = new Set<string>();

  constructor(terms: LoginLimitTerms = DEFAULT_TERMS) {
    this.#terms = terms;
    this.#limiter = new RateLimiterMemory({ points: terms.failures, duration: terms.seconds });
  }

  async admit(name: string, address: string): Promise<void> {
    const counted = await this.#limiter.get(pairOf(name, address));
    if (counted !== null && counted.msBeforeNext > 0) this.#refuseFrom(counted);
  }

  async failed(name: string, address: string): Promise<void> {
    const pair = pairOf(name, address);
    const counted = await this.#limiter.penalty(pair);
    if (counted.isFirstInDuration) await this.#watch(pair);
    this.#refuseFrom(counted);
  }

  async succeeded(name: string, address: string): Promise<void> {
    const pair = pairOf(name, address);
    this.#watched.delete(pair);
    await this.#limiter.delete(pair);
  }

  #refuseFrom({ consumedPoints, msBeforeNext }: { consumedPoints: number; msBeforeNext: number }): void {
    if (consumedPoints < this.#terms.failures) return;
    throw new DomainError('too-many-logins', { retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) });
  }

  async #watch(pair: string): Promise<void> {
    this.#watched.delete(pair);
    this.#watched.add(pair);
    for (const oldest of this.#watched) {
      if (this.#watched.size <= this.#terms.pairs) break;
      this.#watched.delete(oldest);
      await this.#limiter.delete(oldest);
    }
  }
}

/** The length of the name keeps "a" at "b1" apart from "ab" at "1". */
function pairOf(name: string, address: string): string {
  return createHash('sha256').update(`${name.length} ${name} ${address}`, 'utf8').digest('base64url');
}
