/** How slow a client may be that sends a body. */
export interface PaceLimits {
  /** The longest wait for the next bytes. Seconds. */
  readonly idleSeconds: number;
  /** The least that has to arrive, on the average of each window. Bytes per second. */
  readonly leastRate: number;
}

/** The rate is judged once this much waiting has come together. Seconds. */
export const WINDOW_SECONDS = 60;

/** Judges a client by the time that we spent waiting for it; time in which we did not read never counts. */
export class Pace {
  readonly #limits: PaceLimits;
  #waitedMs = 0;
  #arrived = 0;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  /** The longest that the next wait may take. Milliseconds. */
  get patienceMs(): number {
    return this.#limits.idleSeconds * 1000;
  }

  /** Notes that `bytes` arrived after a wait of `milliseconds`. Answers whether the client is still fast enough. */
  keeps(bytes: number, milliseconds: number): boolean {
    this.#waitedMs += milliseconds;
    this.#arrived += bytes;
    if (this.#waitedMs < WINDOW_SECONDS * 1000) return true;
    const keeps = this.#arrived >= (this.#limits.leastRate * this.#waitedMs) / 1000;
    this.#waitedMs = 0;
    this.#arrived = 0;
    return keeps;
  }
}
