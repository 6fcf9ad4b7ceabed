import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { RemoveMedia } from '../../../../application/media/remove-media.ts';
import { call, type CallerOf } from '../call.ts';
import { mid } from '../wire.ts';

export const mediaRemoveRequest = z.object({ mid });

/** `DELETE /m/media` */
export function deleteMedia(callerOf: CallerOf, removeMedia: RemoveMedia): RequestHandler {
  return call(callerOf, mediaRemoveRequest, async ({ mid }, { caller }) => {
    await removeMedia.run(caller, mid);
    return {};
  });
}
