import type { GroupCursor } from '../../src/application/ports/group-repository.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Group } from '../../src/domain/access/group.ts';
import { ROOT_GROUP, type GroupId, type UserId } from '../../src/domain/shared/ids.ts';
import type { Batch } from '../../src/domain/shared/page.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { insertGroup, insertMember } from './group-members.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

describe.each(UNITS_OF_WORK)('Lists of GroupRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let root: Group;
  beforeEach(async () => {
    depot = await open();
    root = (await depot.work.run(async (tx) => tx.groups.find(ROOT_GROUP)))!;
  });
  afterEach(async () => depot.close());

  const make = async (parent: Group, name: string): Promise<Group> => insertGroup(depot, parent, name);
  const member = async (group: Group): Promise<UserId> => insertMember(depot, group);

  function names(groups: readonly Group[]): readonly string[] {
    return groups.map((group) => group.name);
  }

  it('lists the groups of a user with ancestors, and with descendants, parents first', async () => {
    const one = await make(root, 'one');
    const two = await make(one, 'two');
    await make(root, 'beside');
    const three = await make(two, 'three');
    await make(three, 'four');
    const user = await member(two);
    const stranger = await depot.work.run(async (tx) => tx.users.insert('stranger', 'hash'));
    await depot.work.run(async (tx) => {
      expect(names((await tx.groups.listMemberships(user, null)).items)).toEqual(['root', 'one', 'two']);
      expect(names((await tx.groups.listVisible(user)).items)).toEqual(['root', 'one', 'two', 'three', 'four']);
      expect((await tx.groups.listMemberships(stranger.id, null)).items).toEqual([]);
      expect((await tx.groups.listVisible(stranger.id)).items).toEqual([]);
    });
  });

  it('lists to a viewer only memberships in groups on which it may view users, and their ancestors', async () => {
    const upper = await make(root, 'upper');
    const lower = await make(upper, 'lower');
    const beside = await make(root, 'beside');
    const user = await member(lower);
    await depot.work.run(async (tx) => {
      for (const group of [root.id, upper.id, beside.id])
        await tx.grants.grant({ user, group, permission: 'velocity.media.list' });
      const seen = async (...groups: readonly GroupId[]): Promise<readonly [string, number][]> => {
        const viewer = (await tx.users.insert(`viewer of ${groups.join()}`, 'hash')).id;
        await tx.grants.grant({ user: viewer, group: root.id, permission: 'velocity.user.list' });
        for (const group of groups) await tx.grants.grant({ user: viewer, group, permission: 'velocity.user.view' });
        const { items, last } = await tx.groups.listMemberships(user, viewer);
        expect(last).toBeNull();
        const ids = items.map(({ id }) => id);
        const grants = await tx.grants.onGroups(user, ids, viewer);
        return items.map(({ id, name }) => [name, grants.filter(({ group }) => group === id).length]);
      };
      // Ancestors are listed without permissions on them.
      expect(await seen(lower.id)).toEqual([
        ['root', 0],
        ['upper', 0],
        ['lower', 1],
      ]);
      expect(await seen(upper.id)).toEqual([
        ['root', 0],
        ['upper', 1],
        ['lower', 1],
      ]);
      expect(await seen(root.id)).toEqual([
        ['root', 1],
        ['upper', 1],
        ['lower', 1],
        ['beside', 1],
      ]);
      expect(await seen()).toEqual([]);
    });
  });

  describe('for a list of several batches', () => {
    const MANY = 1200;
    let user: UserId;
    let viewer: UserId;
    let ids: readonly GroupId[];
    beforeEach(async () => {
      const upper = await make(root, 'upper');
      user = await member(upper);
      viewer = await depot.work.run(async (tx) => {
        const { id } = await tx.users.insert('viewer', 'hash');
        await tx.grants.grant({ user: id, group: root.id, permission: 'velocity.user.view' });
        return id;
      });
      await depot.knex.raw(
        `insert into groups (id, parent_id, name, path)
         select 1000 + at, ${upper.id}, 'group ' || at, array[0, ${upper.id}, 1000 + at]::bigint[] from generate_series(1, ${MANY}) as at`,
      );
      await depot.knex.raw(
        `insert into grants (user_id, group_id, permission, given_at, decides_home)
         select ${user}, id, 'velocity.media.list', now(), false from groups where id > 1000`,
      );
      ids = [root.id, upper.id, ...Array.from({ length: MANY }, (_, at) => (1001 + at) as GroupId)];
    });

    type Read = (tx: Transaction, after: GroupCursor | null) => Promise<Batch<Group, GroupCursor>>;
    const memberships: Read = async (tx, after) => tx.groups.listMemberships(user, null, after);
    const visible: Read = async (tx, after) => tx.groups.listVisible(user, after);
    const seenFromRoot: Read = async (tx, after) => tx.groups.listMemberships(user, viewer, after);

    it.each([
      ['memberships', memberships],
      ['memberships that a viewer sees', seenFromRoot],
      ['visible groups', visible],
    ])('contains each group once and in order: %s', async (_what, read) => {
      const found: GroupId[] = [];
      let batches = 0;
      for (let after: GroupCursor | null = null; batches === 0 || after !== null; batches += 1) {
        const batch: Batch<Group, GroupCursor> = await depot.work.run(async (tx) => read(tx, after));
        found.push(...batch.items.map(({ id }) => id));
        after = batch.last;
      }
      expect(found).toEqual(ids);
      expect(batches).toBe(3);
    });

    it('searches once, and leaves out groups that no longer belong to it', async () => {
      const { last } = await depot.work.run(async (tx) => tx.groups.listVisible(user));
      const second = await depot.work.run(async (tx) => tx.groups.listVisible(user, last));
      expect(second.last?.ahead).toEqual(ids.slice(2 * 501));
      await depot.work.run(async (tx) => {
        await tx.groups.remove([2200 as GroupId]);
        await tx.grants.revoke({ user, group: 2199 as GroupId, permission: 'velocity.media.list' });
      });
      const third = await depot.work.run(async (tx) => tx.groups.listVisible(user, second.last));
      // Descendants of a group on which the user holds a grant stay visible.
      expect(third.items.map(({ id }) => id)).toEqual(ids.slice(2 * 501).filter((id) => id !== 2200));
      expect(third.last).toBeNull();

      await depot.knex('grants').where({ user_id: user }).delete();
      const none = await depot.work.run(async (tx) => tx.groups.listVisible(user, second.last));
      expect(none).toEqual({ items: [], last: null });
    });
  });
});
