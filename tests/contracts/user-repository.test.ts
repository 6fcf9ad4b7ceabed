import { WITHOUT_HOME } from '../../src/domain/access/tenant.ts';
import { ROOT_GROUP, ROOT_USER, type UserId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

/** A user who neither created the user nor decides its home group. */
const GIVER = { user: null, decidesHome: false };

describe.each(UNITS_OF_WORK)('UserRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
  });
  afterEach(async () => depot.close());

  it('creates users with ascending ids, and finds them by id and by name', async () => {
    const [ann, bob] = await depot.work.run(async (tx) => [
      await tx.users.insert('ann', 'hash of ann'),
      await tx.users.insert('bob', 'hash of bob'),
    ]);
    expect(bob.id).toBeGreaterThan(ann.id);
    expect(ann.uuid).not.toBe(bob.uuid);
    await depot.work.run(async (tx) => {
      expect(await tx.users.find(ann.id)).toEqual(ann);
      expect(await tx.users.findCredential('bob')).toEqual({
        user: { ...bob, tenant: WITHOUT_HOME },
        passwordHash: 'hash of bob',
        version: 1,
      });
      expect((await tx.users.list()).items).toEqual([ann, bob]);
    });
  });

  it('finds by name with the tenant, the branch of the tree that contains the home group', async () => {
    await depot.work.run(async (tx) => {
      const { id } = await tx.users.insert('ann', 'hash');
      const branch = await tx.groups.insert((await tx.groups.find(ROOT_GROUP))!, 'branch');
      const home = await tx.groups.insert(branch, 'home');
      const tenant = async () => (await tx.users.findCredential('ann'))?.user.tenant;
      const grant = { user: id, group: home.id, permission: 'velocity.media.create' } as const;
      await tx.grants.grant(grant, GIVER);
      expect(await tenant()).toBe(WITHOUT_HOME);
      await tx.users.setHome(id, home.id);
      expect(await tenant()).toBe(branch.id);
      await tx.users.setHome(id, ROOT_GROUP);
      expect(await tenant()).toBe(WITHOUT_HOME);
      await tx.grants.grant({ ...grant, group: ROOT_GROUP }, GIVER);
      expect(await tenant()).toBe(0);
    });
  });

  it('stores the creator of a user, and null for the operator', async () => {
    await depot.work.run(async (tx) => {
      const ann = await tx.users.insert('ann', 'hash');
      const bob = await tx.users.insert('bob', 'hash', ann.uuid);
      expect([ann.createdBy, bob.createdBy]).toEqual([null, ann.uuid]);
      await tx.users.remove(ann.id);
      expect(await tx.users.find(bob.id)).toEqual(bob);
    });
  });

  it('returns null for users that do not exist', async () => {
    await depot.work.run(async (tx) => {
      expect(await tx.users.find(77 as UserId)).toBeNull();
      expect(await tx.users.findCredential('nobody')).toBeNull();
      expect(await tx.users.lockShared(77 as UserId)).toBeNull();
      expect(await tx.users.lock(77 as UserId)).toBeNull();
      expect(await tx.users.remove(77 as UserId)).toBe(false);
    });
  });

  it('refuses a second user of a name, and compares names exactly', async () => {
    await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
    await expect(depot.work.run(async (tx) => tx.users.insert('ann', 'hash'))).rejects.toMatchObject({
      code: 'user-name-taken',
    });
    await depot.work.run(async (tx) => tx.users.insert('Ann', 'hash'));
  });

  it('creates the root user once', async () => {
    expect(await depot.work.run(async (tx) => tx.users.insertRoot('root', 'first'))).toBe(true);
    expect(await depot.work.run(async (tx) => tx.users.insertRoot('root', 'second'))).toBe(false);
    const root = await depot.work.run(async (tx) => tx.users.findCredential('root'));
    expect(root).toMatchObject({ user: { id: ROOT_USER, name: 'root' }, passwordHash: 'first' });
  });

  it('replaces a password, and increases its version', async () => {
    const { id } = await depot.work.run(async (tx) => tx.users.insert('ann', 'first'));
    await depot.work.run(async (tx) => {
      await tx.users.lock(id);
      await tx.users.changePassword(id, 'second');
    });
    expect(await depot.work.run(async (tx) => tx.users.lockShared(id))).toMatchObject({
      passwordHash: 'second',
      version: 2,
    });
    expect(await depot.knex.select('credential_version').from('users')).toEqual([{ credential_version: 2 }]);
  });

  it('removes a user with grants and authkeys', async () => {
    const { id } = await depot.work.run(async (tx) => {
      const user = await tx.users.insert('ann', 'hash');
      await tx.grants.grant({ user: user.id, group: ROOT_GROUP, permission: 'velocity.user.list' });
      await tx.authkeys.insert(
        'ab'.repeat(32),
        user.id,
        { lifetimeSeconds: 60, maxSecondsSinceLogin: 86_400, maxPerUser: 10 },
        null,
      );
      return user;
    });
    expect(await depot.work.run(async (tx) => tx.users.remove(id))).toBe(true);
    await depot.work.run(async (tx) => {
      expect(await tx.users.find(id)).toBeNull();
      expect(await tx.grants.ofUser(id)).toEqual([]);
      expect(await tx.authkeys.find('ab'.repeat(32))).toEqual({ kind: 'unknown' });
    });
  });

  it('makes a shared lock of a user wait for an exclusive one, and then returns the new state', async () => {
    const { id } = await depot.work.run(async (tx) => tx.users.insert('ann', 'first'));
    const locked = gate();
    const go = gate();
    const changed = depot.work.run(async (tx) => {
      await tx.users.lock(id);
      locked.open();
      await go.opened;
      await tx.users.changePassword(id, 'second');
    });
    await locked.opened;
    const kept = depot.work.run(async (tx) => tx.users.lockShared(id));
    await untilBlocked(depot.url);
    go.open();
    await changed;
    expect(await kept).toMatchObject({ passwordHash: 'second' });
  });

  it('makes an exclusive lock of a user wait for all shared ones', async () => {
    const { id } = await depot.work.run(async (tx) => tx.users.insert('ann', 'first'));
    const kept = gate();
    const go = gate();
    const keeping = depot.work.run(async (tx) => {
      await tx.users.lockShared(id);
      kept.open();
      await go.opened;
      await tx.authkeys.insert(
        'ab'.repeat(32),
        id,
        { lifetimeSeconds: 60, maxSecondsSinceLogin: 86_400, maxPerUser: 10 },
        null,
      );
    });
    await kept.opened;
    const dropped = depot.work.run(async (tx) => {
      await tx.users.lock(id);
      await tx.authkeys.removeOf(id);
    });
    await untilBlocked(depot.url);
    go.open();
    await Promise.all([keeping, dropped]);
    expect(await depot.work.run(async (tx) => tx.authkeys.find('ab'.repeat(32)))).toEqual({ kind: 'unknown' });
  });
});
