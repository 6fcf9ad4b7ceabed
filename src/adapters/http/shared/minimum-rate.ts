/** How slow a client may be that sends a body, or takes one. */
export interface MinimumRateLimits {
  /** The longest wait in which no bytes move. Seconds. */
  readonly idleSeconds: number;
  /** The least that has to move, on the average of each window. Bytes per second. */
  readonly minBytesPerSecond: number;
}

/** The rate is judged once this much waiting has come together. Seconds. */
export const WINDOW_SECONDS = 60;

/**
 * Judges a client by the time that we spent waiting for it; time in which we did not read, or had
 * nothing to send, never counts.
 */
export class MinimumRate {
  readonly #limits: MinimumRateLimits;
  #waitedMs = 0;
  #moved = 0;

  constructor(limits: MinimumRateLimits) {
    this.#limits = limits;
  }

  /** The longest that the next wait may take. Milliseconds. */
  get maxWaitMs(): number {
    return this.#limits.idleSeconds * 1000;
  }

  /**
   * The longest that a client may take for so many bytes, whatever it took before. Milliseconds.
   */
  maxWaitForMs(bytes: number): number {
    const { minBytesPerSecond } = this.#limits;
    return minBytesPerSecond === 0 ? Infinity : (WINDOW_SECONDS + bytes / minBytesPerSecond) * 1000;
  }

  /**
   * Notes that `bytes` moved after a wait of `milliseconds`. Answers whether the client is still
   * fast enough.
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
