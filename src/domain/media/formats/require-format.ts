import type { Bytes } from '../../shared/bytes.ts';
import { refuse } from './image.ts';
import type { ImageFacts } from './inspect-image.ts';

/**
 * Verifies that the virtual size of an image is at most `maxVirtualBytes` (null for no limit),
 * whatever its current size: in use it may grow that far (OSSA-2016-012).
 *
 * @throws DomainError `format-refused`
 */
export function requireFormat(facts: ImageFacts, maxVirtualBytes: Bytes | null): void {
  if (maxVirtualBytes !== null && facts.virtualSize > maxVirtualBytes) {
    refuse(`its virtual size, ${facts.virtualSize} bytes, is more than the ${maxVirtualBytes} that the pool allows`);
  }
}
