import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Proof, Verified, VerifiedCredentials } from '../../application/ports/verified-credentials.ts';

export interface MemoryLimits {
  /** How long a proof is remembered, from its verification. */
  readonly lifetimeSeconds: number;
  /** How many proofs are remembered at once. */
  readonly maxProofs: number;
}

const DEFAULT_LIMITS: MemoryLimits = { lifetimeSeconds: 60, maxProofs: 10_000 };

/**
 * Remembers proofs in the memory of this replica, under a hash with a random key of this process.
 * At `maxProofs`, forgets the least recently used one.
 */
export class MemoryVerifiedCredentials implements VerifiedCredentials {
  readonly #pepper = randomBytes(32);
  readonly #proofs: LRUCache<string, Verified>;

  constructor({ lifetimeSeconds, maxProofs }: MemoryLimits = DEFAULT_LIMITS) {
    this.#proofs = new LRUCache({ max: maxProofs, ttl: lifetimeSeconds * 1000 });
  }

  recall(proof: Proof): Verified | null {
    return this.#proofs.get(this.#keyOf(proof)) ?? null;
  }

  remember(proof: Proof, verified: Verified): void {
    this.#proofs.set(this.#keyOf(proof), verified);
  }

  /**
   * The length of the name distinguishes "a" with "bc" from "ab" with "c". A network contains no
   * space.
   */
  #keyOf({ name, password, network }: Proof): string {
    const proof = `${network} ${name.length} ${name} ${password}`;
    return createHmac('sha256', this.#pepper).update(proof, 'utf8').digest('base64url');
  }
}
