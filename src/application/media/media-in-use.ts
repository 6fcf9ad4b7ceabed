import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** How many servers a refusal names. */
const MAX_NAMED = 5;

/**
 * Why an item is refused that servers have: by how many, and which, for a caller who may remove the
 * item.
 */
export async function mediaInUse(tx: Transaction, id: MediaId): Promise<DomainError<'media-in-use'>> {
  const { count, oldest } = await tx.servers.holdersOf(id, MAX_NAMED);
  const named = oldest.map(({ server, name, owner }) => `${server} "${name}" of ${owner}`);
  return new DomainError('media-in-use', { servers: count, named });
}
