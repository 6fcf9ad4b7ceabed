import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { BrowseGroups } from '../../../../application/access/browse-groups.ts';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { CreateGroup } from '../../../../application/access/create-group.ts';
import type { RemoveGroup } from '../../../../application/access/remove-group.ts';
import type { RenameGroup } from '../../../../application/access/rename-group.ts';
import type { IdempotentRequests } from '../../../../application/idempotency/idempotent-requests.ts';
import type { Group } from '../../../../domain/access/group.ts';
import type { GroupSort } from '../../../../domain/access/group-sort.ts';
import type { GroupId } from '../../../../domain/shared/ids.ts';
import { call, NO_CONTENT } from '../call.ts';
import { keyedCall } from '../keyed-call.ts';
import { callerOfChange } from '../dry-run.ts';
import { matching, tagged } from '../entity-tags.ts';
import { nameField, idNumber, parseBody, parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { groupIn } from '../path-ids.ts';
import { groupWire } from './group-wire.ts';

const ORDERS: ListOrders<GroupSort> = {
  sorts: { created: 'number', name: 'text' },
  id: 'number',
  defaultSort: 'created',
};

export const groupsQuery = z.strictObject({
  ...listFields(ORDERS),
  parent: idNumber.optional().meta({ description: 'Only the children of this group.' }),
});
export const groupRequest = z.strictObject({ name: nameField, parent: z.int().min(0) });
export const groupChangesRequest = z.strictObject({ name: nameField });

/** `GET /v1/groups`: those that the caller sees. */
export function getGroups(browseGroups: BrowseGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(groupsQuery, request);
    const parent = (query.parent ?? null) as GroupId | null;
    return listed({ request }, query, await browseGroups.page(caller, parent, keysetTerms(ORDERS, query)), groupWire);
  });
}

/** `POST /v1/groups` */
export function postGroups(
  requests: IdempotentRequests,
  createGroup: CreateGroup,
  conceal: ConcealGroups,
): RequestHandler {
  return keyedCall<Group>(
    requests,
    async ({ caller, request }, keep) => {
      const { name, parent: id } = parseBody(groupRequest, request);
      const parent = id as GroupId;
      return conceal.run(caller, parent, async () => createGroup.run(caller, { name, parent }, keep));
    },
    (group) => ({ status: 201, headers: {}, body: groupWire(group) }),
  );
}

/** `GET /v1/groups/{group}` */
export function getGroup(browseGroups: BrowseGroups): RequestHandler {
  return call(async ({ caller, request }) =>
    tagged({ request }, groupWire(await browseGroups.view(caller, groupIn(request)))),
  );
}

/** `PATCH /v1/groups/{group}` */
export function patchGroup(renameGroup: RenameGroup, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const group = groupIn(request);
    const { name } = parseBody(groupChangesRequest, request);
    const order = { group, name, precondition: matching({ request }, groupWire) };
    const renamed = await conceal.run(caller, group, async () => renameGroup.run(caller, order));
    return { status: 200, body: groupWire(renamed) };
  });
}

/** `DELETE /v1/groups/{group}`: with all groups below it and their media. */
export function deleteGroup(removeGroup: RemoveGroup, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const group = groupIn(request);
    const precondition = matching({ request }, groupWire);
    const by = callerOfChange({ caller, request });
    await conceal.run(caller, group, async () => removeGroup.run(by, group, precondition));
    return NO_CONTENT;
  });
}
