import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { BrowseAudit } from '../../../../application/audit/browse-audit.ts';
import type { AuditEntry, AuditSearch } from '../../../../domain/audit/audit-entry.ts';
import type { Action } from '../../../../domain/audit/audit-event.ts';
import type { GroupId, MediaId, PoolId, UserId } from '../../../../domain/shared/ids.ts';
import { call } from '../call.ts';
import { idNumber, parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';

const ORDERS: ListOrders<'created'> = { sorts: { created: 'time' }, id: 'number', defaultSort: '-created' };

const { limit, cursor } = listFields(ORDERS);

const time = z.iso.datetime({ offset: true });

export const auditQuery = z.strictObject({
  limit,
  cursor,
  sort: z.literal('-created').default('-created').meta({ description: 'Newest first.' }),
  group: idNumber.optional().meta({ description: 'Events of this group: needs `velocity.group.view` there.' }),
  user: idNumber.optional().meta({ description: 'Events by or about this user.' }),
  pool: idNumber.optional(),
  media: z.guid().optional(),
  action: z.string().max(64).optional().meta({ description: 'Such as `media.remove`.' }),
  result: z.string().max(64).optional().meta({ description: '`done`, the code of an error, or `refused` for any.' }),
  since: time.optional(),
  until: time.optional(),
});

const named = (id: z.ZodType): z.ZodType => z.object({ id, name: z.string().nullable() }).nullable();

export const auditEntryResponse = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  action: z.string(),
  result: z.string(),
  channel: z.string(),
  address: z.string().nullable(),
  request: z.string().nullable(),
  by: named(z.int().nullable()),
  user: named(z.int()),
  group: named(z.int()),
  pool: named(z.int()),
  media: named(z.uuid()),
  server: named(z.uuid()),
  tag: named(z.uuid()),
  details: z.record(z.string(), z.unknown()),
});

/** `GET /v1/audit`: without `group` the own events; for holders of the right on the root, all. */
export function getAudit(browseAudit: BrowseAudit, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(auditQuery, request);
    const { limit, after } = keysetTerms(ORDERS, query);
    const group = query.group as GroupId | undefined;
    const search: AuditSearch = {
      group,
      user: (query.user ?? (group === undefined ? caller.id : undefined)) as UserId | undefined,
      pool: query.pool as PoolId | undefined,
      media: query.media as MediaId | undefined,
      action: query.action as Action | undefined,
      result: query.result,
      since: query.since,
      until: query.until,
    };
    const cursor = after === null ? null : { at: String(after.value), id: after.id };
    const read = async (): Promise<readonly AuditEntry[]> => browseAudit.run(caller, search, limit + 1, cursor);
    const found = group === undefined ? await read() : await conceal.run(caller, group, read);
    const items = found.slice(0, limit);
    const end = found.length > limit ? items.at(-1) : undefined;
    const last = end === undefined ? null : { value: end.at, id: end.id };
    return listed({ request }, query, { items, last, total: null }, auditEntryWire);
  });
}

function auditEntryWire(entry: AuditEntry): object {
  const { id, at, action, result, channel, address, request, by, user, group, pool, media, server, tag, details } =
    entry;
  return { id, at, action, result, channel, address, request, by, user, group, pool, media, server, tag, details };
}
