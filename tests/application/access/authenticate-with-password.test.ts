import { MemoryLoginLimit } from '../../../src/adapters/login-limit/memory-login-limit.ts';
import { Argon2PasswordHasher } from '../../../src/adapters/passwords/argon2-password-hasher.ts';
import { MemoryVerifiedCredentials } from '../../../src/adapters/verified-credentials/memory-verified-credentials.ts';
import { ChangePassword } from '../../../src/application/access/change-password.ts';
import { AuthenticateWithPassword } from '../../../src/application/access/authenticate-with-password.ts';
import { VerifyCredentials } from '../../../src/application/access/verify-credentials.ts';
import type { PasswordHasher } from '../../../src/application/ports/password-hasher.ts';
import type { User } from '../../../src/application/ports/user-repository.ts';
import { WITHOUT_HOME } from '../../../src/domain/access/tenant.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { recordQueries } from '../../support/database/recorded-queries.ts';

const right = { name: 'ann', password: 'correct horse', address: '192.0.2.1' };
const WRONG = { code: 'wrong-credentials' };
const TURN = { name: 'test', isKnown: true };

describe('AuthenticateWithPassword', () => {
  const hasher = new Argon2PasswordHasher();
  let depot: TestDepot;
  let ann: User;
  let authenticate: AuthenticateWithPassword;
  let verified: number;
  beforeEach(async () => {
    depot = await openTestDepot();
    const hash = await hasher.hash(right.password, TURN);
    ann = { ...(await depot.work.run(async (tx) => tx.users.insert('ann', hash))), tenant: WITHOUT_HOME };
    verified = 0;
    const counting: PasswordHasher = {
      hash: async (password, turn) => hasher.hash(password, turn),
      verify: async (guess, turn) => {
        verified += 1;
        return hasher.verify(guess, turn);
      },
    };
    const verify = new VerifyCredentials(depot.work, new MemoryLoginLimit(), counting);
    authenticate = new AuthenticateWithPassword(verify, new MemoryVerifiedCredentials());
  });
  afterEach(async () => depot.close());

  it('identifies the caller, with one slow verification and one query per further request', async () => {
    const queries: string[] = [];
    expect(await authenticate.run(right)).toEqual(ann);
    recordQueries(depot.pool, ({ text }) => queries.push(text));
    expect(await authenticate.run(right)).toEqual(ann);
    expect(verified).toBe(1);
    expect(queries).toHaveLength(1);
  });

  it('caches no wrong password, and no right one for another name', async () => {
    await authenticate.run(right);
    await expect(authenticate.run({ ...right, password: 'battery staple' })).rejects.toMatchObject(WRONG);
    await expect(authenticate.run({ ...right, name: 'ben' })).rejects.toMatchObject(WRONG);
    await expect(authenticate.run(null)).rejects.toMatchObject({ code: 'not-authenticated' });
    expect(verified).toBe(3);
  });

  it('notices a changed password at once', async () => {
    await authenticate.run(right);
    await new ChangePassword(depot.work, hasher).run({ name: 'ann', password: 'another' });
    await expect(authenticate.run(right)).rejects.toMatchObject(WRONG);
    expect(await authenticate.run({ ...right, password: 'another' })).toEqual(ann);
  });

  it('notices the removal of a user at once, also when a new user has the same name', async () => {
    await authenticate.run(right);
    await depot.work.run(async (tx) => tx.users.remove(ann.id));
    await expect(authenticate.run(right)).rejects.toMatchObject(WRONG);
    await depot.work.run(async (tx) => tx.users.insert('ann', 'another hash'));
    await expect(authenticate.run(right)).rejects.toThrow();
  });

  it('caches a verification for the network of the request only', async () => {
    const atHome = { ...right, address: '2001:db8::1' };
    await authenticate.run(atHome);
    expect(await authenticate.run({ ...right, address: '2001:db8::ffff:2' })).toEqual(ann);
    expect(verified).toBe(1);
    await authenticate.run({ ...right, address: '2001:db8:0:1::1' });
    expect(verified).toBe(2);
  });

  it('refuses cached credentials too after too many failures from that network, and from no other', async () => {
    await authenticate.run(right);
    const elsewhere = { ...right, address: '192.0.2.2' };
    await authenticate.run(elsewhere);
    for (let failures = 0; failures < 20; failures += 1) {
      await expect(authenticate.run({ ...right, password: `guess ${failures}` })).rejects.toThrow();
    }
    await expect(authenticate.run(right)).rejects.toMatchObject({ code: 'too-many-logins' });
    expect(await authenticate.run(elsewhere)).toEqual(ann);
  });
});
