import type { Caller } from '../../src/domain/access/caller.ts';
import type { Group } from '../../src/domain/access/group.ts';
import { PERMISSIONS, type Permission } from '../../src/domain/access/permission.ts';
import { ROOT_GROUP, ROOT_USER, type GroupId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from './depot.ts';

/** The root user with every permission on the root group, and no password that anybody knows. */
export async function makeRoot({ work }: TestDepot): Promise<Caller> {
  return work.run(async (tx) => {
    await tx.users.insertRoot('root', 'no hash');
    for (const { name } of PERMISSIONS) {
      await tx.grants.give({ user: ROOT_USER, group: ROOT_GROUP, permission: name });
    }
    return (await tx.users.find(ROOT_USER))!;
  });
}

/** A user with these permissions on a group, and no password that anybody knows. */
export async function makeUser(
  { work }: TestDepot,
  name: string,
  on: GroupId = ROOT_GROUP,
  ...permissions: readonly Permission[]
): Promise<Caller> {
  return work.run(async (tx) => {
    const user = await tx.users.insert(name, 'no hash');
    for (const permission of permissions) await tx.grants.give({ user: user.id, group: on, permission });
    return user;
  });
}

/** One group below the other, the first of them below the root; answers them in that order. */
export async function makeGroups({ work }: TestDepot, ...names: readonly string[]): Promise<Group[]> {
  return work.run(async (tx) => {
    const made: Group[] = [];
    for (const name of names) {
      const parent = made.at(-1) ?? (await tx.groups.find(ROOT_GROUP))!;
      made.push(await tx.groups.insert(parent, name));
    }
    return made;
  });
}
