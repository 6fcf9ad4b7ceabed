import { createHash } from 'node:crypto';
import type { LoginLimit, LoginPair } from '../../application/ports/login-limit.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { FailureCounts, type FailureTerms } from './failure-counts.ts';
import { RecentLogins, type RecentTerms } from './recent-logins.ts';

export interface LoginLimitTerms {
  readonly ofPair: FailureTerms;
  /** Over all names. */
  readonly ofNetwork: FailureTerms;
  readonly recent: RecentTerms;
}

/** The numbers of docs/velocity.md#logging-in. All of it together takes some ten MiB at most. */
const DEFAULT_TERMS: LoginLimitTerms = {
  ofPair: { failures: 20, seconds: 60, keys: 20_000 },
  ofNetwork: { failures: 100, seconds: 60, keys: 20_000 },
  recent: { seconds: 24 * 60 * 60, names: 10_000, networks: 16 },
};

/**
 * Counts failures in the memory of this replica. A pair costs the same whatever its name, since
 * only a hash of it is kept. To make it forget a count, an attacker has to fail twenty thousand
 * times within the minute, which hashing does not allow.
 */
export class MemoryLoginLimit implements LoginLimit {
  readonly #pairs: FailureCounts;
  readonly #networks: FailureCounts;
  readonly #recent: RecentLogins;

  constructor(terms: Partial<LoginLimitTerms> = {}) {
    const { ofPair, ofNetwork, recent } = { ...DEFAULT_TERMS, ...terms };
    this.#pairs = new FailureCounts(ofPair);
    this.#networks = new FailureCounts(ofNetwork);
    this.#recent = new RecentLogins(recent);
  }

  async admit(pair: LoginPair): Promise<void> {
    const ofPair = this.#pairs.secondsUsedUp(keyOf(pair));
    const ofNetwork = (await this.knows(pair)) ? 0 : this.#networks.secondsUsedUp(pair.network);
    const retryAfterSeconds = Math.max(ofPair, ofNetwork);
    if (retryAfterSeconds > 0) throw new DomainError('too-many-logins', { retryAfterSeconds });
  }

  async failed(pair: LoginPair): Promise<void> {
    this.#pairs.add(keyOf(pair));
    this.#networks.add(pair.network);
    return this.admit(pair);
  }

  async succeeded(pair: LoginPair): Promise<void> {
    this.#pairs.delete(keyOf(pair));
    this.#recent.remember(hashOf(pair.name), pair.network);
    return Promise.resolve();
  }

  async knows({ name, network }: LoginPair): Promise<boolean> {
    return Promise.resolve(this.#recent.has(hashOf(name), network));
  }
}

/** The length of the name keeps "a" at "b1" apart from "ab" at "1". */
function keyOf({ name, network }: LoginPair): string {
  return hashOf(`${name.length} ${name} ${network}`);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url');
}
