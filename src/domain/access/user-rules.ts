import { ROOT_GROUP } from '../shared/ids.ts';
import { givesOn, type Grant } from './grant.ts';
import type { Group } from './group.ts';

const ROOT_PATH = [ROOT_GROUP];

/**
 * Whether someone with these grants may view a user who is a member of `groups`: with `velocity.user.view` on one of them or above it. On
 * the root it shows every user, also one who is in no group or does not exist (docs/velocity.md#permissions).
 */
export function mayViewUser(own: readonly Grant[], groups: readonly Group[]): boolean {
  const paths = [ROOT_PATH, ...groups.map((group) => group.path)];
  return paths.some((path) => givesOn(own, 'velocity.user.view', path));
}

/**
 * Whether someone with these grants may remove a user who is a member of `groups`: with `velocity.user.remove` on every one of them; on
 * the root for a user who is in none or does not exist (docs/velocity.md#permissions).
 */
export function mayRemoveUser(own: readonly Grant[], groups: readonly Group[]): boolean {
  const paths = groups.length === 0 ? [ROOT_PATH] : groups.map((group) => group.path);
  return paths.every((path) => givesOn(own, 'velocity.user.remove', path));
}
