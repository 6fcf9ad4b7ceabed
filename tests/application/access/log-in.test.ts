import { MemoryLoginLimit } from '../../../src/adapters/login-limit/memory-login-limit.ts';
import { Argon2PasswordHasher } from '../../../src/adapters/passwords/argon2-password-hasher.ts';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { Authenticate } from '../../../src/application/access/authenticate.ts';
import { ChangePassword } from '../../../src/application/access/change-password.ts';
import { LogIn } from '../../../src/application/access/log-in.ts';
import { VerifyCredentials, type SentCredentials } from '../../../src/application/access/verify-credentials.ts';
import type { PasswordHasher } from '../../../src/application/ports/password-hasher.ts';
import type { User } from '../../../src/application/ports/user-repository.ts';
import { WITHOUT_HOME } from '../../../src/domain/access/tenant.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';

const address = '192.0.2.1';
const right = { name: 'ann', password: 'correct horse', address };
const wrong = { ...right, password: 'battery staple' };
const TOO_MANY = { code: 'too-many-logins' };
const TURN = { name: 'test', isKnown: true };
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
    const hash = await hasher.hash(right.password, TURN);
    ann = await depot.work.run(async (tx) => tx.users.insert('ann', hash));
    limit = new MemoryLoginLimit();
    logIn = logInWith(hasher);
  });
  afterEach(async () => depot.close());

  function logInWith(hashing: PasswordHasher): LogIn {
    return new LogIn({
      verify: new VerifyCredentials(depot.work, limit, hashing),
      work: depot.work,
      random,
      settings: {
        lifetimeSeconds: 600,
        maxPerUser: 10,
      },
    });
  }

  /** Returns a login during which `happens` runs, just after the password was verified. */
  function during(happens: () => Promise<unknown>): LogIn {
    const interrupted: PasswordHasher = {
      hash: async (password, turn) => hasher.hash(password, turn),
      verify: async (guess, turn) => {
        const matches = await hasher.verify(guess, turn);
        await happens();
        return matches;
      },
    };
    return logInWith(interrupted);
  }

  it('issues an authkey that identifies the caller', async () => {
    const { authkey, expires } = await logIn.run(right);
    expect(authkey).toMatch(/^[\w-]{43}$/);
    expect(Number.isInteger(expires)).toBe(true);
    expect(await new Authenticate(depot.work, random).run(authkey)).toEqual({
      id: ann.id,
      uuid: ann.uuid,
      name: ann.name,
      tenant: WITHOUT_HOME,
    });
    expect((await logIn.run(right)).authkey).not.toBe(authkey);
  });

  it('stores nothing from which an authkey can be derived', async () => {
    const { authkey } = await logIn.run(right);
    const stored = JSON.stringify(await depot.knex.select(depot.knex.raw('hash::text')).from('authkeys'));
    expect(stored).not.toContain(authkey);
    expect(stored).not.toContain(Buffer.from(authkey).toString('hex'));
    expect(stored).toContain(random.hashOf(authkey));
  });

  it('fails alike for a wrong password, a wrong name and an impossible name', async () => {
    await expect(logIn.run(wrong)).rejects.toMatchObject(WRONG);
    for (const name of ['bob', 'Ann', '', 'ann\0', 'a:b', 'a'.repeat(50_000)]) {
      await expect(logIn.run({ ...right, name })).rejects.toMatchObject(WRONG);
    }
  });

  it('refuses a name from its twentieth failure a minute, also with the right password, and no other name', async () => {
    for (let failure = 1; failure < 20; failure += 1) await expect(logIn.run(wrong)).rejects.toMatchObject(WRONG);
    await expect(logIn.run(wrong)).rejects.toMatchObject(TOO_MANY);
    await expect(logIn.run(right)).rejects.toMatchObject(TOO_MANY);
    await logIn.run({ ...right, address: '192.0.2.2' });
  });

  it('refuses a network from its hundredth failure a minute over all names, but not names that logged in from it', async () => {
    const logIn = logInWith({ hash: async () => '', verify: async ({ password }) => password === right.password });
    await depot.work.run(async (tx) => tx.users.insert('bob', 'no hash'));
    const from = (name: string, address: string, password: string): SentCredentials => ({ name, address, password });
    await logIn.run(from('ann', '2001:db8::a', right.password));
    for (let failure = 1; failure < 100; failure += 1) {
      await expect(logIn.run(from(`nobody ${failure}`, `2001:db8::${failure}`, 'wrong'))).rejects.toMatchObject(WRONG);
    }
    await expect(logIn.run(from('nobody', '2001:db8::1', 'wrong'))).rejects.toMatchObject(TOO_MANY);
    await expect(logIn.run(from('bob', '2001:db8::b', right.password))).rejects.toMatchObject(TOO_MANY);
    await logIn.run(from('ann', '2001:db8::c', right.password));
    await logIn.run(from('bob', '2001:db8:0:1::b', right.password));
  });

  it('accepts names and passwords in every Unicode composition, also those stored by older versions', async () => {
    const [composed, apart] = ['Zo\u00eb', 'Zoe\u0308'];
    const add = async (name: string, password: string): Promise<User> =>
      depot.work.run(async (tx) => tx.users.insert(name, await hasher.hash(password, TURN)));
    const zoe = await add(composed, composed);
    const before = await add(`${apart} from before`, apart);
    const idOf = async (name: string, password: string): Promise<unknown> => {
      const { authkey } = await logIn.run({ name, password, address });
      return (await new Authenticate(depot.work, random).run(authkey)).id;
    };
    expect(await idOf(composed, composed)).toBe(zoe.id);
    expect(await idOf(apart, apart)).toBe(zoe.id);
    expect(await idOf(`${apart} from before`, apart)).toBe(before.id);
    await expect(logIn.run({ name: composed, password: 'Zoe', address })).rejects.toMatchObject(WRONG);
  });

  it('resets the count after a success', async () => {
    for (let failure = 1; failure < 20; failure += 1) await expect(logIn.run(wrong)).rejects.toMatchObject(WRONG);
    await logIn.run(right);
    await expect(logIn.run(wrong)).rejects.toMatchObject(WRONG);
  });

  it('refuses a right guess that was in progress when the limit was reached', async () => {
    const logIn = during(async () => {
      for (let failure = 1; failure <= 20; failure += 1)
        await limit.failed({ name: 'ann', network: address }).catch(() => undefined);
    });
    await expect(logIn.run(right)).rejects.toMatchObject(TOO_MANY);
  });

  it('issues no authkey for a password that was changed while it was verified', async () => {
    const changePassword = new ChangePassword(depot.work, hasher);
    const logIn = during(async () => changePassword.run({ name: 'ann', password: 'another' }));
    await expect(logIn.run(right)).rejects.toMatchObject(WRONG);
    expect(await depot.knex('authkeys').select()).toEqual([]);
  });

  it('issues no authkey to a user who was removed meanwhile', async () => {
    const logIn = during(async () => depot.work.run(async (tx) => tx.users.remove(ann.id)));
    await expect(logIn.run(right)).rejects.toMatchObject(WRONG);
  });

  it('counts no failure when the hasher is overloaded', async () => {
    const busy: PasswordHasher = new Argon2PasswordHasher({ maxRunning: 0, maxWaiting: 0, retryAfterSeconds: 7 });
    const logIn = logInWith(busy);
    for (let time = 0; time < 20; time += 1) {
      await expect(logIn.run(right)).rejects.toMatchObject({ code: 'unavailable', detail: { retryAfterSeconds: 7 } });
    }
    await limit.admit({ name: 'ann', network: address });
  });
});
