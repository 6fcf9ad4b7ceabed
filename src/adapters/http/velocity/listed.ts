import type { WholeList } from '../../../domain/shared/page.ts';
import { isContinued, streamList } from '../shared/streamed-list.ts';

/** `head` with the objects of a list as its last field; a long list is sent while it is read. */
export function listed<T>(head: object, field: string, list: WholeList<T>, wire: (item: T) => object): object {
  if (isContinued(list)) return streamList(head, field, list, wire);
  return { ...head, [field]: list.items.map((item) => wire(item)) };
}
