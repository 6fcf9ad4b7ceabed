import type { RequestHandler } from 'express';
import type { CreateTags } from '../../../../application/tags/create-tags.ts';
import type { ListTags } from '../../../../application/tags/list-tags.ts';
import { requireMaxObjects } from '../max-objects.ts';
import { call, wrapped } from '../call.ts';
import { streamedPage, pageOf } from '../listing.ts';
import { parseObjects } from '../wire.ts';
import { tagCreateRequest } from './tag-fields.ts';
import { tagWire } from './tag-wire.ts';

/** `GET /tags/` and `GET /tags/detail/`, with the same answer. */
export function getTags(list: ListTags): RequestHandler {
  return call(async ({ caller, request }) => {
    const page = pageOf(request);
    const found = await list.run(caller, { ...page, limit: page.limit === 0 ? null : page.limit });
    return streamedPage(request, page, found, tagWire);
  });
}

/** `POST /tags/`: creates one or several, all of them or none. */
export function postTags(create: CreateTags): RequestHandler {
  return call(async ({ caller, request }) => {
    const orders = requireMaxObjects(parseObjects(tagCreateRequest, request.body));
    return wrapped(201, (await create.run(caller, orders)).map(tagWire));
  });
}
