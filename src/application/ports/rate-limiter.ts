import type { TenantId } from '../../domain/access/tenant.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';

/**
 * Keeps copies from starving requests, and tenants from starving each other: all the bytes that
 * this process copies go past here.
 */
export interface RateLimiter {
  /**
   * Resolves once so many more bytes may be moved for this tenant, or for the program itself. Those
   * that move bytes at the same time have equal parts of the rate. Fails with the signal's reason.
   */
  waitFor(moved: Bytes, signal: AbortSignal, tenant?: TenantId): Promise<void>;
}
