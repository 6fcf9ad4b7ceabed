import type { User } from '../../src/application/ports/user-repository.ts';
import { WITHOUT_HOME } from '../../src/domain/access/tenant.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const SECRET = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
const HOUR = 3600;
const TERMS = { idleSeconds: HOUR, maxSeconds: 10 * HOUR, maxPerUser: 3 };

describe.each(UNITS_OF_WORK)('LoginSessionRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let ann: User;
  beforeEach(async () => {
    depot = await open();
    ann = await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
  });
  afterEach(async () => depot.close());

  const insert = async (hash: string): Promise<Date> =>
    depot.work.run(async (tx) => tx.loginSessions.insert(hash, ann.id, TERMS));
  const find = async (hash: string): Promise<unknown> =>
    depot.work.read(async (tx) => tx.loginSessions.find(hash, TERMS));
  const age = async (columns: string): Promise<unknown> =>
    rowsOf(depot.url, `update login_sessions set ${columns} returning 1`);

  it('stores a session, and returns its user and its latest end', async () => {
    const expires = await insert(SECRET);
    const [left] = await rowsOf(depot.url, `select '${expires.toISOString()}' > now() + interval '9 hours' as lasts`);
    expect(left).toEqual({ lasts: true });
    const caller = { id: ann.id, uuid: ann.uuid, name: ann.name, tenant: WITHOUT_HOME };
    expect(await find(SECRET)).toEqual({ caller, isUnused: false });
    expect(await find(OTHER)).toBeNull();
  });

  it('ends a session that is idle for too long, and records uses at most once a minute', async () => {
    await insert(SECRET);
    await age(`used_at = clock_timestamp() - interval '59 minutes'`);
    expect(await find(SECRET)).toMatchObject({ isUnused: true });
    await depot.work.run(async (tx) => tx.loginSessions.use(SECRET));
    expect(await find(SECRET)).toMatchObject({ isUnused: false });
    const before = await rowsOf(depot.url, 'select used_at from login_sessions');
    await depot.work.run(async (tx) => tx.loginSessions.use(SECRET));
    expect(await rowsOf(depot.url, 'select used_at from login_sessions')).toEqual(before);
    await age(`used_at = clock_timestamp() - interval '1 hour'`);
    expect(await find(SECRET)).toBeNull();
  });

  it('deletes the least recently used session of a user who has too many, also under concurrent logins', async () => {
    const hash = (at: number): string => at.toString(16).padStart(64, '0');
    await Promise.all(Array.from({ length: 8 }, async (_, at) => insert(hash(at))));
    expect(await rowsOf(depot.url, 'select count(*)::int as sessions from login_sessions')).toEqual([{ sessions: 3 }]);
    await age(`used_at = used_at - interval '1 minute'`);
    await insert(hash(8));
    expect(await find(hash(8))).not.toBeNull();
  });

  it('deletes one session, or all of a user, also with the user', async () => {
    await insert(SECRET);
    expect(await depot.work.run(async (tx) => tx.loginSessions.remove(SECRET))).toBe(ann.id);
    expect(await depot.work.run(async (tx) => tx.loginSessions.remove(SECRET))).toBeNull();
    await insert(SECRET);
    await depot.work.run(async (tx) => tx.loginSessions.removeOf(ann.id));
    expect(await find(SECRET)).toBeNull();
    await insert(SECRET);
    await depot.work.run(async (tx) => tx.users.remove(ann.id));
    expect(await find(SECRET)).toBeNull();
  });

  it('deletes sessions that have ended, a thousand at once', async () => {
    await insert(SECRET);
    await depot.knex.raw(
      `insert into login_sessions (hash, user_id, expires_at)
       select sha256(n::text::bytea), ?, now() from generate_series(1, 1001) as n`,
      [ann.id],
    );
    const forgotten = [];
    for (let round = 0; round < 3; round += 1) {
      forgotten.push(await depot.work.run(async (tx) => tx.loginSessions.forgetEnded(TERMS)));
    }
    expect(forgotten).toEqual([1000, 1, 0]);
    expect(await find(SECRET)).not.toBeNull();
  });
});
