import { createHash } from 'node:crypto';
import type { LoginLimit, LoginPair } from '../../application/ports/login-limit.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { FailureCounts, type FailureLimits } from './failure-counts.ts';
import { RecentLogins, type RecentLoginLimits } from './recent-logins.ts';

export interface LoginLimits {
  readonly ofPair: FailureLimits;
  /** For one network, over all names. */
  readonly ofNetwork: FailureLimits;
  readonly recent: RecentLoginLimits;
}

/** The limits of docs/velocity.md#logging-in. All counts together take about 10 MiB at most. */
const DEFAULT_LIMITS: LoginLimits = {
  ofPair: { maxFailures: 20, windowSeconds: 60, maxKeys: 20_000 },
  ofNetwork: { maxFailures: 100, windowSeconds: 60, maxKeys: 20_000 },
  recent: { lifetimeSeconds: 24 * 60 * 60, maxNames: 10_000, maxNetworksPerName: 16 },
};

/**
 * Counts failures in the memory of this replica. Every pair takes the same memory, since only its
 * hash is stored. To push out a count, an attacker would have to fail 20,000 times within a minute,
 * which the speed of hashing does not allow.
 */
export class MemoryLoginLimit implements LoginLimit {
  readonly #pairs: FailureCounts;
  readonly #networks: FailureCounts;
  readonly #recent: RecentLogins;

  constructor(limits: Partial<LoginLimits> = {}) {
    const { ofPair, ofNetwork, recent } = { ...DEFAULT_LIMITS, ...limits };
    this.#pairs = new FailureCounts(ofPair);
    this.#networks = new FailureCounts(ofNetwork);
    this.#recent = new RecentLogins(recent);
  }

  async admit(pair: LoginPair): Promise<void> {
    const ofPair = this.#pairs.blockedSeconds(keyOf(pair));
    const ofNetwork = (await this.knows(pair)) ? 0 : this.#networks.blockedSeconds(pair.network);
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

/** The length of the name distinguishes "a" at "b1" from "ab" at "1". */
function keyOf({ name, network }: LoginPair): string {
  return hashOf(`${name.length} ${name} ${network}`);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url');
}
