import type { RequestHandler } from 'express';
import type { DownloadMedia } from '../../../../application/media/download-media.ts';
import { knownCaller } from '../../shared/callers.ts';
import { answerContent, redirectTo } from '../../shared/content.ts';
import type { MinimumRateLimits } from '../../shared/minimum-rate.ts';
import { mediaIn } from '../path-ids.ts';

/** `GET` and `HEAD /v1/media/{media}/content` */
export function getContent(downloadMedia: DownloadMedia, minimumRate: MinimumRateLimits): RequestHandler {
  return async (request, response) => {
    const caller = knownCaller(request);
    if (caller === null) throw new Error('the content of an item needs a caller');
    const media = await downloadMedia.run(caller, mediaIn(request));
    const content = { ...media, fileName: media.name };
    // Clients show neither a cookie nor `Authorization` to the other host.
    if (await redirectTo(request, response, content)) return;
    await answerContent(request, response, content, minimumRate);
  };
}
