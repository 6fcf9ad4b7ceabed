export interface FailureTerms {
  /** The failure that is one too many. */
  readonly failures: number;
  /** How long failures count, in seconds from the first of them. */
  readonly seconds: number;
  /** How many keys are counted at once. */
  readonly keys: number;
}

interface Count {
  failures: number;
  readonly endsAt: number;
}

/**
 * Counts failures by key. Past the most keys, the one whose first failure lies furthest back is
 * forgotten.
 */
export class FailureCounts {
  readonly #terms: FailureTerms;
  /** By their first failure, the oldest first. */
  readonly #counts = new Map<string, Count>();

  constructor(terms: FailureTerms) {
    this.#terms = terms;
  }

  add(key: string): void {
    const count = this.#countOf(key);
    if (count !== null) {
      count.failures += 1;
      return;
    }
    this.#counts.delete(key);
    this.#counts.set(key, { failures: 1, endsAt: performance.now() + this.#terms.seconds * 1000 });
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= this.#terms.keys) break;
      this.#counts.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#counts.delete(key);
  }

  /** Returns how long a key has used up its failures for, in whole seconds; 0 where it has not. */
  secondsUsedUp(key: string): number {
    const count = this.#countOf(key);
    if (count === null || count.failures < this.#terms.failures) return 0;
    return Math.max(1, Math.ceil((count.endsAt - performance.now()) / 1000));
  }

  #countOf(key: string): Count | null {
    const count = this.#counts.get(key);
    return count === undefined || count.endsAt <= performance.now() ? null : count;
  }
}
