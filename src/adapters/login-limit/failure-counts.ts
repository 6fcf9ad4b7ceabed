export interface FailureLimits {
  /** How many failures block a key. */
  readonly maxFailures: number;
  /** How long failures count, from the first of them. */
  readonly windowSeconds: number;
  /** How many keys are counted at once. */
  readonly maxKeys: number;
}

interface FailureCount {
  failures: number;
  readonly endsAt: number;
}

/** Counts failures by key. At `maxKeys`, forgets the key with the oldest first failure. */
export class FailureCounts {
  readonly #limits: FailureLimits;
  /** Ordered by first failure, the oldest first. */
  readonly #counts = new Map<string, FailureCount>();

  constructor(limits: FailureLimits) {
    this.#limits = limits;
  }

  add(key: string): void {
    const count = this.#countOf(key);
    if (count !== null) {
      count.failures += 1;
      return;
    }
    this.#counts.delete(key);
    this.#counts.set(key, { failures: 1, endsAt: performance.now() + this.#limits.windowSeconds * 1000 });
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= this.#limits.maxKeys) break;
      this.#counts.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#counts.delete(key);
  }

  /** Returns for how many whole seconds a key stays blocked; 0 when it is not. */
  blockedSeconds(key: string): number {
    const count = this.#countOf(key);
    if (count === null || count.failures < this.#limits.maxFailures) return 0;
    return Math.max(1, Math.ceil((count.endsAt - performance.now()) / 1000));
  }

  #countOf(key: string): FailureCount | null {
    const count = this.#counts.get(key);
    return count === undefined || count.endsAt <= performance.now() ? null : count;
  }
}
