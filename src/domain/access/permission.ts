/**
 * The permissions with their descriptions, in the order of their wire numbers, which never change
 * (docs/velocity.md#permissions).
 */
const DESCRIPTIONS = {
  'velocity.user.create': 'Create users',
  'velocity.user.remove': 'Remove users',
  'velocity.user.assign': 'Give permissions on a group to users',
  'velocity.user.revoke': 'Take permissions on a group from users',
  'velocity.user.view': 'View users',
  'velocity.user.list': 'List users',
  'velocity.group.create': 'Create subgroups',
  'velocity.group.remove': 'Remove subgroups',
  'velocity.group.view': 'View groups',
  'velocity.pool.list': 'List the pools of a group',
  'velocity.pool.assign': 'Assign pools to a group',
  'velocity.pool.revoke': 'Revoke pools from a group',
  'velocity.media.list': 'List and read the media of a group',
  'velocity.media.create': 'Create and upload media for a group',
  'velocity.media.remove': 'Remove the media of a group',
  'velocity.vm.create': 'Create virtual machines',
  'velocity.vm.remove': 'Remove virtual machines',
  'velocity.vm.alter': 'Alter virtual machines',
  'velocity.vm.view': 'View virtual machines',
  'velocity.vm.interact': 'Interact with virtual machines',
  'velocity.vm.state': 'Change the state of virtual machines',
  'velocity.nic.list': 'List network interfaces',
} as const;

export type Permission = keyof typeof DESCRIPTIONS;

export interface PermissionFacts {
  /** Its number in listings, from 1. */
  readonly number: number;
  readonly name: Permission;
  readonly description: string;
}

/** All permissions, by ascending number. */
export const PERMISSIONS: readonly PermissionFacts[] = Object.entries(DESCRIPTIONS).map(
  ([name, description], index) => ({ number: index + 1, name: name as Permission, description }),
);

const BY_NAME: ReadonlyMap<string, PermissionFacts> = new Map(PERMISSIONS.map((facts) => [facts.name, facts]));

/** Returns the permission called `name`, or null if there is none. */
export function findPermission(name: string): PermissionFacts | null {
  return BY_NAME.get(name) ?? null;
}
