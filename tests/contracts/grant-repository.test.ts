import { PERMISSIONS } from '../../src/domain/access/permission.ts';
import { ROOT_GROUP, type GroupId, type UserId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { untilBlocked } from '../support/waiting/gate.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

describe.each(UNITS_OF_WORK)('GrantRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let ann: UserId;
  let bob: UserId;
  let group: GroupId;
  beforeEach(async () => {
    depot = await open();
    await depot.work.run(async (tx) => {
      ann = (await tx.users.insert('ann', 'hash')).id;
      bob = (await tx.users.insert('bob', 'hash')).id;
      group = (await tx.groups.insert((await tx.groups.find(ROOT_GROUP))!, 'group')).id;
    });
  });
  afterEach(async () => depot.close());

  it('grants a permission idempotently, and revokes it', async () => {
    const grant = { user: ann, group, permission: 'velocity.media.list' } as const;
    await depot.work.run(async (tx) => {
      await tx.grants.grant(grant);
      await tx.grants.grant(grant);
      expect(await tx.grants.ofUser(ann)).toEqual([grant]);
      await tx.grants.revoke(grant);
      expect(await tx.grants.ofUser(ann)).toEqual([]);
      await tx.grants.revoke(grant);
    });
  });

  it('returns whether a user holds a permission on one of several groups', async () => {
    await depot.work.run(async (tx) => {
      await tx.grants.grant({ user: ann, group, permission: 'velocity.media.list' });
      expect(await tx.grants.holds(ann, 'velocity.media.list', [ROOT_GROUP, group])).toBe(true);
      expect(await tx.grants.holds(ann, 'velocity.media.list', [ROOT_GROUP])).toBe(false);
      expect(await tx.grants.holds(ann, 'velocity.media.list', [])).toBe(false);
      expect(await tx.grants.holds(ann, 'velocity.media.create', [ROOT_GROUP, group])).toBe(false);
      expect(await tx.grants.holds(bob, 'velocity.media.list', [ROOT_GROUP, group])).toBe(false);
      expect(await tx.grants.holdsAnywhere(ann, 'velocity.media.list')).toBe(true);
      expect(await tx.grants.holdsAnywhere(ann, 'velocity.media.create')).toBe(false);
      expect(await tx.grants.holdsAnywhere(bob, 'velocity.media.list')).toBe(false);
    });
  });

  it('locks the grants of a user until the transaction ends', async () => {
    const grant = { user: ann, group, permission: 'velocity.media.list' } as const;
    const asked = ['velocity.media.list', 'velocity.vm.alter'] as const;
    await depot.work.run(async (tx) => tx.grants.grant(grant));
    let taken: Promise<void> = Promise.resolve();
    await depot.work.run(async (tx) => {
      expect(await tx.grants.lockShared(ann, asked, [ROOT_GROUP, group])).toEqual(new Set(['velocity.media.list']));
      expect(await tx.grants.lockShared(ann, asked, [ROOT_GROUP])).toEqual(new Set());
      expect(await tx.grants.lockShared(bob, asked, [group])).toEqual(new Set());
      taken = depot.work.run(async (other) => other.grants.revoke(grant));
      await untilBlocked(depot.url);
      expect(await tx.grants.holds(ann, 'velocity.media.list', [group])).toBe(true);
    });
    await taken;
    expect(await depot.work.run(async (tx) => tx.grants.lockShared(ann, asked, [group]))).toEqual(new Set());
  });

  it('lists the grants of a user by group, then by the number of the permission', async () => {
    await depot.work.run(async (tx) => {
      for (const { name } of PERMISSIONS.toReversed()) {
        await tx.grants.grant({ user: ann, group, permission: name });
        await tx.grants.grant({ user: ann, group: ROOT_GROUP, permission: name });
      }
      expect(await tx.grants.ofUser(ann)).toEqual(
        [ROOT_GROUP, group].flatMap((at) =>
          PERMISSIONS.map(({ name }) => ({ user: ann, group: at, permission: name })),
        ),
      );
    });
  });

  it('lists the grants on a group itself by user, then by the number of the permission', async () => {
    await depot.work.run(async (tx) => {
      await tx.grants.grant({ user: bob, group, permission: 'velocity.user.create' });
      await tx.grants.grant({ user: ann, group, permission: 'velocity.media.list' });
      await tx.grants.grant({ user: ann, group, permission: 'velocity.user.list' });
      await tx.grants.grant({ user: ann, group: ROOT_GROUP, permission: 'velocity.group.view' });
      expect((await tx.grants.onGroup(group)).items).toEqual([
        { user: ann, userName: 'ann', group, permission: 'velocity.user.list' },
        { user: ann, userName: 'ann', group, permission: 'velocity.media.list' },
        { user: bob, userName: 'bob', group, permission: 'velocity.user.create' },
      ]);
    });
  });

  it('leaves unknown permissions out of its lists', async () => {
    await depot
      .knex('grants')
      .insert({ user_id: ann, group_id: group, permission: 'velocity.from.tomorrow', decides_home: true });
    await depot.work.run(async (tx) => {
      expect(await tx.grants.ofUser(ann)).toEqual([]);
      expect((await tx.grants.onGroup(group)).items).toEqual([]);
    });
  });
});
