import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { IdempotentRequests } from '../../../../application/idempotency/idempotent-requests.ts';
import type { CreatedItem, CreateItem } from '../../../../application/media/create-item.ts';
import type { GroupId, PoolId } from '../../../../domain/shared/ids.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { idNumber, nameField, parseBody } from '../input.ts';
import { keyedCall } from '../keyed-call.ts';
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
export function postMedia(
  requests: IdempotentRequests,
  createItem: CreateItem,
  conceal: ConcealGroups,
): RequestHandler {
  return keyedCall<CreatedItem>(
    requests,
    async ({ caller, request, signal }, keep) => {
      const { group: target, pool, ...order } = parseBody(createRequest, request);
      const group = target as GroupId;
      return conceal.run(caller, group, async () =>
        createItem.run(caller, { ...order, group, pool: pool as PoolId }, signal, keep),
      );
    },
    ({ id, item }) => ({
      status: 201,
      headers: { Location: `${ROOT}/media/${id}` },
      body: item === null ? { id } : mediaDetailWire(item),
    }),
  );
}
