import { createHmac, randomBytes } from 'node:crypto';
import type { Verified, VerifiedCredentials } from '../../application/ports/verified-credentials.ts';

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

/** Remembers pairs in the memory of this replica, under a hash whose key nobody else has. Past the most pairs, the oldest is forgotten. */
export class MemoryVerifiedCredentials implements VerifiedCredentials {
  readonly #terms: MemoryTerms;
  readonly #pepper = randomBytes(32);
  /** By their verification, the oldest first. */
  readonly #pairs = new Map<string, Remembered>();

  constructor(terms: MemoryTerms = DEFAULT_TERMS) {
    this.#terms = terms;
  }

  recall(name: string, password: string): Verified | null {
    const key = this.#keyOf(name, password);
    const found = this.#pairs.get(key);
    if (found === undefined) return null;
    if (performance.now() < found.until) return found.verified;
    this.#pairs.delete(key);
    return null;
  }

  remember(name: string, password: string, verified: Verified): void {
    const key = this.#keyOf(name, password);
    this.#pairs.delete(key);
    this.#pairs.set(key, { verified, until: performance.now() + this.#terms.seconds * 1000 });
    for (const oldest of this.#pairs.keys()) {
      if (this.#pairs.size <= this.#terms.pairs) break;
      this.#pairs.delete(oldest);
    }
  }

  /** The length of the name keeps "a" with "bc" apart from "ab" with "c". */
  #keyOf(name: string, password: string): string {
    return createHmac('sha256', this.#pepper).update(`${name.length} ${name} ${password}`, 'utf8').digest('base64url');
  }
}
