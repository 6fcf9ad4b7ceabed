import { ROOT_GROUP } from '../shared/ids.ts';
import { givesOn, type Grant } from './grant.ts';
import type { Group } from './group.ts';
import type { Membership } from './membership.ts';

const ROOT_PATH = [ROOT_GROUP];

/**
 * Whether a caller with these grants may view a user who is a member of `groups`: with `velocity.user.view` on one of them or above it. On
 * the root it shows every user, also one who is in no group or does not exist (docs/velocity.md#who-sees-and-removes-a-user).
 */
export function mayViewUser(own: readonly Grant[], groups: readonly Group[]): boolean {
  return givesOn(own, 'velocity.user.view', ROOT_PATH) || groups.some((group) => seesMembersOf(own, group));
}

/** Whether a caller with these grants sees who is a member of a group. */
export function seesMembersOf(own: readonly Grant[], group: Group): boolean {
  return givesOn(own, 'velocity.user.view', group.path);
}

/**
 * The memberships of another user that a caller with these grants sees, with the ancestors of their groups: what the user holds elsewhere
 * is left out, also where such a group is one of the ancestors.
 */
export function visibleMemberships(own: readonly Grant[], memberships: readonly Membership[]): readonly Membership[] {
  const isVisible = ({ group, permissions }: Membership): boolean =>
    permissions.length > 0 && seesMembersOf(own, group);
  const drawn = new Set(memberships.filter(isVisible).flatMap(({ group }) => group.path));
  return memberships
    .filter(({ group }) => drawn.has(group.id))
    .map((membership) => (isVisible(membership) ? membership : { ...membership, permissions: [] }));
}

/**
 * Whether a caller with these grants may remove a user that it did not create: with `velocity.user.remove` on the home group of the user or
 * above it; on the root for a user without a home, or one who does not exist (docs/velocity.md#who-sees-and-removes-a-user).
 */
export function mayRemoveUser(own: readonly Grant[], home: Group | null): boolean {
  return givesOn(own, 'velocity.user.remove', home?.path ?? ROOT_PATH);
}
