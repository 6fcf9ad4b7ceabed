import type { Group } from '../../src/domain/access/group.ts';
import type { UserId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';

/** Creates a group below `parent`. */
export async function insertGroup({ work }: TestDepot, parent: Group, name: string): Promise<Group> {
  return work.run(async (tx) => tx.groups.insert(parent, name));
}

/** Creates a user that may view the group, and so is a member of it. */
export async function insertMember({ work }: TestDepot, group: Group): Promise<UserId> {
  return work.run(async (tx) => {
    const user = await tx.users.insert(`member of ${group.id}`, 'hash');
    await tx.grants.grant({ user: user.id, group: group.id, permission: 'velocity.group.view' });
    return user.id;
  });
}
