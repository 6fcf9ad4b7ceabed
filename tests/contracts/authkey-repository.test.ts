import type { AuthkeyTerms } from '../../src/application/ports/authkey-repository.ts';
import type { User } from '../../src/application/ports/user-repository.ts';
import { WITHOUT_HOME } from '../../src/domain/access/tenant.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const KEY = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
const DAY = 86_400;

function terms(lifetimeSeconds: number): AuthkeyTerms {
  return { lifetimeSeconds, maxSecondsSinceLogin: DAY, maxPerUser: 3 };
}

describe.each(UNITS_OF_WORK)('AuthkeyRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let ann: User;
  beforeEach(async () => {
    depot = await open();
    ann = await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
  });
  afterEach(async () => depot.close());

  async function state(key: string): Promise<string> {
    return depot.work.run(async (tx) => (await tx.authkeys.find(key)).kind);
  }

  it('stores a key, and returns its user and its expiry, in whole seconds of the database', async () => {
    const expires = await depot.work.run(async (tx) => tx.authkeys.insert(KEY, ann.id, terms(600), null));
    const [left] = await rowsOf(depot.url, `select ${expires} - extract(epoch from now())::float as seconds`);
    expect(Number.isInteger(expires)).toBe(true);
    expect(left!.seconds).toBeGreaterThan(0);
    expect(left!.seconds).toBeLessThanOrEqual(601);
    expect(await depot.work.run(async (tx) => tx.authkeys.find(KEY))).toEqual({
      kind: 'valid',
      caller: { id: ann.id, uuid: ann.uuid, name: ann.name, tenant: WITHOUT_HOME },
      isUnused: false,
    });
    expect(await state(OTHER)).toBe('unknown');
  });

  it('limits the expiry of a replacing key by the login', async () => {
    const login = async (loginAt: string): Promise<unknown> => {
      const expires = await depot.work.run(async (tx) => tx.authkeys.insert(KEY, ann.id, terms(600), loginAt));
      const [left] = await rowsOf(depot.url, `select round(${expires} - extract(epoch from now()))::int as seconds`);
      const taken = await depot.work.run(async (tx) => tx.authkeys.consume(KEY));
      expect(new Date(taken!.loginAt)).toEqual(new Date(loginAt));
      return left!.seconds;
    };
    const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
    expect(await login(ago(60))).toBeGreaterThan(590);
    expect(await login(ago(DAY - 300))).toBeLessThanOrEqual(301);
  });

  it('deletes the least recently used key if a user has too many, also under concurrent inserts', async () => {
    const key = (at: number): string => at.toString(16).padStart(64, '0');
    for (const at of [0, 1, 2]) {
      await depot.work.run(async (tx) => tx.authkeys.insert(key(at), ann.id, terms(600), null));
    }
    await rowsOf(depot.url, `update authkeys set used_at = used_at - interval '1 hour' returning 1`);
    expect(await depot.work.run(async (tx) => tx.authkeys.find(key(0)))).toMatchObject({ isUnused: true });
    await depot.work.run(async (tx) => tx.authkeys.use(key(0)));
    expect(await depot.work.run(async (tx) => tx.authkeys.find(key(0)))).toMatchObject({ isUnused: false });
    await depot.work.run(async (tx) => tx.authkeys.insert(key(3), ann.id, terms(600), null));
    expect(await Promise.all([0, 1, 2, 3].map(async (at) => state(key(at))))).toEqual([
      'valid',
      'unknown',
      'valid',
      'valid',
    ]);
    const more = Array.from({ length: 8 }, async (_, at) =>
      depot.work.run(async (tx) => tx.authkeys.insert(key(10 + at), ann.id, terms(600), null)),
    );
    await Promise.all(more);
    expect(await rowsOf(depot.url, 'select count(*)::int as keys from authkeys')).toEqual([{ keys: 3 }]);
  });

  it('distinguishes an expired key from an unknown one', async () => {
    await depot.work.run(async (tx) => tx.authkeys.insert(KEY, ann.id, terms(-2), null));
    expect(await state(KEY)).toBe('expired');
    expect(await depot.work.run(async (tx) => tx.authkeys.consume(KEY))).toBeNull();
    expect(await state(KEY)).toBe('expired');
  });

  it('consumes a key for one of several concurrent callers', async () => {
    await depot.work.run(async (tx) => tx.authkeys.insert(KEY, ann.id, terms(600), null));
    const taken = await Promise.all(
      Array.from({ length: 8 }, async () => depot.work.run(async (tx) => tx.authkeys.consume(KEY))),
    );
    expect(taken.flatMap((key) => (key === null ? [] : [key.user]))).toEqual([ann.id]);
    expect(await state(KEY)).toBe('unknown');
  });

  it('deletes one key, or all of a user', async () => {
    const bob = await depot.work.run(async (tx) => tx.users.insert('bob', 'hash'));
    await depot.work.run(async (tx) => {
      await tx.authkeys.insert(KEY, ann.id, terms(600), null);
      await tx.authkeys.remove(KEY);
      await tx.authkeys.remove(KEY);
      expect(await tx.authkeys.find(KEY)).toEqual({ kind: 'unknown' });
      await tx.authkeys.insert(KEY, ann.id, terms(600), null);
      await tx.authkeys.insert(OTHER, bob.id, terms(600), null);
      await tx.authkeys.removeOf(ann.id);
    });
    expect(await state(KEY)).toBe('unknown');
    expect(await state(OTHER)).toBe('valid');
  });

  it('makes a swap wait for a deletion of all keys of the user', async () => {
    await depot.work.run(async (tx) => tx.authkeys.insert(KEY, ann.id, terms(600), null));
    const locked = gate();
    const go = gate();
    const dropped = depot.work.run(async (tx) => {
      await tx.users.lock(ann.id);
      locked.open();
      await go.opened;
      await tx.authkeys.removeOf(ann.id);
    });
    await locked.opened;
    const taken = depot.work.run(async (tx) => tx.authkeys.consume(KEY));
    await untilBlocked(depot.url);
    go.open();
    await dropped;
    expect(await taken).toBeNull();
  });

  it('deletes keys that expired long enough ago, a thousand at once', async () => {
    await depot.work.run(async (tx) => {
      await tx.authkeys.insert(KEY, ann.id, terms(-DAY + 60), null);
      await tx.authkeys.insert(OTHER, ann.id, terms(600), null);
    });
    await depot.knex.raw(
      `insert into authkeys select sha256(n::text::bytea), ?, now() - interval '25 hours' from generate_series(1, 1001) as n`,
      [ann.id],
    );
    const forgotten = [];
    for (let round = 0; round < 3; round += 1) {
      forgotten.push(await depot.work.run(async (tx) => tx.authkeys.forgetExpired(DAY)));
    }
    expect(forgotten).toEqual([1000, 1, 0]);
    expect(await state(KEY)).toBe('expired');
    expect(await state(OTHER)).toBe('valid');
  });
});
