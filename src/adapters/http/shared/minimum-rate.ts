/** Limits of slow clients, for request and response bodies. */
export interface MinimumRateLimits {
  /** The longest wait in which no bytes move. */
  readonly idleSeconds: number;
  /** The lowest average over each window; 0 sets no limit. */
  readonly minBytesPerSecond: number;
}

/** The rate is checked after this much waiting. */
export const WINDOW_SECONDS = 60;

/**
 * Measures the rate of a client over the time in which Platter waited for it. Time in which Platter
 * did not read, or had nothing to send, never counts.
 */
export class MinimumRate {
  readonly #limits: MinimumRateLimits;
  #waitedMs = 0;
  #moved = 0;

  constructor(limits: MinimumRateLimits) {
    this.#limits = limits;
  }

  /** The longest that the next wait may take. */
  get maxWaitMs(): number {
    return this.#limits.idleSeconds * 1000;
  }

  /**
   * The longest that a client may take for `bytes` bytes, regardless of the time before. Infinity
   * without a minimum rate.
   */
  maxWaitForMs(bytes: number): number {
    const { minBytesPerSecond } = this.#limits;
    return minBytesPerSecond === 0 ? Infinity : (WINDOW_SECONDS + bytes / minBytesPerSecond) * 1000;
  }

  /**
   * Records `bytes` moved after a wait of `milliseconds`. Returns false when the client is too
   * slow.
   */
  record(bytes: number, milliseconds: number): boolean {
    this.#waitedMs += milliseconds;
    this.#moved += bytes;
    if (this.#waitedMs < WINDOW_SECONDS * 1000) return true;
    const keeps = this.#moved >= (this.#limits.minBytesPerSecond * this.#waitedMs) / 1000;
    this.#waitedMs = 0;
    this.#moved = 0;
    return keeps;
  }
}
