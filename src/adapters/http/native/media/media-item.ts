import type { RequestHandler } from 'express';
import type { ViewItem } from '../../../../application/media/view-item.ts';
import { call } from '../call.ts';
import { tagged } from '../entity-tags.ts';
import { mediaIn } from '../path-ids.ts';
import { mediaDetailWire } from './media-wire.ts';

/** `GET /v1/media/{media}` */
export function getMedia(viewItem: ViewItem): RequestHandler {
  return call(async ({ caller, request }) =>
    tagged({ request }, mediaDetailWire(await viewItem.run(caller, mediaIn(request)))),
  );
}
