import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListCharges } from '../../../../application/quotas/list-charges.ts';
import type { ViewUsage } from '../../../../application/quotas/view-usage.ts';
import { call } from '../call.ts';
import { tagged } from '../entity-tags.ts';
import { parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { groupIn, poolIn } from '../path-ids.ts';
import { entryWire, poolUsageWire, totalWire } from './usage-wire.ts';

const ORDERS: ListOrders<'size'> = { sorts: { size: 'number' }, id: 'uuid', defaultSort: '-size' };

export const entriesQuery = z.strictObject(listFields(ORDERS));

/** `GET /v1/groups/{group}/usage` */
export function getUsage(viewUsage: ViewUsage): RequestHandler {
  return call(async ({ caller, request }) => {
    const usages = await viewUsage.run(caller, groupIn(request));
    return tagged({ request }, { items: usages.map(poolUsageWire) });
  });
}

/** `GET /v1/groups/{group}/usage/{pool}/entries` */
export function getEntries(listCharges: ListCharges): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(entriesQuery, request);
    const charges = await listCharges.run(caller, groupIn(request), poolIn(request), keysetTerms(ORDERS, query));
    return listed({ request }, query, charges.page, entryWire, totalWire(charges));
  });
}
