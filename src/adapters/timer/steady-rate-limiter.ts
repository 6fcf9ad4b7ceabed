import { setTimeout as delay } from 'node:timers/promises';
import type { RateLimiter } from '../../application/ports/rate-limiter.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';

/** The most that a timer can wait. Milliseconds. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Bytes per second, on the average, shared in equal parts by the tenants that are moving bytes. A
 * tenant that takes more at once than a second's worth is let through, and waits the next time;
 * others do not wait for it.
 */
export class SteadyRateLimiter implements RateLimiter {
  readonly #bytesPerSecond: number;
  /**
   * When everything that a tenant has taken has been paid for, in milliseconds of the process's
   * clock; only of those that still pay.
   */
  readonly #paidAt = new Map<TenantId | undefined, number>();

  /** 0 lets everything through at once. */
  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  async waitFor(moved: Bytes, signal: AbortSignal, tenant?: TenantId): Promise<void> {
    signal.throwIfAborted();
    if (this.#bytesPerSecond === 0 || moved === 0) return;
    const now = performance.now();
    for (const [payer, until] of this.#paidAt) if (until <= now) this.#paidAt.delete(payer);
    const paidAt = this.#paidAt.get(tenant) ?? now;
    const others = this.#paidAt.size - Number(this.#paidAt.has(tenant));
    this.#paidAt.set(tenant, paidAt + (moved / this.#bytesPerSecond) * 1000 * (others + 1));
    const wait = paidAt - now;
    if (wait <= 0) return;
    try {
      await delay(Math.min(wait, LONGEST_DELAY), undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }
}
