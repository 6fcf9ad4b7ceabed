import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import type { Group } from '../../src/domain/access/group.ts';
import type { AuditEntry, AuditCursor, AuditSearch } from '../../src/domain/audit/audit-entry.ts';
import { SYSTEM, type Origin } from '../../src/domain/audit/audit-event.ts';
import type { MediaId, PoolId, UserId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { freshName } from '../support/http/client.ts';
import { makeGroups, makeUser } from '../support/fixtures/users.ts';
import { insertReady, makePools, ONE, TWO } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

describe.each(UNITS_OF_WORK)('AuditRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let ann: Caller;
  let ben: Caller;
  let lab: Group;
  beforeAll(async () => {
    depot = await open();
    await makePools(depot);
  });
  beforeEach(async () => {
    await depot.knex.raw(`delete from audit_entries`);
    [ann, ben] = [await makeUser(depot, freshName('ann')), await makeUser(depot, freshName('ben'))];
    [lab] = (await makeGroups(depot, freshName('lab'))) as [Group];
  });
  afterAll(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);
  const search = async (wanted: AuditSearch = {}, max = 100, after: AuditCursor | null = null) =>
    run(async (tx) => tx.audit.search(wanted, max, after));
  const actionsOf = (entries: readonly AuditEntry[]): readonly string[] => entries.map(({ action }) => action);

  it('records actor, action, origin and result, with the names of that moment', async () => {
    const origin: Origin = { channel: 'velocity', address: '192.0.2.7', request: randomUUID() };
    const media = await run(async (tx) => {
      const id = await insertReady(tx, { group: lab.id, pool: TWO, name: 'an image' });
      await tx.audit.record({ ...ann, origin }, { action: 'media.upload', media: id, details: { size: 7 } });
      await tx.media.beginRemoval(id);
      return id;
    });
    await run(async (tx) => {
      await tx.users.remove(ann.id);
      await tx.groups.remove([lab.id]);
    });
    expect(await search()).toEqual([
      {
        ...origin,
        id: expect.stringMatching(/^\d+$/) as string,
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
        action: 'media.upload',
        result: 'done',
        by: { id: ann.id, name: ann.name },
        user: null,
        group: { id: lab.id, name: lab.name },
        pool: { id: TWO, name: 'pool 2' },
        media: { id: media, name: 'an image' },
        server: null,
        tag: null,
        details: { size: 7 },
      },
    ]);
  });

  it('records events of the program, of unknown users, and about missing subjects', async () => {
    const origin: Origin = { channel: 'cloudsigma', address: null, request: null };
    const nowhere = { user: 999 as UserId, media: randomUUID() as MediaId, pool: 999 as PoolId };
    await run(async (tx) => {
      await tx.audit.record(SYSTEM, { action: 'media.abandon' });
      await tx.audit.record({ id: null, name: 'eve', origin }, { action: 'user.login', result: 'wrong-credentials' });
      await tx.audit.record({ id: ann.id }, { action: 'media.edit', ...nowhere, result: 'media-not-found' });
    });
    expect(await search()).toMatchObject([
      { by: { id: ann.id, name: ann.name }, channel: 'system', result: 'media-not-found', media: { name: null } },
      { by: { id: null, name: 'eve' }, channel: 'cloudsigma', result: 'wrong-credentials' },
      { by: null, channel: 'system', result: 'done', media: null, details: {} },
    ]);
  });

  it('records several events at once, or none, and none of a rolled back transaction', async () => {
    await run(async (tx) => {
      await tx.audit.record(ann);
      await tx.audit.record(ann, { action: 'server.create' }, { action: 'media.attach' });
    });
    const undone = run(async (tx) => {
      await tx.audit.record(ann, { action: 'tag.create' });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect([...actionsOf(await search())].sort()).toEqual(['media.attach', 'server.create']);
  });

  describe('finds', () => {
    let media: MediaId;
    let times: readonly string[];
    beforeEach(async () => {
      media = await run(async (tx) => insertReady(tx, { group: lab.id }));
      for (const event of [
        { action: 'user.create', user: ben.id },
        { action: 'media.create', media },
        { action: 'pool.assign', group: lab.id, pool: TWO },
        { action: 'media.remove', media, result: 'media-in-use' },
        { action: 'group.create', result: 'permission-missing' },
      ] as const) {
        await run(async (tx) => tx.audit.record(event.action === 'pool.assign' ? ben : ann, event));
      }
      times = (await search()).map(({ at }) => at).reverse();
    });

    it.each<[string, () => AuditSearch, readonly string[]]>([
      [
        'everything, newest first',
        () => ({}),
        ['group.create', 'media.remove', 'pool.assign', 'media.create', 'user.create'],
      ],
      ['what a user did or had done to them', () => ({ user: ben.id }), ['pool.assign', 'user.create']],
      [
        'what is about a group and its media',
        () => ({ group: lab.id }),
        ['media.remove', 'pool.assign', 'media.create'],
      ],
      ['what is about a pool and its media', () => ({ pool: ONE }), ['media.remove', 'media.create']],
      ['what is about media', () => ({ media }), ['media.remove', 'media.create']],
      ['an action', () => ({ action: 'pool.assign' }), ['pool.assign']],
      ['what was done', () => ({ result: 'done' }), ['pool.assign', 'media.create', 'user.create']],
      ['what was refused', () => ({ result: 'refused' }), ['group.create', 'media.remove']],
      ['a refusal', () => ({ result: 'media-in-use' }), ['media.remove']],
      ['what lies between two times', () => ({ since: times[1]!, until: times[3]! }), ['pool.assign', 'media.create']],
      ['what all of it holds for', () => ({ user: ann.id, media, result: 'done' }), ['media.create']],
      ['nothing', () => ({ user: ben.id, media }), []],
    ])('%s', async (_what, wanted, found) => {
      expect(actionsOf(await search(wanted()))).toEqual(found);
    });

    it('the same entries page by page, also among those of the same moment', async () => {
      const many = Array.from({ length: 20 }, () => ({ action: 'tag.create', user: ann.id }) as const);
      await run(async (tx) => tx.audit.record(ben, ...many));
      await depot.knex.raw(
        `update audit_entries set at = (select max(at) from audit_entries) where action = 'tag.create'`,
      );
      for (const wanted of [{}, { user: ben.id }, { result: 'done' }]) {
        const all = await search(wanted);
        const read: AuditEntry[] = [];
        for (;;) {
          const page = await search(wanted, 3, read.at(-1) ?? null);
          read.push(...page);
          if (page.length < 3) break;
        }
        expect(read).toEqual(all);
      }
    });
  });

  it('deletes old entries, a thousand at once, oldest first', async () => {
    await depot.knex.raw(
      `insert into audit_entries (at, action, result, way, details)
       select clock_timestamp() - make_interval(days => 8, secs => nth), 'tag.edit', 'done', 'system', '{}' from generate_series(1, 1200) as nth`,
    );
    await run(async (tx) => tx.audit.record(ann, { action: 'tag.create' }));
    expect(await run(async (tx) => tx.audit.forget(9))).toBe(0);
    const oldest = (await search({}, 2000)).slice(-1000);
    expect(await run(async (tx) => tx.audit.forget(7))).toBe(1000);
    const left = new Set((await search({}, 2000)).map(({ id }) => id));
    expect(oldest.filter(({ id }) => left.has(id))).toEqual([]);
    expect(await run(async (tx) => tx.audit.forget(7))).toBe(200);
    expect(actionsOf(await search())).toEqual(['tag.create']);
  });
});
