import type { RequestHandler } from 'express';
import { call } from './call.ts';
import { listed, pageOf } from './listing.ts';

/** The list of a kind of resource that there is none of here. */
export function getNone(): RequestHandler {
  return call(async ({ request }) => Promise.resolve(listed(request, pageOf(request), 0, [])));
}
