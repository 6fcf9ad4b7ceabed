import type { RequestHandler } from 'express';
import type { ListLicences } from '../../../../application/library/list-licences.ts';
import { bare, call } from '../call.ts';
import { listed, pageOf } from '../listing.ts';
import { licenseWire } from './license-wire.ts';
import { LICENSES_SCHEMA } from './schema.ts';

/** `GET /licenses/` */
export function getLicenses(listLicences: ListLicences): RequestHandler {
  return call(async ({ request }) => {
    const page = pageOf(request);
    const { total, items } = await listLicences.run({ ...page, limit: page.limit === 0 ? null : page.limit });
    return listed(request, page, total, items.map(licenseWire));
  });
}

/** `GET /licenses/schema/` */
export function getLicensesSchema(): RequestHandler {
  return call(async (asked) => Promise.resolve(bare(asked, LICENSES_SCHEMA)));
}
