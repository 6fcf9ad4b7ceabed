import type { Grant } from './grant.ts';
import type { Group } from './group.ts';
import { findPermission, type PermissionFacts } from './permission.ts';

/**
 * A group in the list of a user, with the permissions on the group itself; empty for groups that
 * only connect the tree.
 */
export interface Membership {
  readonly group: Group;
  readonly permissions: readonly PermissionFacts[];
}

/** Returns a membership for each of `groups`, in their order, from `grants`, all of one user. */
export function membershipsIn(groups: readonly Group[], grants: readonly Grant[]): readonly Membership[] {
  const direct = grantsBy(grants, (grant) => grant.group);
  return groups.map((group) => ({ group, permissions: factsOf(direct.get(group.id) ?? []) }));
}

/** Returns the permissions of these grants, by number. */
export function factsOf(grants: readonly Grant[]): readonly PermissionFacts[] {
  return grants
    .map((grant) => findPermission(grant.permission))
    .filter((facts) => facts !== null)
    .sort((a, b) => a.number - b.number);
}

/** Groups the grants by `key`, in the order of first appearance. */
export function grantsBy<Key, G extends Grant>(
  grants: readonly G[],
  key: (grant: G) => Key,
): ReadonlyMap<Key, readonly G[]> {
  const found = new Map<Key, G[]>();
  for (const grant of grants) {
    const those = found.get(key(grant));
    if (those === undefined) found.set(key(grant), [grant]);
    else those.push(grant);
  }
  return found;
}
