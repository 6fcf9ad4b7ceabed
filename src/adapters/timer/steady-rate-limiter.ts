import { setTimeout as delay } from 'node:timers/promises';
import type { RateLimiter } from '../../application/ports/rate-limiter.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';

/** The longest delay that Node's timers accept. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Limits the average rate in bytes per second, shared equally by the tenants that move bytes. A
 * tenant that moves more than a second's worth at once may do so, and waits the next time. Other
 * tenants do not wait for it.
 */
export class SteadyRateLimiter implements RateLimiter {
  readonly #bytesPerSecond: number;
  /**
   * When the rate allows the next bytes of a tenant, in milliseconds of the process's clock. Holds
   * only tenants that still have to wait.
   */
  readonly #freeAt = new Map<TenantId | undefined, number>();

  /** 0 means no limit. */
  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  async waitFor(moved: Bytes, signal: AbortSignal, tenant?: TenantId): Promise<void> {
    signal.throwIfAborted();
    if (this.#bytesPerSecond === 0 || moved === 0) return;
    const now = performance.now();
    for (const [tenantId, at] of this.#freeAt) if (at <= now) this.#freeAt.delete(tenantId);
    const freeAt = this.#freeAt.get(tenant) ?? now;
    const others = this.#freeAt.size - Number(this.#freeAt.has(tenant));
    this.#freeAt.set(tenant, freeAt + (moved / this.#bytesPerSecond) * 1000 * (others + 1));
    const wait = freeAt - now;
    if (wait <= 0) return;
    try {
      await delay(Math.min(wait, MAX_DELAY_MS), undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }
}
