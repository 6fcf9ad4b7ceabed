import { MemoryLoginLimit } from '../../../src/adapters/login-limit/memory-login-limit.ts';
import { Argon2PasswordHasher } from '../../../src/adapters/passwords/argon2-password-hasher.ts';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { Authenticate } from '../../../src/application/access/authenticate.ts';
import { ChangePassword } from '../../../src/application/access/change-password.ts';
import { LogIn } from '../../../src/application/access/log-in.ts';
import { VerifyCredentials } from '../../../src/application/access/verify-credentials.ts';
import type { PasswordHasher } from '../../../src/application/ports/password-hasher.ts';
import type { User } from '../../../src/application/ports/user-repository.ts';
import { openTestDepot, type TestDepot } from '../../support/depot.ts';

const address = '192.0.2.1';
const right = { name: 'ann', password: 'correct horse', address };
const wrong = { ...right, password: 'battery staple' };
const TOO_MANY = { code: 'too-many-logins' };
const WRONG = { code: 'wrong-credentials', detail: undefined };

describe('LogIn', () => {
  const hasher = new Argon2PasswordHasher();
  const random = new NodeRandom();
  let depot: TestDepot;
  let ann: User;
  let limit: MemoryLoginLimit;
  let logIn: LogIn;
  beforeEach(async () => {
    depot = await openTestDepot();
    const hash = await hasher.hash(right.password);
    ann = await depot.work.run(async (tx) => tx.users.insert('ann', hash));
    limit = new MemoryLoginLimit();
    logIn = logInWith(hasher);
  });
  afterEach(async () => depot.close());

  function logInWith(hashing: PasswordHasher): LogIn {
    return new LogIn(new VerifyCredentials(depot.work, limit, hashing), depot.work, random, 600);
  }

  /** Logging in where something happens just after the password was found right or wrong. */
  function during(happens: () => Promise<unknown>): LogIn {
    const interrupted: PasswordHasher = {
      hash: async (password) => hasher.hash(password),
      verify: async (hash, password) => {
        const matches = await hasher.verify(hash, password);
        await happens();
        return matches;
      },
    };
    return logInWith(interrupted);
  }

  it('gives an authkey that says who is calling', async () => {
    const { authkey, expires } = await logIn.run(right);
    expect(authkey).toMatch(/^[\w-]{43}$/);
    expect(Number.isInteger(expires)).toBe(true);
    expect(await new Authenticate(depot.work, random).run(authkey)).toEqual(ann);
    expect((await logIn.run(right)).authkey).not.toBe(authkey);
  });

  it('stores nothing from which an authkey could be told', async () => {
    const { authkey } = await logIn.run(right);
    const stored = JSON.stringify(await depot.knex.select(depot.knex.raw('hash::text')).from('authkeys'));
    expect(stored).not.toContain(authkey);
    expect(stored).not.toContain(Buffer.from(authkey).toString('hex'));
    expect(stored).toContain(random.hashOf(authkey));
  });

  it('fails alike for a wrong password, a wrong name and a name that nobody can have', async () => {
    await expect(logIn.run(wrong)).rejects.toMatchObject(WRONG);
    for (const name of ['bob', 'Ann', '', 'ann\0', 'a:b', 'a'.repeat(50_000)]) {
      await expect(logIn.run({ ...right, name })).rejects.toMatchObject(WRONG);
    }
  });

  it('refuses from the twentieth failure a minute, the right password too, and nobody else', async () => {
    for (let failure = 1; failure < 20; failure += 1) await expect(logIn.run(wrong)).rejects.toMatchObject(WRONG);
    await expect(logIn.run(wrong)).rejects.toMatchObject(TOO_MANY);
    await expect(logIn.run(right)).rejects.toMatchObject(TOO_MANY);
    await logIn.run({ ...right, address: '192.0.2.2' });
  });

  it('counts anew after a success', async () => {
    for (let failure = 1; failure < 20; failure += 1) await expect(logIn.run(wrong)).rejects.toMatchObject(WRONG);
    await logIn.run(right);
    await expect(logIn.run(wrong)).rejects.toMatchObject(WRONG);
  });

  it('refuses a right guess that was under way when the failures were used up', async () => {
    const logIn = during(async () => {
      for (let failure = 1; failure <= 20; failure += 1) await limit.failed('ann', address).catch(() => undefined);
    });
    await expect(logIn.run(right)).rejects.toMatchObject(TOO_MANY);
  });

  it('gives no authkey for a password that was changed while it was looked at', async () => {
    const changePassword = new ChangePassword(depot.work, hasher);
    const logIn = during(async () => changePassword.run({ name: 'ann', password: 'another' }));
    await expect(logIn.run(right)).rejects.toMatchObject(WRONG);
    expect(await depot.knex('authkeys').select()).toEqual([]);
  });

  it('gives no authkey to a user who was removed in the meantime', async () => {
    const logIn = during(async () => depot.work.run(async (tx) => tx.users.remove(ann.id)));
    await expect(logIn.run(right)).rejects.toMatchObject(WRONG);
  });

  it('counts no failure when the passwords are too busy', async () => {
    const busy: PasswordHasher = new Argon2PasswordHasher({ atOnce: 0, waiting: 0, retryAfterSeconds: 7 });
    const logIn = logInWith(busy);
    for (let time = 0; time < 20; time += 1) {
      await expect(logIn.run(right)).rejects.toMatchObject({ code: 'unavailable', detail: { retryAfterSeconds: 7 } });
    }
    await limit.admit('ann', address);
  });
});
