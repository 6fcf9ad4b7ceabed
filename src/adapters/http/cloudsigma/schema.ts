import type { RequestHandler } from 'express';
import { bare, call } from './call.ts';
import type { Projectable } from './fields.ts';

/** `GET /{resource}/schema/` of a resource whose schema does not depend on the host. */
export function getSchema(schema: Projectable): RequestHandler {
  return call(async (context) => Promise.resolve(bare(context, schema)));
}
