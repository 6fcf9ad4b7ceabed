import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListMedia } from '../../../../application/media/list-media.ts';
import { call, type CallerOf } from '../call.ts';
import { gid } from '../wire.ts';

/** `POST /m/media/list`. `sha256`, `format`, `virtual_size` and `label` go beyond the contract. */
export function postMediaList(callerOf: CallerOf, listMedia: ListMedia): RequestHandler {
  return call(callerOf, z.object({ gid }), async ({ gid }, { caller }) => {
    const media = await listMedia.run(caller, gid);
    return {
      media: media.map(({ id, pool, name, type, size, readOnly, sha256, facts }) => ({
        mid: id,
        mpid: pool,
        name,
        type,
        size,
        readonly: readOnly,
        sha256,
        format: facts.format,
        virtual_size: facts.virtualSize,
        label: facts.label,
      })),
    };
  });
}
