import type { RequestHandler } from 'express';
import { call } from './call.ts';
import { listed, pageOf } from './listing.ts';

/** Returns the handler that lists a resource that Platter does not have. */
export function getNone(): RequestHandler {
  return call(async ({ request }) => Promise.resolve(listed(request, pageOf(request), 0, [])));
}
