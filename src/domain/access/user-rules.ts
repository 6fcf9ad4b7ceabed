import { ROOT_GROUP } from '../shared/ids.ts';
import { grantsPermission, type Grant } from './grant.ts';
import type { Group } from './group.ts';

const ROOT_PATH = [ROOT_GROUP];

/**
 * Returns whether a caller with these grants may remove a user that it did not create. It needs
 * `velocity.user.remove` on the home group of the user or an ancestor, or on the root if the user
 * has no home group or does not exist (docs/velocity.md#who-sees-and-removes-a-user).
 */
export function mayRemoveUser(own: readonly Grant[], home: Group | null): boolean {
  return grantsPermission(own, 'velocity.user.remove', home?.path ?? ROOT_PATH);
}
