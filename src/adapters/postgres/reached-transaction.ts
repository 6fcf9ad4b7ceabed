import type { ChunkRepository } from '../../application/ports/chunk-repository.ts';
import type { GrantRepository } from '../../application/ports/grant-repository.ts';
import type { GroupRepository } from '../../application/ports/group-repository.ts';
import type { TrashRepository } from '../../application/ports/trash-repository.ts';
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
  const { grants, groups, trash, chunks } = tx;
  return {
    ...tx,
    grants: reachedGrants(grants, caller),
    groups: reachedGroups(groups, caller),
    trash: reachedTrash(trash, groups, caller),
    chunks: reachedChunks(chunks, caller),
  };
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
    granteesPage: async (...asked) => grants.granteesPage(...asked),
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
      return user === caller.id
        ? { ...page, items: page.items.filter(({ path }) => reaches(caller, path)), total: null }
        : page;
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

/** Its lists leave out groups beyond reach; a page may then be shorter than it could be. */
function reachedTrash(trash: TrashRepository, groups: GroupRepository, caller: Caller): TrashRepository {
  const reached = async (ids: readonly GroupId[]): Promise<ReadonlySet<GroupId>> => {
    const found = await Promise.all([...new Set(ids)].map(async (id) => groups.find(id)));
    return new Set(found.flatMap((group) => (group !== null && reaches(caller, group.path) ? [group.id] : [])));
  };
  return {
    add: async (...order) => trash.add(...order),
    find: async (id) => trash.find(id),
    lock: async (id) => trash.lock(id),
    restore: async (...order) => trash.restore(...order),
    groupsWith: async (...asked) => trash.groupsWith(...asked),
    page: async (...asked) => {
      const page = await trash.page(...asked);
      const ids = await reached(page.items.map(({ group }) => group));
      return { ...page, items: page.items.filter(({ group }) => ids.has(group)), total: null };
    },
    groupsFor: async (...asked) => {
      const found = await trash.groupsFor(...asked);
      const ids = await reached(found);
      return found.filter((id) => ids.has(id));
    },
    lockIn: async (...asked) => trash.lockIn(...asked),
    countIn: async (...asked) => trash.countIn(...asked),
    lockOldest: async (...asked) => trash.lockOldest(...asked),
  };
}

function reachedChunks(chunks: ChunkRepository, caller: Caller): ChunkRepository {
  return {
    begin: async (id) => chunks.begin(id),
    find: async (id) => chunks.find(id),
    lock: async (id) => chunks.lock(id),
    stateOf: async (...asked) => chunks.stateOf(...asked),
    stateFor: async (user, ...asked) => {
      const state = await chunks.stateFor(user, ...asked);
      if (state === null || user !== caller.id) return state;
      const { rights } = state;
      return {
        ...state,
        rights: { ...rights, holds: rights.holds && reaches(caller, rights.group?.path ?? ROOT_PATH) },
      };
    },
    isStored: async (...asked) => chunks.isStored(...asked),
    rangesOf: async (id) => chunks.rangesOf(id),
    prefixOf: async (id) => chunks.prefixOf(id),
    setChunkSize: async (...order) => chunks.setChunkSize(...order),
    acquire: async (...order) => chunks.acquire(...order),
    wantRelease: async (...order) => chunks.wantRelease(...order),
    renew: async (...order) => chunks.renew(...order),
    release: async (...order) => chunks.release(...order),
    record: async (...order) => chunks.record(...order),
  };
}
