import { Argon2PasswordHasher } from '../../../src/adapters/passwords/argon2-password-hasher.ts';
import { CreateUser } from '../../../src/application/access/create-user.ts';
import { LongLists } from '../../../src/application/lists/long-lists.ts';
import { ListUsers } from '../../../src/application/access/list-users.ts';
import { RemoveUser } from '../../../src/application/access/remove-user.ts';
import { ViewUser, type UserView } from '../../../src/application/access/view-user.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { Membership } from '../../../src/domain/access/membership.ts';
import type { Group } from '../../../src/domain/access/group.ts';
import { ROOT_USER, type UserId } from '../../../src/domain/shared/ids.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../../support/waiting/gate.ts';
import { makeGroups, makeRoot, makeUser } from '../../support/fixtures/users.ts';

const NOBODY = 999 as UserId;
const FORBIDDEN = { code: 'permission-missing' };
const MISSING = { code: 'user-not-found' };

let depot: TestDepot;
let root: Caller;
let upper: Group;
let lower: Group;
let ann: Caller;
let stranger: Caller;
beforeEach(async () => {
  depot = await openTestDepot();
  root = await makeRoot(depot);
  [upper, lower] = (await makeGroups(depot, 'upper', 'lower')) as [Group, Group];
  ann = await makeUser(depot, 'ann', lower.id, 'velocity.media.list', 'velocity.group.view');
  stranger = await makeUser(depot, 'stranger');
});
afterEach(async () => depot.close());

/** A user whose memberships fit into one batch. */
type ShortView = Omit<UserView, 'memberships'> & { readonly memberships: readonly Membership[] };

describe('ViewUser', () => {
  async function view(caller: Caller, user: UserId | null): Promise<ShortView> {
    const { memberships, ...seen } = await new ViewUser(depot.work, new LongLists()).run(caller, user);
    expect(memberships.rest).toBeNull();
    return { ...seen, memberships: memberships.items };
  }

  it('shows callers themselves, with their groups and the ancestors, parents first', async () => {
    const { user, memberships } = await view(ann, null);
    expect(user).toEqual(ann);
    expect(memberships.map(({ group, permissions }) => [group.name, permissions.map(({ name }) => name)])).toEqual([
      ['root', []],
      ['upper', []],
      ['lower', ['velocity.group.view', 'velocity.media.list']],
    ]);
    expect(await view(ann, ann.id)).toEqual({ user, memberships, home: null });
    expect((await view(stranger, null)).memberships).toEqual([]);
  });

  it('shows a user to callers who may view users on one of the groups or above', async () => {
    const viewer = await makeUser(depot, 'viewer', upper.id, 'velocity.user.view');
    const { user, memberships } = await view(viewer, ann.id);
    expect(user).toEqual(ann);
    expect(memberships).toEqual((await view(ann, null)).memberships);
    await expect(view(viewer, stranger.id)).rejects.toMatchObject(FORBIDDEN);
    await expect(view(stranger, ann.id)).rejects.toMatchObject(FORBIDDEN);
  });

  it('shows only the memberships in groups on which the viewer may view users', async () => {
    const [beside] = (await makeGroups(depot, 'beside')) as [Group];
    const viewer = await makeUser(depot, 'viewer', beside.id, 'velocity.user.view');
    await depot.work.run(async (tx) =>
      tx.grants.grant({ user: ann.id, group: beside.id, permission: 'velocity.media.create' }),
    );
    const own = await view(ann, null);
    expect(own.memberships.map(({ group }) => group.name)).toEqual(['root', 'upper', 'lower', 'beside']);
    expect(own.home).toEqual(beside);
    const { memberships, home } = await view(viewer, ann.id);
    expect(memberships.map(({ group, permissions }) => [group.name, permissions.length])).toEqual([
      ['root', 0],
      ['beside', 1],
    ]);
    expect(home).toEqual(beside);
    const another = await makeUser(depot, 'another', lower.id, 'velocity.user.view');
    expect((await view(another, ann.id)).home).toBeNull();
  });

  it('shows a user to its creator, without the memberships that the creator may not view', async () => {
    const made = await depot.work.run(async (tx) => {
      const user = await tx.users.insert('made', 'no hash', stranger.uuid);
      await tx.grants.grant({ user: user.id, group: lower.id, permission: 'velocity.media.create' });
      return user;
    });
    expect(await view(stranger, made.id)).toEqual({ user: made, memberships: [], home: null });
    await expect(view(ann, made.id)).rejects.toMatchObject(FORBIDDEN);
  });

  it('reports a missing user only to callers who may view users on the root', async () => {
    const viewer = await makeUser(depot, 'viewer', upper.id, 'velocity.user.view');
    await expect(view(viewer, NOBODY)).rejects.toMatchObject(FORBIDDEN);
    await expect(view(root, NOBODY)).rejects.toMatchObject(MISSING);
    expect((await view(root, stranger.id)).user).toEqual(stranger);
  });
});

describe('CreateUser', () => {
  const hasher = new Argon2PasswordHasher();
  const order = { name: 'new', password: 'password' };
  let createUser: CreateUser;
  beforeEach(() => {
    createUser = new CreateUser(depot.work, hasher, { servers: 100, tags: 100, tokens: 1, users: 100 });
  });

  it('creates a user without a group, for a caller with the permission on any group', async () => {
    const maker = await makeUser(depot, 'maker', lower.id, 'velocity.user.create');
    const user = await createUser.run(maker, order);
    expect(user).toMatchObject({ name: 'new' });
    expect((await new ViewUser(depot.work, new LongLists()).run(user, null)).memberships.items).toEqual([]);
    const credential = await depot.work.run(async (tx) => tx.users.findCredential('new'));
    const guess = { name: 'new', password: 'password', passwordHash: credential!.passwordHash };
    expect(await hasher.verify(guess, { name: 'test', isKnown: true })).toBe(true);
  });

  it('refuses callers without the permission, taken names, and invalid names and passwords', async () => {
    await expect(createUser.run(stranger, order)).rejects.toMatchObject(FORBIDDEN);
    await expect(createUser.run(root, { ...order, name: 'ann' })).rejects.toMatchObject({ code: 'user-name-taken' });
    await expect(createUser.run(root, { ...order, name: 'a:b' })).rejects.toMatchObject({ code: 'name-invalid' });
    await expect(createUser.run(root, { ...order, password: '' })).rejects.toMatchObject({ code: 'password-invalid' });
  });

  it('creates one user for concurrent requests with the same name', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 4 }, async () => createUser.run(root, order)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'user-name-taken' });
    }
  });
});

describe('ListUsers', () => {
  it('lists all users to a caller with the permission on any group', async () => {
    const lister = await makeUser(depot, 'lister', lower.id, 'velocity.user.list');
    expect((await new ListUsers(depot.work, new LongLists()).run(lister)).items).toEqual([root, ann, stranger, lister]);
    await expect(new ListUsers(depot.work, new LongLists()).run(ann)).rejects.toMatchObject(FORBIDDEN);
  });
});

describe('RemoveUser', () => {
  async function remove(caller: Caller, user: UserId): Promise<void> {
    return new RemoveUser(depot.work).run(caller, user);
  }

  it('removes a user for a caller with the permission on the home group, regardless of other grants of the user', async () => {
    const [beside] = (await makeGroups(depot, 'beside')) as [Group];
    const remover = await makeUser(depot, 'remover', upper.id, 'velocity.user.remove');
    const other = await makeUser(depot, 'other', beside.id, 'velocity.user.remove');
    await depot.work.run(async (tx) => {
      await tx.grants.grant({ user: ann.id, group: lower.id, permission: 'velocity.media.create' });
      await tx.grants.grant({ user: ann.id, group: beside.id, permission: 'velocity.media.create' });
    });

    await expect(remove(other, ann.id)).rejects.toMatchObject(FORBIDDEN);
    await expect(remove(remover, stranger.id)).rejects.toMatchObject(FORBIDDEN);
    await expect(remove(remover, NOBODY)).rejects.toMatchObject(FORBIDDEN);
    await remove(remover, ann.id);
    await remove(root, stranger.id);
    expect((await new ListUsers(depot.work, new LongLists()).run(root)).items.map(({ name }) => name)).toEqual([
      'root',
      'remover',
      'other',
    ]);
    await expect(remove(root, ann.id)).rejects.toMatchObject(MISSING);
  });

  it('removes a user for its creator', async () => {
    const made = await depot.work.run(async (tx) => tx.users.insert('made', 'no hash', ann.uuid));
    await expect(remove(stranger, made.id)).rejects.toMatchObject(FORBIDDEN);
    await remove(ann, made.id);
    await expect(remove(root, made.id)).rejects.toMatchObject(MISSING);
  });

  it('never removes root', async () => {
    await expect(remove(root, ROOT_USER)).rejects.toMatchObject({ code: 'protected' });
    await expect(remove(ann, ROOT_USER)).rejects.toMatchObject(FORBIDDEN);
  });

  it('judges by a home group that is set at the same time', async () => {
    const remover = await makeUser(depot, 'remover', lower.id, 'velocity.user.remove');
    await depot.work.run(async (tx) => {
      await tx.grants.grant({ user: ann.id, group: lower.id, permission: 'velocity.media.create' });
      await tx.grants.grant({ user: ann.id, group: upper.id, permission: 'velocity.media.create' });
    });
    const kept = gate();
    const go = gate();
    const setting = depot.work.run(async (tx) => {
      await tx.users.lockShared(ann.id);
      kept.open();
      await go.opened;
      await tx.users.setHome(ann.id, upper.id);
    });
    await kept.opened;
    const removing = remove(remover, ann.id).catch((error: unknown) => error);
    await untilBlocked(depot.url);
    go.open();
    await setting;
    expect(await removing).toMatchObject(FORBIDDEN);
  });
});
