import { CreateGroup } from '../../../src/application/access/create-group.ts';
import { LongLists } from '../../../src/application/lists/long-lists.ts';
import { ListGroups } from '../../../src/application/access/list-groups.ts';
import { ViewGroup } from '../../../src/application/access/view-group.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { Group } from '../../../src/domain/access/group.ts';
import { findPermission } from '../../../src/domain/access/permission.ts';
import { ROOT_GROUP, type GroupId } from '../../../src/domain/shared/ids.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeGroups, makeRoot, makeUser } from '../../support/fixtures/users.ts';

const NOWHERE = 999 as GroupId;
const FORBIDDEN = { code: 'permission-missing' };
const MISSING = { code: 'group-not-found' };

let depot: TestDepot;
let root: Caller;
let upper: Group;
let lower: Group;
beforeEach(async () => {
  depot = await openTestDepot();
  root = await makeRoot(depot);
  [upper, lower] = (await makeGroups(depot, 'upper', 'lower')) as [Group, Group];
});
afterEach(async () => depot.close());

describe('CreateGroup', () => {
  async function create(caller: Caller, parent: GroupId, name = 'new'): Promise<Group> {
    return new CreateGroup(depot.work).run(caller, { name, parent });
  }

  it('creates a group for a caller with the permission on the parent or above', async () => {
    const maker = await makeUser(depot, 'maker', upper.id, 'velocity.group.create');
    const made = await create(maker, lower.id);
    expect(made).toEqual({ id: made.id, parentId: lower.id, name: 'new', path: [...lower.path, made.id] });
    await expect(create(maker, ROOT_GROUP)).rejects.toMatchObject(FORBIDDEN);
  });

  it('reports a missing parent only to callers with the permission on the root', async () => {
    const maker = await makeUser(depot, 'maker', upper.id, 'velocity.group.create');
    await expect(create(maker, NOWHERE)).rejects.toMatchObject(FORBIDDEN);
    await expect(create(root, NOWHERE)).rejects.toMatchObject(MISSING);
  });

  it('refuses a name that the parent has already, and an invalid name', async () => {
    await expect(create(root, upper.id, 'lower')).rejects.toMatchObject({ code: 'group-name-taken' });
    await create(root, upper.id, 'upper');
    await expect(create(root, upper.id, 'a\nb')).rejects.toMatchObject({ code: 'name-invalid' });
  });

  it('nests groups 32 deep and no deeper', async () => {
    const chain = await makeGroups(depot, ...Array.from({ length: 31 }, (_, depth) => `at ${depth + 1}`));
    const deepest = await create(root, chain.at(-1)!.id);
    expect(deepest.path).toHaveLength(33);
    await expect(create(root, deepest.id)).rejects.toMatchObject({ code: 'groups-too-deep' });
  });
});

describe('ViewGroup', () => {
  it('shows a group and the permissions that its members hold directly on it', async () => {
    await makeUser(depot, 'above', upper.id, 'velocity.media.list');
    const ann = await makeUser(depot, 'ann', lower.id, 'velocity.media.list', 'velocity.group.view');
    const bob = await makeUser(depot, 'bob', lower.id, 'velocity.media.list');
    expect(await new ViewGroup(depot.work, new LongLists()).run(ann, lower.id)).toEqual({
      group: lower,
      members: {
        rest: null,
        total: 2,
        items: [
          {
            user: ann.id,
            name: 'ann',
            permissions: [findPermission('velocity.group.view'), findPermission('velocity.media.list')],
          },
          { user: bob.id, name: 'bob', permissions: [findPermission('velocity.media.list')] },
        ],
      },
    });
  });

  it('shows it to callers who may view it, on the group or above', async () => {
    const viewer = await makeUser(depot, 'viewer', upper.id, 'velocity.group.view');
    const viewGroup = new ViewGroup(depot.work, new LongLists());
    expect(await viewGroup.run(viewer, lower.id)).toEqual({
      group: lower,
      members: { rest: null, total: 0, items: [] },
    });
    await expect(viewGroup.run(viewer, ROOT_GROUP)).rejects.toMatchObject(FORBIDDEN);
    await expect(viewGroup.run(viewer, NOWHERE)).rejects.toMatchObject(FORBIDDEN);
    await expect(viewGroup.run(root, NOWHERE)).rejects.toMatchObject(MISSING);
  });
});

describe('ListGroups', () => {
  async function list(caller: Caller): Promise<readonly [string, readonly string[]][]> {
    const { items: memberships } = await new ListGroups(depot.work, new LongLists()).run(caller);
    return memberships.map(({ group, permissions }) => [group.name, permissions.map(({ name }) => name)]);
  }

  it('lists groups with a permission of the caller, all below and the ancestors, with the direct permissions', async () => {
    await makeGroups(depot, 'beside');
    const user = await makeUser(depot, 'user', upper.id, 'velocity.media.list');
    expect(await list(user)).toEqual([
      ['root', []],
      ['upper', ['velocity.media.list']],
      ['lower', []],
    ]);
    expect((await list(root)).map(([name]) => name)).toEqual(['root', 'upper', 'lower', 'beside']);
    expect(await list(await makeUser(depot, 'stranger'))).toEqual([]);
  });
});
