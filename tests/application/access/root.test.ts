import { Argon2PasswordHasher } from '../../../src/adapters/passwords/argon2-password-hasher.ts';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { ChangePassword } from '../../../src/application/access/change-password.ts';
import { EnsureRoot } from '../../../src/application/access/ensure-root.ts';
import { PERMISSIONS } from '../../../src/domain/access/permission.ts';
import { ROOT_GROUP, ROOT_USER } from '../../../src/domain/shared/ids.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';

const hasher = new Argon2PasswordHasher();
const KEY = 'ab'.repeat(32);
let depot: TestDepot;
let ensureRoot: EnsureRoot;
/** The arguments of `remember`, in order; null to forget the password. */
let remembered: (string | null)[];
beforeEach(async () => {
  remembered = [];
  depot = await openTestDepot();
  ensureRoot = new EnsureRoot(depot.work, hasher, new NodeRandom());
});
afterEach(async () => depot.close());

async function remember(password: string | null): Promise<void> {
  remembered.push(password);
}

async function opens(password: string): Promise<boolean> {
  const credential = await depot.work.run(async (tx) => tx.users.findCredential('root'));
  return hasher.verify(
    { name: 'root', password, passwordHash: credential!.passwordHash },
    { name: 'test', isKnown: true },
  );
}

async function giveKey(): Promise<void> {
  await depot.work.run(async (tx) =>
    tx.authkeys.insert(KEY, ROOT_USER, { lifetimeSeconds: 600, maxSecondsSinceLogin: 86_400, maxPerUser: 10 }, null),
  );
}

async function keyHolds(): Promise<boolean> {
  return depot.work.run(async (tx) => (await tx.authkeys.find(KEY)).kind === 'valid');
}

describe('EnsureRoot', () => {
  const everything = PERMISSIONS.map(({ name }) => ({ user: ROOT_USER, group: ROOT_GROUP, permission: name }));

  it('creates root with every permission and a password that is remembered once', async () => {
    const password = await ensureRoot.run(null, remember);
    expect(await opens(password!)).toBe(true);
    await depot.work.run(async (tx) => {
      expect(await tx.users.find(ROOT_USER)).toMatchObject({ id: ROOT_USER, name: 'root' });
      expect(await tx.grants.ofUser(ROOT_USER)).toEqual(everything);
    });
    expect(await ensureRoot.run(null, remember)).toBeNull();
    expect(await opens(password!)).toBe(true);
    expect(remembered).toEqual([password]);
  });

  it('creates no root if its password cannot be remembered', async () => {
    const full = ensureRoot.run(null, async () => Promise.reject(new Error('the disk is full')));
    await expect(full).rejects.toThrow('the disk is full');
    expect(await depot.work.run(async (tx) => tx.users.find(ROOT_USER))).toBeNull();
  });

  it('accepts a given password from the first start on', async () => {
    expect(await ensureRoot.run('given', remember)).toBeNull();
    expect(await opens('given')).toBe(true);
    expect(await ensureRoot.run(null, remember)).toBeNull();
    expect(await opens('given')).toBe(true);
    expect(remembered).toEqual([]);
  });

  it('revokes the authkeys if the given password differs, and only then', async () => {
    await ensureRoot.run('first', remember);
    await giveKey();
    await ensureRoot.run('first', remember);
    expect(await keyHolds()).toBe(true);
    await ensureRoot.run('second', remember);
    expect(await opens('second')).toBe(true);
    expect(await opens('first')).toBe(false);
    expect(await keyHolds()).toBe(false);
  });

  it('grants root the permissions that it lacks', async () => {
    await ensureRoot.run('given', remember);
    await depot.knex('grants').where('permission', 'velocity.nic.list').delete();
    await ensureRoot.run('given', remember);
    expect(await depot.work.run(async (tx) => tx.grants.ofUser(ROOT_USER))).toEqual(everything);
  });

  it('creates one root for replicas that start together; the others discard their generated password', async () => {
    const reported = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const kept: (string | null)[] = [];
        const answer = await ensureRoot.run(null, async (password) => void kept.push(password));
        return { answer, kept };
      }),
    );
    const [won, ...others] = reported.filter(({ answer }) => answer !== null);
    expect(others).toEqual([]);
    expect(await opens(won!.answer!)).toBe(true);
    expect(won!.kept).toEqual([won!.answer]);
    for (const { answer, kept } of reported) if (answer === null) expect(kept.at(-1) ?? null).toBeNull();
  });

  it('refuses an invalid password', async () => {
    await expect(ensureRoot.run('', remember)).rejects.toMatchObject({ code: 'password-invalid' });
  });
});

describe('ChangePassword', () => {
  it('changes the password of a user and revokes the authkeys', async () => {
    await ensureRoot.run('first', remember);
    await giveKey();
    await new ChangePassword(depot.work, hasher).run({ name: 'root', password: 'second' });
    expect(await opens('second')).toBe(true);
    expect(await opens('first')).toBe(false);
    expect(await keyHolds()).toBe(false);
  });

  it('refuses an unknown user and an invalid password', async () => {
    const changePassword = new ChangePassword(depot.work, hasher);
    await expect(changePassword.run({ name: 'nobody', password: 'x' })).rejects.toMatchObject({
      code: 'user-not-found',
    });
    await expect(changePassword.run({ name: 'root', password: '' })).rejects.toMatchObject({
      code: 'password-invalid',
    });
  });
});
