import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CreateMedia } from '../../../../application/media/create-media.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { call, type CallerOf } from '../call.ts';
import { gid, mpid, name, numberResponse } from '../wire.ts';

/** `type` is `DISK` by default. */
export const mediaCreateRequest = z.object({ mpid, gid, name, type: name.optional(), size: byteCount });

/** The answer to `create` and `upload`. */
export const mediaCreateResponse = z
  .object({ mid: z.uuid(), size: numberResponse.meta({ description: 'In bytes.' }) })
  .meta({ id: 'MadeMedia' });

/** `PUT /m/media/create` */
export function putMediaCreate(callerOf: CallerOf, createMedia: CreateMedia): RequestHandler {
  return call(callerOf, mediaCreateRequest, async ({ mpid, gid, name, type, size }, { caller, signal }) => {
    const id = await createMedia.run(caller, { pool: mpid, group: gid, name, type, size }, signal);
    return { mid: id, size } satisfies z.input<typeof mediaCreateResponse>;
  });
}
