import { GrantPermission } from '../../../src/application/access/grant-permission.ts';
import { RevokePermission } from '../../../src/application/access/revoke-permission.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { Group } from '../../../src/domain/access/group.ts';
import { PERMISSIONS, type Permission } from '../../../src/domain/access/permission.ts';
import { ROOT_GROUP, ROOT_USER, type GroupId, type UserId } from '../../../src/domain/shared/ids.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeGroups, makeRoot, makeUser } from '../../support/fixtures/users.ts';

const NOWHERE = 999 as GroupId;
const NOBODY = 999 as UserId;
const FORBIDDEN = { code: 'permission-missing' };

let depot: TestDepot;
let root: Caller;
let upper: Group;
let lower: Group;
let ann: Caller;
let head: Caller;
beforeEach(async () => {
  depot = await openTestDepot();
  root = await makeRoot(depot);
  [upper, lower] = (await makeGroups(depot, 'upper', 'lower')) as [Group, Group];
  ann = await makeUser(depot, 'ann');
  head = await makeUser(depot, 'head', upper.id, 'velocity.user.assign', 'velocity.user.revoke', 'velocity.media.list');
});
afterEach(async () => depot.close());

async function held(user: Caller): Promise<readonly [GroupId, Permission][]> {
  const grants = await depot.work.run(async (tx) => tx.grants.ofUser(user.id));
  return grants.map(({ group, permission }) => [group, permission]);
}

describe('GrantPermission', () => {
  async function give(caller: Caller, group: GroupId, permission: string, user = ann.id): Promise<void> {
    await new GrantPermission(depot.work).run(caller, { user, group, permission });
  }

  it('grants a permission that the caller holds there or above, once', async () => {
    await give(head, lower.id, 'velocity.media.list');
    await give(head, lower.id, 'velocity.media.list');
    expect(await held(ann)).toEqual([[lower.id, 'velocity.media.list']]);
  });

  it('grants no permission that the caller does not hold there', async () => {
    await expect(give(head, lower.id, 'velocity.media.create')).rejects.toMatchObject({
      code: 'permission-above-own',
      detail: { permission: 'velocity.media.create' },
    });
    expect(await held(ann)).toEqual([]);
  });

  it('checks the permission to assign on the group before anything else', async () => {
    await expect(give(head, ROOT_GROUP, 'velocity.media.list')).rejects.toMatchObject(FORBIDDEN);
    await expect(give(ann, lower.id, 'velocity.media.list')).rejects.toMatchObject(FORBIDDEN);
    await expect(give(head, NOWHERE, 'nothing', NOBODY)).rejects.toMatchObject(FORBIDDEN);
  });

  it('reports which of user, group and permission does not exist', async () => {
    await expect(give(root, NOWHERE, 'nothing', NOBODY)).rejects.toMatchObject({ code: 'user-not-found' });
    await expect(give(root, NOWHERE, 'nothing')).rejects.toMatchObject({ code: 'group-not-found' });
    await expect(give(root, lower.id, 'nothing')).rejects.toMatchObject({ code: 'permission-not-found' });
  });
});

describe('RevokePermission', () => {
  async function take(caller: Caller, group: GroupId, permission: string | null, user = ann.id): Promise<void> {
    await new RevokePermission(depot.work).run(caller, { user, group, permission });
  }

  beforeEach(async () => {
    await depot.work.run(async (tx) => {
      for (const group of [upper.id, lower.id]) {
        await tx.grants.grant({ user: ann.id, group, permission: 'velocity.media.list' });
        await tx.grants.grant({ user: ann.id, group, permission: 'velocity.user.assign' });
      }
    });
  });

  it('revokes one directly granted permission, and ignores one that is not granted', async () => {
    await take(head, lower.id, 'velocity.media.list');
    await take(head, lower.id, 'velocity.media.list');
    expect(await held(ann)).toEqual([
      [upper.id, 'velocity.user.assign'],
      [upper.id, 'velocity.media.list'],
      [lower.id, 'velocity.user.assign'],
    ]);
  });

  it('revokes all permissions if none is named', async () => {
    await take(head, upper.id, null);
    expect(await held(ann)).toEqual([
      [lower.id, 'velocity.user.assign'],
      [lower.id, 'velocity.media.list'],
    ]);
  });

  it('revokes nothing if the caller does not hold one of them', async () => {
    await depot.work.run(async (tx) =>
      tx.grants.grant({ user: ann.id, group: lower.id, permission: 'velocity.vm.create' }),
    );
    const before = await held(ann);
    await expect(take(head, lower.id, null)).rejects.toMatchObject({
      code: 'permission-above-own',
      detail: { permission: 'velocity.vm.create' },
    });
    await expect(take(head, lower.id, 'velocity.vm.create')).rejects.toMatchObject({ code: 'permission-above-own' });
    expect(await held(ann)).toEqual(before);
  });

  it('checks the permission to revoke on the group before anything else', async () => {
    await expect(take(head, ROOT_GROUP, null)).rejects.toMatchObject(FORBIDDEN);
    await expect(take(ann, lower.id, null)).rejects.toMatchObject(FORBIDDEN);
    await expect(take(head, NOWHERE, 'nothing', NOBODY)).rejects.toMatchObject(FORBIDDEN);
  });

  it('reports which of user, group and permission does not exist', async () => {
    await expect(take(root, NOWHERE, 'nothing', NOBODY)).rejects.toMatchObject({ code: 'user-not-found' });
    await expect(take(root, NOWHERE, 'nothing')).rejects.toMatchObject({ code: 'group-not-found' });
    await expect(take(root, lower.id, 'nothing')).rejects.toMatchObject({ code: 'permission-not-found' });
  });

  it('keeps the permissions of root on the root group', async () => {
    const all = PERMISSIONS.map(({ name }) => [ROOT_GROUP, name]);
    for (const permission of [null, 'velocity.media.list']) {
      await expect(take(root, ROOT_GROUP, permission, ROOT_USER)).rejects.toMatchObject({ code: 'protected' });
    }
    expect(await held(root)).toEqual(all);
    await take(root, upper.id, null, ROOT_USER);
  });
});
