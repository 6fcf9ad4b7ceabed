import type { Grant } from './grant.ts';
import type { Group } from './group.ts';
import { findPermission, type PermissionFacts } from './permission.ts';

/** A group as one user sees it, with what that user holds directly on it: nothing on groups that are there to draw the tree. */
export interface Membership {
  readonly group: Group;
  readonly permissions: readonly PermissionFacts[];
}

/** Each of `groups`, in their order, with what `grants`, all of one user, give directly on it, by permission number. */
export function membershipsIn(groups: readonly Group[], grants: readonly Grant[]): readonly Membership[] {
  return groups.map((group) => ({
    group,
    permissions: factsOf(grants.filter((grant) => grant.group === group.id)),
  }));
}

/** The facts of the permissions that these grants give, by number. */
export function factsOf(grants: readonly Grant[]): readonly PermissionFacts[] {
  return grants
    .map((grant) => findPermission(grant.permission))
    .filter((facts) => facts !== null)
    .sort((a, b) => a.number - b.number);
}
