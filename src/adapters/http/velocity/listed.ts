import type { WholeList } from '../../../domain/shared/page.ts';
import { isContinued, streamList } from '../shared/streamed-list.ts';

/**
 * Returns `head` with the objects of a list as its last field. A long list is read while it is
 * sent.
 */
export function listed<T>(head: object, field: string, list: WholeList<T>, wire: (item: T) => object): object {
  if (isContinued(list)) return streamList(head, field, list, wire);
  return { ...head, [field]: list.items.map((item) => wire(item)) };
}
