import type { Grant } from './grant.ts';
import type { Group } from './group.ts';
import { findPermission, type PermissionFacts } from './permission.ts';

/**
 * A group as one user sees it, with what that user holds directly on it: nothing on groups that are
 * there to draw the tree.
 */
export interface Membership {
  readonly group: Group;
  readonly permissions: readonly PermissionFacts[];
}

/**
 * Each of `groups`, in their order, with what `grants`, all of one user, give directly on it, by
 * permission number.
 */
export function membershipsIn(groups: readonly Group[], grants: readonly Grant[]): readonly Membership[] {
  const direct = grantsBy(grants, (grant) => grant.group);
  return groups.map((group) => ({ group, permissions: factsOf(direct.get(group.id) ?? []) }));
}

/** The facts of the permissions that these grants give, by number. */
export function factsOf(grants: readonly Grant[]): readonly PermissionFacts[] {
  return grants
    .map((grant) => findPermission(grant.permission))
    .filter((facts) => facts !== null)
    .sort((a, b) => a.number - b.number);
}

/** The grants by what `key` makes of each, in the order in which the keys come up. */
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
