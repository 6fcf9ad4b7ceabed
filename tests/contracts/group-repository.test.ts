import type { Giver } from '../../src/application/ports/grant-repository.ts';
import type { Group } from '../../src/domain/access/group.ts';
import { ROOT_GROUP, type GroupId, type UserId, type UserUuid } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { insertGroup, insertMember } from './group-members.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

describe.each(UNITS_OF_WORK)('GroupRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let root: Group;
  beforeEach(async () => {
    depot = await open();
    root = (await depot.work.run(async (tx) => tx.groups.find(ROOT_GROUP)))!;
  });
  afterEach(async () => depot.close());

  const make = async (parent: Group, name: string): Promise<Group> => insertGroup(depot, parent, name);
  const member = async (group: Group): Promise<UserId> => insertMember(depot, group);

  it('begins with the root, which is its own parent', () => {
    expect(root).toEqual({ id: ROOT_GROUP, parentId: ROOT_GROUP, name: 'root', path: [ROOT_GROUP] });
  });

  it('finds a group with whether a user holds a permission on it, inherited or not; on the root if it does not exist', async () => {
    const upper = await make(root, 'upper');
    const lower = await make(upper, 'lower');
    const user = await member(upper);
    await depot.work.read(async (tx) => {
      const ask = async (id: GroupId): Promise<unknown> => tx.groups.findFor(user, 'velocity.group.view', id);
      expect(await ask(upper.id)).toEqual({ group: upper, holds: true });
      expect(await ask(lower.id)).toEqual({ group: lower, holds: true });
      expect(await ask(ROOT_GROUP)).toEqual({ group: root, holds: false });
      expect(await ask(999 as GroupId)).toEqual({ group: null, holds: false });
      expect(await tx.groups.findFor(user, 'velocity.group.create', upper.id)).toEqual({ group: upper, holds: false });
    });
    await depot.work.run(async (tx) => tx.grants.grant({ user, group: ROOT_GROUP, permission: 'velocity.group.view' }));
    expect(await depot.work.read(async (tx) => tx.groups.findFor(user, 'velocity.group.view', 999 as GroupId))).toEqual(
      { group: null, holds: true },
    );
  });

  it('returns whether a user holds grants only below a group', async () => {
    const upper = await make(root, 'upper');
    const lower = await make(upper, 'lower');
    const beside = await make(upper, 'beside');
    const user = await member(lower);
    const ask = async (group: Group): Promise<boolean> =>
      depot.work.read(async (tx) => tx.groups.isOnlyAncestor(user, group));
    expect([await ask(root), await ask(upper), await ask(lower), await ask(beside)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    await depot.work.run(async (tx) => tx.grants.grant({ user, group: upper.id, permission: 'velocity.nic.list' }));
    expect([await ask(root), await ask(upper), await ask(lower), await ask(beside)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('creates groups with the path from the root to themselves', async () => {
    const upper = await make(root, 'upper');
    const lower = await make(upper, 'lower');
    expect(lower).toEqual({
      id: lower.id,
      parentId: upper.id,
      name: 'lower',
      path: [ROOT_GROUP, upper.id, lower.id],
    });
    expect(lower.id).toBeGreaterThan(upper.id);
    await depot.work.run(async (tx) => {
      expect(await tx.groups.find(lower.id)).toEqual(lower);
      expect(await tx.groups.lockShared(lower.id)).toEqual(lower);
      expect(await tx.groups.find(999 as GroupId)).toBeNull();
      expect(await tx.groups.lockShared(999 as GroupId)).toBeNull();
    });
  });

  it('refuses a second group of a name in one parent, and accepts it in another', async () => {
    const upper = await make(root, 'same');
    await expect(make(root, 'same')).rejects.toMatchObject({ code: 'group-name-taken' });
    await make(upper, 'same');
  });

  it('locks and removes a group with its descendants and all their rows', async () => {
    const upper = await make(root, 'upper');
    const lower = await make(upper, 'lower');
    const beside = await make(root, 'beside');
    const user = await member(lower);
    await depot.work.run(async (tx) => {
      const ids = await tx.groups.lockTree(upper.id);
      expect(ids).toEqual([upper.id, lower.id]);
      await tx.groups.remove(ids);
    });
    await depot.work.run(async (tx) => {
      expect(await tx.groups.find(upper.id)).toBeNull();
      expect(await tx.groups.find(lower.id)).toBeNull();
      expect(await tx.groups.find(beside.id)).toEqual(beside);
      expect(await tx.grants.ofUser(user)).toEqual([]);
      expect(await tx.groups.lockTree(upper.id)).toEqual([]);
    });
  });

  describe('for the home of a user', () => {
    const CREATE = 'velocity.media.create';
    const PUSHED = { user: '6f1c2f5e-7d0b-4f0c-9a55-2b8f9f0a1d3e' as UserUuid, decidesHome: false };
    let ann: UserId;
    let [first, second]: Group[] = [];
    beforeEach(async () => {
      ann = await depot.work.run(async (tx) => (await tx.users.insert('ann', 'hash')).id);
      [first, second] = [await make(root, 'first'), await make(root, 'second')];
    });

    const home = async (): Promise<Group | null> => depot.work.read(async (tx) => tx.groups.homeOf(ann));
    const give = async (group: Group, giver?: Giver): Promise<void> =>
      depot.work.run(async (tx) => tx.grants.grant({ user: ann, group: group.id, permission: CREATE }, giver));
    const take = async (group: Group): Promise<void> =>
      depot.work.run(async (tx) => tx.grants.revoke({ user: ann, group: group.id, permission: CREATE }));
    const set = async (group: Group): Promise<void> => depot.work.run(async (tx) => tx.users.setHome(ann, group.id));

    it('is the group of the oldest grant that decides it, whatever other givers granted', async () => {
      await give(first!, PUSHED);
      expect(await home()).toBeNull();
      await give(second!);
      expect(await home()).toEqual(second);
      await give(first!, PUSHED);
      expect(await home()).toEqual(second);
      await give(first!);
      expect(await home()).toEqual(second);
      await take(second!);
      expect(await home()).toEqual(first);
    });

    it('replaces a giver who does not decide it by one who does, and never vice versa', async () => {
      await give(first!, PUSHED);
      await give(first!);
      await give(first!, PUSHED);
      expect(await home()).toEqual(first);
      const kept = await depot.knex<object>('grants').where({ user_id: ann }).first();
      expect(kept).toMatchObject({ given_by: null, given_at: expect.any(Date) as Date, decides_home: true });
    });

    it('prefers grants without a time, and of those the lowest group', async () => {
      await give(root);
      for (const group of [second!, first!]) {
        const row = { user_id: ann, group_id: group.id, permission: CREATE, decides_home: true };
        await depot.knex('grants').insert(row);
      }
      expect(await home()).toEqual(first);
    });

    it('is the one that was set while the user may create media there, inherited or not, and then none', async () => {
      await give(first!);
      const below = await make(second!, 'below');
      await set(below);
      expect(await home()).toBeNull();
      await give(second!, PUSHED);
      expect(await home()).toEqual(below);
      await take(second!);
      expect(await home()).toBeNull();
      await set(first!);
      expect(await home()).toEqual(first);
    });

    it('is null once the one that was set is removed', async () => {
      await give(first!);
      await give(second!);
      await set(second!);
      await depot.work.run(async (tx) => tx.groups.remove(await tx.groups.lockTree(second!.id)));
      expect(await home()).toBeNull();
    });
  });

  it('locks a descendant that was created while it waited', async () => {
    const upper = await make(root, 'upper');
    const made = gate();
    const go = gate();
    const making = depot.work.run(async (tx) => {
      const parent = await tx.groups.lockShared(upper.id);
      const lower = await tx.groups.insert(parent!, 'lower');
      const lowest = await tx.groups.insert(lower, 'lowest');
      made.open();
      await go.opened;
      return [lower.id, lowest.id];
    });
    await made.opened;
    const removed = depot.work.run(async (tx) => {
      const ids = await tx.groups.lockTree(upper.id);
      await tx.groups.remove(ids);
      return ids;
    });
    await untilBlocked(depot.url);
    go.open();
    expect(await removed).toEqual([upper.id, ...(await making)]);
  });

  it('makes a shared lock wait for a locked group, and returns null once it is removed', async () => {
    const upper = await make(root, 'upper');
    const lower = await make(upper, 'lower');
    const locked = gate();
    const go = gate();
    const removed = depot.work.run(async (tx) => {
      const ids = await tx.groups.lockTree(upper.id);
      locked.open();
      await go.opened;
      await tx.groups.remove(ids);
    });
    await locked.opened;
    const kept = [upper, lower].map(async ({ id }) => depot.work.run(async (tx) => tx.groups.lockShared(id)));
    await untilBlocked(depot.url, 2);
    go.open();
    await removed;
    expect(await Promise.all(kept)).toEqual([null, null]);
  });
});
