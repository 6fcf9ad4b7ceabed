import { randomUUID } from 'node:crypto';
import { PostgresUnitOfWork } from '../../../src/adapters/postgres/unit-of-work.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import { RepeatedEventBudget } from '../../../src/application/audit/repeated-event-budget.ts';
import { DeleteOldAuditEntries } from '../../../src/application/audit/delete-old-audit-entries.ts';
import { ReadAuditEntries } from '../../../src/application/audit/read-audit-entries.ts';
import { RecordDeniedAttempt } from '../../../src/application/audit/record-denied-attempt.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import type { Actor } from '../../../src/domain/audit/audit-event.ts';
import { DomainError } from '../../../src/domain/shared/domain-error.ts';
import { openProxy } from '../../support/database/breakable-proxy.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { rowsOf } from '../../support/database/test-database.ts';

const WRONG = new DomainError('wrong-credentials');
const MISSING = new DomainError('permission-missing', { permission: 'velocity.user.create' });

let depot: TestDepot;
let ann: Caller;
let now: number;
let warnings: unknown[];
beforeEach(async () => {
  depot = await openTestDepot();
  ann = await makeUser(depot, 'ann');
  now = 0;
  warnings = [];
});
afterEach(async () => depot.close());

const log = {
  info: () => undefined,
  error: () => undefined,
  warn: (_fields: object, words: string) => warnings.push(words),
};
const clock = { now: () => now };

async function entries(max: number | null = null): Promise<readonly AuditEntry[]> {
  const read: AuditEntry[] = [];
  for await (const entry of new ReadAuditEntries(depot.work).run({}, max)) read.push(entry);
  return read;
}

describe('RepeatedEventBudget', () => {
  it('drops repeated events of one user, sums them up, and drops none of other users or of other actions', async () => {
    const eventFilter = new RepeatedEventBudget();
    const work = new PostgresUnitOfWork(depot.pool, { eventFilter });
    const record = new RecordDeniedAttempt({ work, clock, log, eventFilter });
    const bob = await makeUser(depot, 'bob');
    const at = (user: Actor, request: string) =>
      ({ ...user, origin: { channel: 'cloudsigma', address: '192.0.2.1', request } }) as const;
    for (let made = 0; made < 130; made += 1) {
      await work.run(async (tx) => tx.audit.record(at(ann, randomUUID()), { action: 'tag.create' }));
    }
    await work.run(async (tx) => {
      await tx.audit.record(at(ann, randomUUID()), { action: 'permission.take' }, { action: 'media.detach' });
      await tx.audit.record(at(ann, randomUUID()), { action: 'tag.edit', result: 'tag-not-found' });
      await tx.audit.record(at(bob, randomUUID()), { action: 'tag.create' });
    });
    now = 60_000;
    await record.sumUp();
    expect(
      await rowsOf(
        depot.url,
        `select action, actor_name as by, count(*)::int as rows, sum((details->>'dropped')::int)::int as dropped
         from audit_entries group by 1, 2 order by 1, 2`,
      ),
    ).toEqual([
      { action: 'media.detach', by: 'ann', rows: 1, dropped: null },
      { action: 'permission.take', by: 'ann', rows: 1, dropped: null },
      { action: 'tag.create', by: 'ann', rows: 121, dropped: 10 },
      { action: 'tag.create', by: 'bob', rows: 1, dropped: null },
      { action: 'tag.edit', by: 'ann', rows: 1, dropped: null },
    ]);
  });
});

describe('RecordDeniedAttempt', () => {
  const eve: Actor = { id: null, name: 'ann' };
  const login = { by: eve, event: { action: 'user.login' } } as const;

  it('records the caller, the action and the reason of a denied attempt, with its details', async () => {
    await new RecordDeniedAttempt({ work: depot.work, clock, log }).run(
      { by: ann, event: { action: 'user.create' } },
      MISSING,
    );
    expect(await entries()).toMatchObject([
      { action: 'user.create', result: 'permission-missing', by: { id: ann.id }, details: MISSING.detail },
    ]);
  });

  it('finds the user whose name was claimed', async () => {
    const record = new RecordDeniedAttempt({ work: depot.work, clock, log });
    await record.run(login, WRONG);
    await record.run({ ...login, by: { id: null, name: 'nobody' } }, WRONG);
    expect(await entries()).toMatchObject([
      { by: { id: null, name: 'nobody' }, user: null },
      { by: { id: null, name: 'ann' }, user: { id: ann.id, name: 'ann' } },
    ]);
  });

  it('keeps a flood from filling the database and from hiding other denied attempts, and sums up the dropped ones', async () => {
    const record = new RecordDeniedAttempt({ work: depot.work, clock, log });
    const from = (address: string, name: string) => {
      const origin = { channel: 'velocity', address, request: null } as const;
      return { ...login, by: { id: null, name, origin } };
    };
    for (let nth = 0; nth < 100; nth += 1) await record.run(from(`2001:db8::${nth}`, `name ${nth}`), WRONG);
    for (let nth = 0; nth < 70; nth += 1) await record.run(from(`192.0.2.${nth}`, 'ben'), WRONG);
    await record.run(from('2001:db8:0:1::1', 'cid'), WRONG);
    await record.run({ by: ann, event: { action: 'user.create' } }, MISSING);
    const written = await entries();
    expect(written).toHaveLength(60 + 60 + 2);
    expect(written.slice(0, 2).map(({ by }) => by?.name)).toEqual(['ann', 'cid']);

    now += 60_000;
    await record.sumUp();
    const summary = (await entries()).slice(0, -written.length);
    const dropped = summary.map(({ details }) => Number(details.dropped));
    expect(dropped.reduce((sum, count) => sum + count, 0)).toBe(40 + 10);
    expect(summary).toContainEqual(
      expect.objectContaining({ action: 'user.login', result: 'wrong-credentials', address: '2001:db8:0:0::/64' }),
    );
    expect(summary).toContainEqual(expect.objectContaining({ by: { id: null, name: 'ben' } }));
    expect(warnings).toEqual(['too many denied attempts to record all of them']);
    await record.run(from('2001:db8::1', 'ben'), WRONG);
    expect(await entries()).toHaveLength(written.length + summary.length + 1);
  });

  it('counts a limited number of kinds of dropped events apart, and sums them up at the end', async () => {
    const record = new RecordDeniedAttempt({ work: depot.work, clock, log });
    for (let nth = 0; nth < 60; nth += 1) await record.run(login, WRONG);
    for (let nth = 0; nth < 150; nth += 1) await record.run({ ...login, by: { ...eve, name: `${nth}` } }, WRONG);
    await record.sumUp();
    expect(await entries()).toHaveLength(60);
    await record.sumUp(true);
    const summary = (await entries()).slice(0, -60);
    expect(summary).toHaveLength(101);
    expect(summary).toContainEqual(expect.objectContaining({ by: null, details: { dropped: 50 } }));
  });

  it('fails no request when it cannot write, and does not try when the database is unavailable', async () => {
    const wire = await openProxy(depot.url);
    const database = openDatabase({ url: wire.url, maxConnections: 1 });
    const record = new RecordDeniedAttempt({ work: new PostgresUnitOfWork(database.pool), clock, log });
    wire.cut();
    await record.run(login, new DomainError('unavailable', { retryAfterSeconds: 1 }));
    expect(warnings).toEqual([]);
    await record.run(login, WRONG);
    expect(warnings).toEqual(['a denied attempt could not be recorded']);
    wire.mend();
    await database.close();
    await wire.close();
    expect(await entries()).toEqual([]);
  });
});

describe('ReadAuditEntries', () => {
  it('reads all entries, newest first, page by page, or a limited number', async () => {
    const events = Array.from({ length: 1100 }, (_, nth) => ({ action: 'tag.create', details: { nth } }) as const);
    await depot.work.run(async (tx) => tx.audit.record(ann, ...events));
    const all = await entries();
    expect(new Set(all.map(({ details }) => details.nth)).size).toBe(1100);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    for (const max of [0, 1, 500, 777]) {
      expect(await entries(max)).toEqual(all.slice(0, max));
    }
  });
});

describe('DeleteOldAuditEntries', () => {
  it('deletes entries older than the retention time, and none if it is unlimited', async () => {
    await depot.knex.raw(
      `insert into audit_entries (at, action, result, way, details)
       select clock_timestamp() - interval '40 days', 'tag.edit', 'done', 'system', '{}' from generate_series(1, 2100)`,
    );
    await depot.work.run(async (tx) => tx.audit.record(ann, { action: 'tag.create' }));
    expect(await new DeleteOldAuditEntries(depot.work, 0).run()).toBe(0);
    expect(await new DeleteOldAuditEntries(depot.work, 41).run()).toBe(0);
    expect(await new DeleteOldAuditEntries(depot.work, 39).run()).toBe(2100);
    expect((await entries()).map(({ action }) => action)).toEqual(['tag.create']);
  });
});
