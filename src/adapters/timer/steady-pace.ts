import { setTimeout as delay } from 'node:timers/promises';
import type { Pace } from '../../application/ports/pace.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';

/** The most that a timer can wait. Milliseconds. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** Bytes per second, on the average, shared by all who ask. Who takes more at once than a second's worth is let through, and waits the next time. */
export class SteadyPace implements Pace {
  readonly #bytesPerSecond: number;
  /** When everything that was taken has been paid for, in milliseconds of the process's clock. */
  #paidAt = 0;

  /** 0 lets everything through at once. */
  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  async take(moved: Bytes, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#bytesPerSecond === 0 || moved === 0) return;
    const now = performance.now();
    const wait = this.#paidAt - now;
    this.#paidAt = Math.max(this.#paidAt, now) + (moved / this.#bytesPerSecond) * 1000;
    if (wait <= 0) return;
    try {
      await delay(Math.min(wait, LONGEST_DELAY), undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }
}
