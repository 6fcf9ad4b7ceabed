import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { GrantPermission } from '../../../../application/access/grant-permission.ts';
import type { ListGrants } from '../../../../application/access/list-grants.ts';
import type { ListMembers } from '../../../../application/access/list-members.ts';
import type { RevokePermission } from '../../../../application/access/revoke-permission.ts';
import type { UserSort } from '../../../../domain/access/user-sort.ts';
import { isFailure } from '../../../../domain/shared/domain-error.ts';
import type { UserId } from '../../../../domain/shared/ids.ts';
import { call, NO_CONTENT } from '../call.ts';
import { callerOfChange } from '../dry-run.ts';
import { parseBody, parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { groupIn, userIn } from '../path-ids.ts';

const ORDERS: ListOrders<UserSort> = {
  sorts: { created: 'number', name: 'text' },
  id: 'number',
  defaultSort: 'created',
};

export const membersQuery = z.strictObject(listFields(ORDERS));

export const memberResponse = z.object({
  id: z.int(),
  name: z.string(),
  permissions: z.array(z.string()).meta({ description: 'Those that the user holds directly on the group.' }),
});

export const granteeResponse = z.object({
  id: z.int(),
  name: z.string(),
  grants: z
    .array(z.object({ permission: z.string(), group: z.int() }))
    .meta({ description: 'Each permission with the group on which it is granted: this one, or one above it.' }),
});

export const grantRequest = z.strictObject({
  user: z.int().min(0),
  permission: z.string().meta({ description: 'Such as `velocity.media.list`.' }),
});

/** `GET /v1/groups/{group}/members`: the users with a permission directly on the group. */
export function getMembers(listMembers: ListMembers, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(membersQuery, request);
    const group = groupIn(request);
    const page = await conceal.run(caller, group, async () =>
      listMembers.run(caller, group, keysetTerms(ORDERS, query)),
    );
    return listed({ request }, query, page, ({ id, name, permissions }) => ({ id, name, permissions }));
  });
}

/** `GET /v1/groups/{group}/grants`: the users with a permission on the group, also by one above. */
export function getGrants(listGrants: ListGrants, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(membersQuery, request);
    const group = groupIn(request);
    const page = await conceal.run(caller, group, async () =>
      listGrants.run(caller, group, keysetTerms(ORDERS, query)),
    );
    return listed({ request }, query, page, ({ id, name, grants }) => ({ id, name, grants }));
  });
}

/** `POST /v1/groups/{group}/grants` */
export function postGrants(grantPermission: GrantPermission, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const group = groupIn(request);
    const { user, permission } = parseBody(grantRequest, request);
    const order = { user: user as UserId, group, permission };
    await conceal.run(caller, group, async () => grantPermission.run(caller, order));
    return NO_CONTENT;
  });
}

/**
 * `DELETE /v1/groups/{group}/grants/{user}/{permission}`, and `DELETE
 * /v1/groups/{group}/members/{user}` for all permissions of a user.
 */
export function deleteGrants(revokePermission: RevokePermission, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const group = groupIn(request);
    const { permission = null } = request.params;
    const by = callerOfChange({ caller, request });
    const order = {
      user: userIn(request, caller),
      group,
      permission: typeof permission === 'string' ? permission : null,
    };
    try {
      await conceal.run(caller, group, async () => revokePermission.run(by, order));
    } catch (error) {
      // A user that does not exist holds nothing, like any other user without permissions.
      if (!isFailure(error, 'user-not-found')) throw error;
    }
    return NO_CONTENT;
  });
}
