import type { GrantRepository } from '../../application/ports/grant-repository.ts';
import type { GroupRepository } from '../../application/ports/group-repository.ts';
import type { Transaction } from '../../application/ports/unit-of-work.ts';
import { reaches } from '../../domain/access/api-token.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { Permission } from '../../domain/access/permission.ts';
import { ROOT_GROUP, type GroupId, type UserId } from '../../domain/shared/ids.ts';

const ROOT_PATH = [ROOT_GROUP];

/**
 * Returns a transaction in which a caller with a token for some groups holds its permissions only
 * there. Every check of a use case passes here, because its work is on behalf of its caller.
 */
export function reachedTransaction(tx: Transaction, caller: Caller): Transaction {
  if ((caller.token?.groups ?? null) === null) return tx;
  return { ...tx, grants: reachedGrants(tx.grants, caller), groups: reachedGroups(tx.groups, caller) };
}

function reachedGrants(grants: GrantRepository, caller: Caller): GrantRepository {
  const isBeyond = (user: UserId, path: readonly GroupId[]): boolean => user === caller.id && !reaches(caller, path);
  return {
    holds: async (user, permission, path) => !isBeyond(user, path) && grants.holds(user, permission, path),
    lockShared: async (user, permissions, path) =>
      isBeyond(user, path) ? new Set<Permission>() : grants.lockShared(user, permissions, path),
    holdsAnywhere: async (user, permission) => !isBeyond(user, ROOT_PATH) && grants.holdsAnywhere(user, permission),
    grant: async (...grant) => grants.grant(...grant),
    revoke: async (grant) => grants.revoke(grant),
    ofUser: async (user) => grants.ofUser(user),
    onGroups: async (...asked) => grants.onGroups(...asked),
    membersPage: async (...asked) => grants.membersPage(...asked),
    onGroup: async (...asked) => grants.onGroup(...asked),
  };
}

function reachedGroups(groups: GroupRepository, caller: Caller): GroupRepository {
  return {
    find: async (id) => groups.find(id),
    findFor: async (user, permission, id) => {
      const { group, holds } = await groups.findFor(user, permission, id);
      return { group, holds: holds && (user !== caller.id || reaches(caller, group?.path ?? ROOT_PATH)) };
    },
    findVisible: async (user, id) => {
      const group = await groups.findVisible(user, id);
      return group !== null && (user !== caller.id || reaches(caller, group.path)) ? group : null;
    },
    visiblePage: async (user, parent, terms) => {
      const page = await groups.visiblePage(user, parent, terms);
      // A page may then be shorter than it could be; its position stays.
      return user === caller.id ? { ...page, items: page.items.filter(({ path }) => reaches(caller, path)) } : page;
    },
    lock: async (id) => groups.lock(id),
    rename: async (...order) => groups.rename(...order),
    lockShared: async (id) => groups.lockShared(id),
    insert: async (...order) => groups.insert(...order),
    lockTree: async (id) => groups.lockTree(id),
    remove: async (ids) => groups.remove(ids),
    homeOf: async (user) => groups.homeOf(user),
    isOnlyAncestor: async (...asked) => groups.isOnlyAncestor(...asked),
    listVisible: async (...asked) => groups.listVisible(...asked),
    listMemberships: async (...asked) => groups.listMemberships(...asked),
  };
}
