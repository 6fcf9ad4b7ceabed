import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListMedia } from '../../../../application/media/list-media.ts';
import { call, type CallerOf } from '../call.ts';
import { gid } from '../wire.ts';

/** `POST /m/media/list` */
export function postMediaList(callerOf: CallerOf, listMedia: ListMedia): RequestHandler {
  return call(callerOf, z.object({ gid }), async ({ gid }, { caller }) => {
    const media = await listMedia.run(caller, gid);
    return {
      media: media.map(({ id, pool, name, type, size, readOnly }) => ({
        mid: id,
        mpid: pool,
        name,
        type,
        size,
        readonly: readOnly,
      })),
    };
  });
}
