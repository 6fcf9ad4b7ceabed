import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** The number of servers that the error names. */
const MAX_NAMED = 5;

/**
 * Creates the error for an item that servers have attached. It has their number and names some of
 * them, for a caller who may remove the item.
 */
export async function mediaInUse(tx: Transaction, id: MediaId): Promise<DomainError<'media-in-use'>> {
  const { count, oldest } = await tx.servers.holdersOf(id, MAX_NAMED);
  const named = oldest.map(({ server, name, owner }) => `${server} "${name}" of ${owner}`);
  return new DomainError('media-in-use', { servers: count, named });
}
