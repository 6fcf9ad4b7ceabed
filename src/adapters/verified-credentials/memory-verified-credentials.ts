import { createHmac, randomBytes } from 'node:crypto';
import type { Proof, Verified, VerifiedCredentials } from '../../application/ports/verified-credentials.ts';

export interface MemoryTerms {
  /** How long a pair is remembered, in seconds from its verification. */
  readonly seconds: number;
  /** How many pairs are remembered at once. */
  readonly pairs: number;
}

const DEFAULT_TERMS: MemoryTerms = { seconds: 60, pairs: 10_000 };

interface Remembered {
  readonly verified: Verified;
  readonly until: number;
}

/**
 * Remembers pairs in the memory of this replica, under a hash whose key nobody else has. Past the
 * most pairs, the oldest is forgotten.
 */
export class MemoryVerifiedCredentials implements VerifiedCredentials {
  readonly #terms: MemoryTerms;
  readonly #pepper = randomBytes(32);
  /** By their verification, the oldest first. */
  readonly #pairs = new Map<string, Remembered>();

  constructor(terms: MemoryTerms = DEFAULT_TERMS) {
    this.#terms = terms;
  }

  recall(proof: Proof): Verified | null {
    const key = this.#keyOf(proof);
    const found = this.#pairs.get(key);
    if (found === undefined) return null;
    if (performance.now() < found.until) return found.verified;
    this.#pairs.delete(key);
    return null;
  }

  remember(proof: Proof, verified: Verified): void {
    const key = this.#keyOf(proof);
    this.#pairs.delete(key);
    this.#pairs.set(key, { verified, until: performance.now() + this.#terms.seconds * 1000 });
    for (const oldest of this.#pairs.keys()) {
      if (this.#pairs.size <= this.#terms.pairs) break;
      this.#pairs.delete(oldest);
    }
  }

  /** The length of the name tells "a" with "bc" from "ab" with "c". A network contains no space. */
  #keyOf({ name, password, network }: Proof): string {
    const proof = `${network} ${name.length} ${name} ${password}`;
    return createHmac('sha256', this.#pepper).update(proof, 'utf8').digest('base64url');
  }
}
