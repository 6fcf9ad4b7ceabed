import type { RequestHandler } from 'express';
import { z } from 'zod';
import { LISTED_FORMATS, type ListItems } from '../../../../application/media/list-items.ts';
import type { MediaSort } from '../../../../domain/media/media-listing.ts';
import type { GroupId, PoolId } from '../../../../domain/shared/ids.ts';
import { call } from '../call.ts';
import { digestField, flag, idNumber, parseQuery, searchText } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { mediaWire } from './media-wire.ts';

const ORDERS: ListOrders<MediaSort> = {
  sorts: { created: 'time', name: 'text', size: 'number' },
  id: 'uuid',
  defaultSort: 'created',
};
const MIN_TEXT = 3;

export const mediaQuery = z.strictObject({
  ...listFields(ORDERS),
  group: idNumber.optional().meta({ description: 'Only items of this group.' }),
  subtree: flag.optional().meta({ description: 'With `group`: also those of all groups below it.' }),
  pool: idNumber.optional().meta({ description: 'Only items in this pool.' }),
  type: searchText.optional().meta({ description: 'Only items of this type.' }),
  format: z.enum(LISTED_FORMATS).optional().meta({ description: 'Only images of this format.' }),
  q: searchText
    .refine((text) => text.length >= MIN_TEXT, `must have at least ${MIN_TEXT} characters`)
    .optional()
    .meta({ description: 'A part of the name, at least 3 characters, in either case.' }),
  state: z
    .enum(['creating', 'uploading', 'cloning', 'resizing', 'ready'])
    .optional()
    .meta({ description: 'Only items in this state.' }),
  sha256: digestField.optional().meta({ description: 'Only items with this digest of all their bytes.' }),
});

/** `GET /v1/media` */
export function getMediaList(listItems: ListItems): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(mediaQuery, request);
    const filter = {
      group: (query.group ?? null) as GroupId | null,
      subtree: query.subtree ?? false,
      pool: (query.pool ?? null) as PoolId | null,
      type: query.type ?? null,
      format: query.format ?? null,
      text: query.q ?? null,
      state: query.state ?? null,
      sha256: query.sha256 ?? null,
    };
    return listed({ request }, query, await listItems.run(caller, filter, keysetTerms(ORDERS, query)), mediaWire);
  });
}
