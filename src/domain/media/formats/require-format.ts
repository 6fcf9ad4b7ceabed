import type { Bytes } from '../../shared/bytes.ts';
import { refuse } from './image.ts';
import type { ImageFacts } from './inspect-image.ts';

/**
 * Refuses an image that would grow beyond `mostVirtual` bytes once it is in use (OSSA-2016-012 and
 * what came before it); null is no limit. The size that a guest sees is what counts, whatever the
 * image takes now.
 *
 * @throws DomainError `format-refused`
 */
export function requireFormat(facts: ImageFacts, maxVirtualBytes: Bytes | null): void {
  if (maxVirtualBytes !== null && facts.virtualSize > maxVirtualBytes) {
    refuse(`its virtual size, ${facts.virtualSize} bytes, is more than the ${maxVirtualBytes} that the pool allows`);
  }
}
