import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CreateMedia } from '../../../../application/media/create-media.ts';
import { call, type CallerOf } from '../call.ts';
import { byteCount, gid, mpid } from '../wire.ts';

const order = z.object({ mpid, gid, name: z.string(), type: z.string().optional(), size: byteCount });

/** `PUT /m/media/create` */
export function putMediaCreate(callerOf: CallerOf, createMedia: CreateMedia): RequestHandler {
  return call(callerOf, order, async ({ mpid, gid, name, type, size }, { caller, signal }) => {
    const id = await createMedia.run(caller, { pool: mpid, group: gid, name, type, size }, signal);
    return { mid: id, size };
  });
}
