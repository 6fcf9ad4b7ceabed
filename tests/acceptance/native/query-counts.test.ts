import { OPERATIONS, termsOf, type Operation } from '../../../src/adapters/http/native/operations.ts';
import { ROOT_GROUP, type PoolId } from '../../../src/domain/shared/ids.ts';
import { insertReady } from '../../contracts/media-depot.ts';
import { recordQueries } from '../../support/database/recorded-queries.ts';
import { freshName, type Answer } from '../../support/http/client.ts';
import { AuditFixture } from '../audit/audit-fixture.ts';
import { NATIVE_CHANGES } from '../audit/native-changes.ts';
import { NativeClient } from './native-client.ts';

/**
 * The exact number of statements of each read, with that of the authentication, and those that
 * begin and end a snapshot or a statement that is planned once.
 */
const READS: readonly (readonly [operation: string, statements: number])[] = [
  ['GET /media', 4],
  ['GET /media?sort=-size&type=ISO&group=0&subtree=true', 4],
  ['GET /media?q=item&total=true', 3],
  ['GET /media?sha256=00000000000000000000000000000000000000000000000000000000000000ff', 2],
  ['GET /media/{media}', 4],
  ['GET /media/{media}/content', 5],
  ['GET /media/{media}/deletion', 9],
  ['GET /media/{media}/links', 8],
  ['POST /media/check', 9],
  ['GET /trash', 2],
  ['GET /groups', 2],
  ['GET /groups/{group}', 2],
  ['GET /groups/{group}/members', 3],
  ['GET /groups/{group}/grants', 4],
  ['GET /groups/{group}/assignments', 3],
  ['GET /groups/{group}/usage', 6],
  ['GET /groups/{group}/usage/{pool}/entries', 8],
  ['GET /users', 3],
  ['GET /users/{user}', 5],
  ['GET /session', 5],
  ['GET /tokens', 2],
  ['GET /audit', 2],
  ['GET /system', 10],
  ['GET /jobs', 2],
  ['GET /jobs?total=true', 3],
  ['GET /jobs/{job}', 2],
  ['GET /uploads', 2],
  ['GET /library', 2],
];

/** The maximum number of statements of each change, for the calls of the audit table. */
const MAX_STATEMENTS: Readonly<Partial<Record<Operation, number>>> = {
  'POST /session': 7,
  'DELETE /session': 4,
  'POST /tokens': 7,
  'DELETE /tokens/{token}': 5,
  'POST /users': 9,
  'PUT /users/me/password': 9,
  'PATCH /users/{user}': 8,
  'DELETE /users/{user}': 8,
  'POST /groups': 7,
  'PATCH /groups/{group}': 9,
  'DELETE /groups/{group}': 14,
  'POST /groups/{group}/grants': 9,
  'DELETE /groups/{group}/members/{user}': 11,
  'DELETE /groups/{group}/grants/{user}/{permission}': 10,
  'PUT /groups/{group}/assignments/{pool}': 8,
  'DELETE /groups/{group}/assignments/{pool}': 9,
  'POST /media': 17,
  'PATCH /media/{media}': 18,
  'DELETE /media/{media}': 14,
  'POST /media/{media}/links': 12,
  'DELETE /media/{media}/links/{link}': 11,
  'DELETE /trash/{media}': 14,
  'POST /trash/{media}/restore': 11,
  'DELETE /trash': 17,
  'POST /media/{media}/clone': 21,
  'POST /library/{media}/clone': 16,
  'DELETE /jobs/{job}': 13,
  'DELETE /uploads/{upload}': 23,
  'POST /imports': 16,
};

describe('The number of database queries', () => {
  let fixture: AuditFixture;
  let root: NativeClient;
  let ids: Readonly<Record<string, string>>;
  let asked = 0;
  beforeAll(async () => {
    fixture = await AuditFixture.open();
    root = NativeClient.by(fixture.root);
    await add(3);
    const media = await fixture.media();
    const { id: job } = await root.ask<{ id: string }>(`POST /media/${media}/clone`, { name: freshName('clone') });
    ids = { media, job, group: '0', pool: '1', user: String(fixture.user.uid) };
    recordQueries(fixture.server.depot.pool, () => (asked += 1));
  });
  afterAll(async () => fixture.close());

  async function add(number: number): Promise<void> {
    await fixture.server.depot.work.run(async (tx) => {
      for (let made = 0; made < number; made += 1) await insertReady(tx, { pool: 1 as PoolId, group: ROOT_GROUP });
    });
  }

  async function queriesOf(ask: () => Promise<Answer>): Promise<number> {
    // Once a minute a call also notes that its authkey is in use.
    await fixture.server.depot.knex('authkeys').update({ used_at: new Date() });
    asked = 0;
    const { status, text } = await ask();
    expect([status < 300, text]).toEqual([true, text]);
    return asked;
  }

  it('is known for every call', () => {
    const counted = [...READS.map(([operation]) => operation.split('?')[0]!), ...Object.keys(MAX_STATEMENTS)];
    expect(new Set(counted)).toEqual(new Set(Object.keys(OPERATIONS)));
    const changes = Object.keys(OPERATIONS).filter((operation) => termsOf(operation as Operation).action !== null);
    expect(Object.keys(MAX_STATEMENTS).sort()).toEqual(changes.sort());
  });

  it.each(READS)('of %s is %i, however many items there are', async (operation, statements) => {
    const call = operation.replace(/\{(\w+)\}/g, (_whole, name: string) => ids[name]!);
    const order = { name: freshName('disk'), group: 0, pool: 1, type: 'DISK', size: 1 };
    const ask = async (): Promise<Answer> => root.call(call, operation === 'POST /media/check' ? order : undefined);
    expect(await queriesOf(ask)).toBe(statements);
    await add(20);
    expect(await queriesOf(ask)).toBe(statements);
  });

  it.each(NATIVE_CHANGES.map((change) => [change.route as Operation, change] as const))(
    'of %s is limited',
    async (route, { done }) => {
      const { ask } = await done(fixture);
      const statements = await queriesOf(ask);
      expect(statements).toBeGreaterThan(0);
      expect(statements).toBeLessThanOrEqual(MAX_STATEMENTS[route]!);
    },
  );
});
