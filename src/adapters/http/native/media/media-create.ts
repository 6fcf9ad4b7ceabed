import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { CreateMedia } from '../../../../application/media/create-media.ts';
import type { ViewItem } from '../../../../application/media/view-item.ts';
import type { GroupId, PoolId } from '../../../../domain/shared/ids.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { call } from '../call.ts';
import { idNumber, nameField, parseBody } from '../input.ts';
import { ROOT } from '../operations.ts';
import { mediaDetailWire } from './media-wire.ts';

/** The type of an item; the domain checks it. */
export const typeField = nameField.meta({ description: '`ISO`, `DISK`, `IPSW` or any other text.' });

export const createRequest = z.strictObject({
  name: nameField,
  group: idNumber,
  pool: idNumber,
  type: typeField.optional(),
  size: byteCount,
});

/** `POST /v1/media`: an empty disk. */
export function postMedia(createMedia: CreateMedia, viewItem: ViewItem, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request, signal }) => {
    const { group: target, pool, ...order } = parseBody(createRequest, request);
    const group = target as GroupId;
    const id = await conceal.run(caller, group, async () =>
      createMedia.run(caller, { ...order, group, pool: pool as PoolId }, signal),
    );
    // A caller who may create items need not be one who may list them.
    const item = await viewItem.ifVisible(caller, id);
    const body = item === null ? { id } : mediaDetailWire(item);
    return { status: 201, body, headers: { Location: `${ROOT}/media/${id}` } };
  });
}
