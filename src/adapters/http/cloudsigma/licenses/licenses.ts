import type { RequestHandler } from 'express';
import type { ListLicences } from '../../../../application/library/list-licences.ts';
import { call } from '../call.ts';
import { listed, pageOf } from '../listing.ts';
import { licenseWire } from './license-wire.ts';

/** `GET /licenses/` and `GET /licenses/detail/`, with the same answer. */
export function getLicenses(listLicences: ListLicences): RequestHandler {
  return call(async ({ caller, request }) => {
    const page = pageOf(request);
    const { total, items } = await listLicences.run(caller, { ...page, limit: page.limit === 0 ? null : page.limit });
    return listed(request, page, total, items.map(licenseWire));
  });
}
