import type { RequestHandler } from 'express';
import type { CreateServers } from '../../../../application/servers/create-servers.ts';
import type { ListServers } from '../../../../application/servers/list-servers.ts';
import { requireMaxObjects } from '../max-objects.ts';
import { call, wrapped, type Call } from '../call.ts';
import { fieldsOf } from '../fields.ts';
import { filtersOf, streamedPage, pageOf } from '../listing.ts';
import { parseObjects } from '../wire.ts';
import { serverCreateRequest } from './server-fields.ts';
import { briefServerWire, serverWire } from './server-wire.ts';

/**
 * `GET /servers/` with six fields of each server or the requested ones, and `GET /servers/detail/`.
 * When `tagOf` resolves with a tag, only the servers with it.
 */
export function getServers(
  list: ListServers,
  form: 'brief' | 'detail',
  tagOf: (context: Call) => Promise<readonly string[]> = async () => Promise.resolve([]),
): RequestHandler {
  return call(async (context) => {
    const { caller, request } = context;
    const page = pageOf(request);
    const filters = filtersOf(request, ['uuid', 'name', 'tag']);
    const within = await tagOf(context);
    const found = await list.run(caller, {
      ids: filters.uuid,
      names: filters.name,
      tags: [...filters.tag, ...within.map((tag) => [tag])],
      limit: page.limit === 0 ? null : page.limit,
      offset: page.offset,
    });
    const isBrief = form === 'brief' && fieldsOf(request) === null;
    return streamedPage(request, page, found, isBrief ? briefServerWire : serverWire);
  });
}

/** `POST /servers/`: creates one or several, all of them or none. */
export function postServers(create: CreateServers): RequestHandler {
  return call(async ({ caller, request }) => {
    const orders = requireMaxObjects(parseObjects(serverCreateRequest, request.body));
    return wrapped(201, (await create.run(caller, orders)).map(serverWire));
  });
}
