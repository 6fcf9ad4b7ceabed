import { randomUUID } from 'node:crypto';
import type { NewMedia } from '../../src/application/ports/media-repository.ts';
import { charge } from '../../src/application/media/charge.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import type { Group } from '../../src/domain/access/group.ts';
import type { TrashFilter, TrashSort } from '../../src/domain/media/trash-filter.ts';
import type { TrashedMedia } from '../../src/domain/media/trashed-media.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type GroupId, type MediaId } from '../../src/domain/shared/ids.ts';
import type { KeysetTerms } from '../../src/domain/shared/keyset.ts';
import { rowsOf } from '../support/database/test-database.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { makeGroups, makeUser } from '../support/fixtures/users.ts';
import { insertReady, makePools, ONE, TWO } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const ALL: TrashFilter = { group: null, subtree: false };
const NEWEST: KeysetTerms<TrashSort> = { limit: 10, sort: 'trashed', isDescending: true, after: null, counts: false };

describe.each(UNITS_OF_WORK)('TrashRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let top: Group;
  let below: Group;
  let ann: Caller;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
    [top, below] = (await makeGroups(depot, 'top', 'below')) as [Group, Group];
    ann = await makeUser(depot, 'ann', top.id, 'velocity.media.list');
    await run(async (tx) => {
      for (const { id } of [top, below]) await tx.assignments.store(id, ONE, { write: true, manage: true });
    });
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  /** Moves a new item to the trash. */
  async function trashed(wanted: Partial<NewMedia> = {}): Promise<MediaId> {
    const media = { group: top.id, pool: ONE, size: bytes(0), ...wanted };
    const id = await run(async (tx) => {
      const made = await insertReady(tx, media);
      const group = await tx.groups.find(media.group);
      if (media.size > 0) await charge(tx, group!, media.pool, media.size, 1);
      return made;
    });
    await run(async (tx) => tx.trash.add(id, ann.uuid));
    return id;
  }

  /** Lets items have been in the trash for so many seconds. */
  async function age(seconds: number, ...ids: readonly MediaId[]): Promise<void> {
    await depot.knex.raw(`update media set trashed_at = trashed_at - make_interval(secs => ?) where id = any(?)`, [
      seconds,
      [...ids],
    ]);
  }

  const idsOf = (items: readonly TrashedMedia[]): readonly MediaId[] => items.map(({ media }) => media.id);

  async function listed(filter: Partial<TrashFilter> = {}, terms: Partial<KeysetTerms<TrashSort>> = {}) {
    return run(async (tx) => tx.trash.page(ann.id, { ...ALL, ...filter }, { ...NEWEST, ...terms }));
  }

  it('moves an item to the trash, which keeps its facts and frees its name', async () => {
    const id = await trashed({ name: 'kept' });
    const found = await run(async (tx) => tx.trash.find(id));
    expect(found).toEqual({
      media: expect.objectContaining({ id, name: 'kept', pool: ONE, group: null, state: 'trashed' }) as object,
      group: top.id,
      trashedAt: expect.any(Date) as Date,
      trashedBy: ann.uuid,
    });
    await run(async (tx) => insertReady(tx, { name: 'kept', group: top.id }));
    expect(await rowsOf(depot.url, `select charged_to::int as group from media where id = '${id}'`)).toEqual([
      { group: top.id },
    ]);
  });

  it('finds only what is in the trash', async () => {
    const ready = await run(insertReady);
    await run(async (tx) => {
      expect(await tx.trash.find(ready)).toBeNull();
      expect(await tx.trash.lock(ready)).toBeNull();
      expect(await tx.trash.find(randomUUID() as MediaId)).toBeNull();
      expect(await tx.trash.lock(randomUUID() as MediaId)).toBeNull();
    });
  });

  it('locks an item against a restoration in another transaction', async () => {
    const id = await trashed();
    const order: string[] = [];
    let other: Promise<unknown> = Promise.resolve();
    await run(async (tx) => {
      expect((await tx.trash.lock(id))?.media.id).toBe(id);
      other = run(async (later) => {
        order.push((await later.trash.lock(id)) === null ? 'restored before' : 'locked too early');
      });
      await tx.trash.restore(id, 'restored');
    });
    await other;
    expect(order).toEqual(['restored before']);
  });

  it('restores an item under a name, in its group', async () => {
    const id = await trashed({ name: 'before' });
    await run(async (tx) => tx.trash.restore(id, 'After'));
    await run(async (tx) => {
      expect(await tx.media.find(id)).toMatchObject({ name: 'After', group: top.id, state: 'ready' });
      expect(await tx.trash.find(id)).toBeNull();
    });
    expect(await rowsOf(depot.url, `select charged_to, trashed_at from media where id = '${id}'`)).toEqual([
      { charged_to: null, trashed_at: null },
    ]);
  });

  it('refuses to restore an item under a name that is taken in its pool', async () => {
    const id = await trashed({ name: 'taken' });
    await run(async (tx) => insertReady(tx, { name: 'taken', group: top.id }));
    await expect(run(async (tx) => tx.trash.restore(id, 'taken'))).rejects.toMatchObject({ code: 'media-name-taken' });
    expect((await run(async (tx) => tx.trash.find(id)))?.media.id).toBe(id);
  });

  it('returns the groups with items of an age', async () => {
    const [old, fresh] = [await trashed({ group: below.id }), await trashed()];
    await trashed({ group: ROOT_GROUP });
    await age(100, old);
    await age(10, fresh);
    const groups = async (seconds: number, max = 10): Promise<readonly GroupId[]> =>
      run(async (tx) => tx.trash.groupsWith(seconds, max));
    expect(await groups(0)).toEqual([ROOT_GROUP, top.id, below.id]);
    expect(await groups(0, 2)).toEqual([ROOT_GROUP, top.id]);
    expect(await groups(10)).toEqual([top.id, below.id]);
    expect(await groups(100)).toEqual([below.id]);
    expect(await groups(200)).toEqual([]);
  });

  it('lists the trash of the groups on which the user lists items, in assigned pools', async () => {
    const [own, lower] = [await trashed(), await trashed({ group: below.id })];
    await trashed({ group: ROOT_GROUP });
    await trashed({ pool: TWO });
    await run(async (tx) => insertReady(tx, { group: top.id }));
    const ids = async (filter: Partial<TrashFilter>): Promise<readonly MediaId[]> =>
      idsOf((await listed(filter)).items);
    expect(await ids({})).toEqual([lower, own]);
    expect(await ids({ group: top.id })).toEqual([own]);
    expect(await ids({ group: top.id, subtree: true })).toEqual([lower, own]);
    expect(await ids({ group: below.id })).toEqual([lower]);
    expect(await ids({ group: ROOT_GROUP, subtree: true })).toEqual([lower, own]);
    await run(async (tx) => tx.grants.revoke({ user: ann.id, group: top.id, permission: 'velocity.media.list' }));
    expect(await ids({})).toEqual([]);
  });

  it.each<[TrashSort, readonly number[]]>([
    ['trashed', [0, 1, 2]],
    ['name', [1, 2, 0]],
    ['size', [2, 0, 1]],
  ])('pages through the trash by %s, in both directions', async (sort, order) => {
    const ids = [
      await trashed({ name: 'c', size: bytes(2) }),
      await trashed({ name: 'a', size: bytes(3) }),
      await trashed({ name: 'b', size: bytes(1) }),
    ];
    for (const isDescending of [false, true]) {
      const wanted = order.map((at) => ids[at]!);
      const terms = { sort, isDescending, limit: 2, counts: true };
      const first = await listed({}, terms);
      expect(first.total).toBe(3);
      const second = await listed({}, { ...terms, after: first.last });
      expect([first.items.length, second.last]).toEqual([2, null]);
      expect(idsOf([...first.items, ...second.items])).toEqual(isDescending ? wanted.toReversed() : wanted);
    }
  });

  it('returns the groups with trash on which a user holds a permission', async () => {
    await trashed({ group: below.id });
    await trashed({ group: ROOT_GROUP });
    const groups = async (filter: TrashFilter): Promise<readonly GroupId[]> =>
      run(async (tx) => tx.trash.groupsFor(ann.id, 'velocity.media.list', filter));
    expect(await groups(ALL)).toEqual([below.id]);
    await trashed();
    expect(await groups(ALL)).toEqual([top.id, below.id]);
    expect(await groups({ group: top.id, subtree: false })).toEqual([top.id]);
    expect(await groups({ group: top.id, subtree: true })).toEqual([top.id, below.id]);
    expect(await run(async (tx) => tx.trash.groupsFor(ann.id, 'velocity.media.remove', ALL))).toEqual([]);
  });

  it('locks and counts the items of one group, in some pools, of an age', async () => {
    const [old, fresh, other] = [await trashed(), await trashed(), await trashed({ pool: TWO })];
    await trashed({ group: below.id });
    await age(100, old, other);
    await run(async (tx) => {
      const ids = async (...terms: [pools: (typeof ONE)[], seconds: number, max: number]): Promise<unknown> =>
        idsOf(await tx.trash.lockIn(top.id, ...terms));
      const sorted = [old, fresh].toSorted();
      expect(await ids([ONE], 0, 10)).toEqual(sorted);
      expect(await ids([ONE], 0, 1)).toEqual(sorted.slice(0, 1));
      expect(await ids([ONE, TWO], 100, 10)).toEqual([old, other].toSorted());
      expect(await ids([], 0, 10)).toEqual([]);
      expect(await tx.trash.countIn(top.id, [ONE])).toBe(2);
      expect(await tx.trash.countIn(top.id, [ONE, TWO])).toBe(3);
      expect(await tx.trash.countIn(top.id, [])).toBe(0);
    });
  });

  it('locks the oldest items that have enough bytes, without those of 0 bytes', async () => {
    const ids: MediaId[] = [];
    for (const size of [3, 0, 2, 4]) ids.push(await trashed({ size: bytes(size) }));
    await trashed({ size: bytes(9), group: below.id });
    await trashed({ size: bytes(9), pool: TWO });
    for (const [at, id] of ids.entries()) await age(100 - at, id);
    const [first, , second, third] = ids;
    await run(async (tx) => {
      const oldest = async (needed: number, max = 10): Promise<unknown> =>
        idsOf(await tx.trash.lockOldest(top.id, ONE, bytes(needed), max));
      expect(await oldest(1)).toEqual([first]);
      expect(await oldest(3)).toEqual([first]);
      expect(await oldest(4)).toEqual([first, second]);
      expect(await oldest(100)).toEqual([first, second, third]);
      expect(await oldest(100, 2)).toEqual([first, second]);
    });
  });
});
