import type { TenantId } from '../../domain/access/tenant.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';

/**
 * Caps the bandwidth of copies in this process, so that copies do not slow requests down, nor
 * tenants each other.
 */
export interface RateLimiter {
  /**
   * Resolves once `moved` more bytes may be moved for this tenant, or for the program itself.
   * Parties that move bytes at the same time have equal parts of the rate.
   *
   * @throws the reason of the signal
   */
  waitFor(moved: Bytes, signal: AbortSignal, tenant?: TenantId): Promise<void>;
}
