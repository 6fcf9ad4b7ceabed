import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import type { Group } from '../../src/domain/access/group.ts';
import type { ListedItem, MediaFilter, MediaSort } from '../../src/domain/media/media-listing.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type MediaId } from '../../src/domain/shared/ids.ts';
import { MAX_COUNTED, type KeysetPage, type KeysetPosition, type KeysetTerms } from '../../src/domain/shared/keyset.ts';
import { libraryEntry } from '../support/fixtures/library-drives.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { makeGroups, makeUser } from '../support/fixtures/users.ts';
import { FACTS, HOLDER, insert, insertReady, makePools, ONE, TWO } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const ALL: MediaFilter = {
  group: null,
  subtree: false,
  pool: null,
  type: null,
  format: null,
  text: null,
  state: null,
  sha256: null,
};
const SORTS: readonly MediaSort[] = ['created', 'name', 'size'];
const DIGEST = 'ab'.repeat(32);
const ITEMS = 60;

describe.each(UNITS_OF_WORK)('CatalogueRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let group: Group;
  let below: Group;
  let elsewhere: Group;
  let ann: Caller;
  beforeAll(async () => {
    depot = await open();
    await makePools(depot);
    [group, below] = (await makeGroups(depot, 'group', 'below')) as [Group, Group];
    [elsewhere] = (await makeGroups(depot, 'elsewhere')) as [Group];
    ann = await makeUser(depot, 'ann', group.id, 'velocity.media.list');
    await run(async (tx) => {
      for (const { id } of [group, below, elsewhere]) {
        await tx.assignments.store(id, ONE, { write: id !== below.id, manage: true });
      }
      await tx.assignments.store(below.id, TWO, { write: true, manage: true });
      for (let at = 0; at < ITEMS; at += 1) await make(tx, at);
      // Not assigned, of another group, and being removed.
      await insertReady(tx, { group: group.id, pool: TWO, name: 'unassigned' });
      await insertReady(tx, { group: elsewhere.id, name: 'of others' });
      await tx.media.beginRemoval(await insertReady(tx, { group: group.id, name: 'leaving' }));
    });
    // Equal keys of every kind, so that ids break ties.
    await depot.rows(`update media set created_at = date_trunc('hour', created_at) + make_interval(secs => size % 3)`);
  });
  afterAll(async () => {
    await depot.rows('update media set size = 0');
    await depot.close();
  });

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  async function make(tx: Transaction, at: number): Promise<void> {
    const wanted = {
      group: at % 3 === 0 ? group.id : below.id,
      pool: at % 3 === 1 ? TWO : ONE,
      name: `Item ${(at * 7) % ITEMS}\u00c4`,
      type: at % 4 === 0 ? 'ISO' : 'DISK',
      size: bytes(at % 5),
      createdBy: ann.uuid,
    };
    const id = await insert(tx, wanted);
    if (at % 10 === 9) return;
    const stored = { storedBytes: bytes(at % 5), sha256: at % 6 === 0 ? DIGEST : null, fingerprint: null };
    await tx.media.finish(id, HOLDER, stored, { ...FACTS, format: at % 2 === 0 ? 'iso' : 'raw' });
  }

  /** Reads a list page by page. */
  async function list(
    filter: Partial<MediaFilter>,
    sort: MediaSort,
    isDescending = false,
    limit = 7,
  ): Promise<ListedItem[]> {
    const items: ListedItem[] = [];
    let after: KeysetPosition | null = null;
    do {
      const terms: KeysetTerms<MediaSort> = { limit, sort, isDescending, after, counts: true };
      const page: KeysetPage<ListedItem> = await run(async (tx) =>
        tx.catalogue.list({ id: ann.id, reach: null }, { ...ALL, ...filter }, terms),
      );
      items.push(...page.items);
      expect(page.items.length).toBe(page.last === null ? page.items.length : limit);
      if (page.last === null) expect(page.total).toBe(items.length);
      after = page.last;
    } while (after !== null);
    return items;
  }

  function keyOf(item: ListedItem, sort: MediaSort): string | number {
    return { created: item.created, name: Buffer.from(item.name).toString('hex'), size: item.size }[sort];
  }

  function compare(one: ListedItem, other: ListedItem, sort: MediaSort): number {
    const [a, b] = [keyOf(one, sort), keyOf(other, sort)];
    if (a !== b) return a < b ? -1 : 1;
    return one.id < other.id ? -1 : 1;
  }

  const FILTERS: readonly [name: string, filter: () => Partial<MediaFilter>, matches: (item: ListedItem) => boolean][] =
    [
      ['all', () => ({}), () => true],
      ['of a group', () => ({ group: group.id }), (item) => item.group === group.id],
      ['of a subtree', () => ({ group: group.id, subtree: true }), () => true],
      ['of a subtree below', () => ({ group: below.id, subtree: true }), (item) => item.group === below.id],
      ['above what is listed', () => ({ group: ROOT_GROUP, subtree: true }), () => true],
      ['in a pool', () => ({ pool: TWO }), (item) => item.pool === TWO],
      ['of a type', () => ({ type: 'ISO' }), (item) => item.type === 'ISO'],
      [
        'of a type in a group',
        () => ({ type: 'DISK', group: below.id }),
        (item) => item.type === 'DISK' && item.group === below.id,
      ],
      ['of a format', () => ({ format: 'raw' }), (item) => item.facts?.format === 'raw'],
      ['with a text in the name', () => ({ text: 'ITEM 1' }), (item) => item.name.includes('Item 1')],
      ['with a text that is no pattern', () => ({ text: '%\u00e4' }), () => false],
      ['finished', () => ({ state: 'ready' }), (item) => item.state === 'ready'],
      ['arriving', () => ({ state: 'uploading' }), (item) => item.state === 'uploading'],
      ['by digest', () => ({ sha256: DIGEST }), (item) => item.sha256 === DIGEST],
      [
        'by digest and type',
        () => ({ sha256: DIGEST, type: 'ISO' }),
        (item) => item.sha256 === DIGEST && item.type === 'ISO',
      ],
    ];

  it.each(FILTERS)('lists items %s in every order, page by page', async (_, filter, matches) => {
    const all = await list({}, 'created', false, 500);
    expect(all).toHaveLength(ITEMS);
    const expected = all.filter(matches);
    for (const sort of SORTS) {
      const sorted = expected.toSorted((one, other) => compare(one, other, sort));
      expect(await list(filter(), sort)).toEqual(sorted);
      expect(await list(filter(), sort, true)).toEqual(sorted.toReversed());
    }
  });

  it('shows nothing of groups that the caller may not list, whatever is asked for', async () => {
    expect(await list({ group: elsewhere.id }, 'name')).toEqual([]);
    expect(await list({ group: ROOT_GROUP }, 'name')).toEqual([]);
    expect(await list({ group: 123_456 as Group['id'], subtree: true }, 'name')).toEqual([]);
  });

  it('describes an item', async () => {
    const [item] = await list({ text: 'item 0' }, 'name');
    const { items } = await run(async (tx) =>
      tx.catalogue.list(
        { id: ann.id, reach: null },
        { ...ALL, group: group.id },
        { limit: 1, sort: 'name', isDescending: false, after: null, counts: false },
      ),
    );
    expect(items).toEqual([item]);
    expect(item).toEqual({
      id: expect.any(String) as string,
      group: group.id,
      pool: ONE,
      name: 'Item 0\u00c4',
      type: 'ISO',
      size: 0,
      storedBytes: 0,
      readOnly: true,
      state: 'ready',
      sha256: DIGEST,
      facts: { ...FACTS, format: 'iso' },
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:00:0\d\.000000Z$/) as string,
      creator: { id: ann.id, name: 'ann' },
      inUse: false,
      protected: false,
    });
  });

  it('shows items as read-only where the group may not write, and no digest of bytes that may change', async () => {
    const id = await run(async (tx) => insert(tx, { group: below.id, name: 'writable', readOnly: false }));
    const blob = { storedBytes: bytes(0), sha256: DIGEST, fingerprint: 'written in place' };
    await run(async (tx) => tx.media.finish(id, HOLDER, blob, FACTS));
    expect(await list({ text: 'writable' }, 'name')).toMatchObject([{ id, readOnly: true, sha256: null }]);
    expect((await list({ sha256: DIGEST }, 'name')).map((item) => item.id)).not.toContain(id);
    await run(async (tx) => tx.assignments.store(below.id, ONE, { write: true, manage: true }));
    expect(await list({ text: 'writable' }, 'name')).toMatchObject([{ id, readOnly: false }]);
    await run(async (tx) => {
      await tx.assignments.store(below.id, ONE, { write: false, manage: true });
      await tx.media.beginRemoval(id);
    });
  });

  it('lists and finds only what the credentials reach', async () => {
    const viewer = { id: ann.id, reach: [below.id] };
    const terms = { limit: 500, sort: 'name', isDescending: false, after: null, counts: true } as const;
    const { items, total } = await run(async (tx) => tx.catalogue.list(viewer, ALL, terms));
    const all = await list({}, 'name');
    expect(items).toEqual(all.filter((item) => item.group === below.id));
    expect(total).toBe(items.length);
    const found = await run(async (tx) => tx.catalogue.find(viewer, items[0]!.id));
    expect(found).toMatchObject(items[0]!);
    const beyond = all.find((item) => item.group === group.id)!;
    expect(await run(async (tx) => tx.catalogue.find(viewer, beyond.id))).toBeNull();
  });

  it('finds an item with everything that the viewer sees of it', async () => {
    const viewer = { id: ann.id, reach: null };
    const bob = await makeUser(depot, 'bob', elsewhere.id, 'velocity.media.list');
    const ids = await run(async (tx) => {
      const provenance = {
        kind: 'import',
        source: null,
        url: 'https://example.org/x.iso',
        checksum: `sha256:${'0'.repeat(64)}`,
        channel: 'native',
      } as const;
      const id = await insertReady(tx, { group: group.id, name: 'source', provenance });
      const cloned = { kind: 'clone', source: id, url: null, checksum: null, channel: 'cloudsigma' } as const;
      const clones = [
        await insertReady(tx, { group: below.id, pool: TWO, name: 'clone', provenance: cloned }),
        await insertReady(tx, { group: elsewhere.id, name: 'clone of others', provenance: cloned }),
      ];
      await tx.catalogue.describe(id, 'For the new hosts.');
      return [id, ...clones] as const;
    });
    const item = (await run(async (tx) => tx.catalogue.find(viewer, ids[0])))!;
    expect(item).toMatchObject({
      name: 'source',
      description: 'For the new hosts.',
      provenance: {
        kind: 'import',
        source: null,
        url: 'https://example.org/x.iso',
        checksum: `sha256:${'0'.repeat(64)}`,
        channel: 'native',
      },
      tags: [],
      serverCount: 0,
      servers: [],
      clones: [ids[1]],
      verified: null,
      damaged: false,
    });
    expect(await list({ text: 'source' }, 'name')).toEqual([
      expect.objectContaining({ id: ids[0], created: item.created }),
    ]);
    expect(await run(async (tx) => tx.catalogue.find({ id: bob.id, reach: null }, ids[0]))).toBeNull();
    await run(async (tx) => {
      for (const id of ids) await tx.media.beginRemoval(id);
    });
    expect(await run(async (tx) => tx.catalogue.find(viewer, ids[0]))).toBeNull();
  });

  it('leaves out library drives', async () => {
    const root = await makeUser(depot, 'someone', ROOT_GROUP, 'velocity.media.list');
    const [listed, published] = await run(async (tx) => {
      const ids: MediaId[] = [await insertReady(tx), await insertReady(tx)];
      await tx.library.insert(ids[1]!, libraryEntry());
      return ids;
    });
    const terms = { limit: 500, sort: 'created', isDescending: false, after: null, counts: false } as const;
    const { items } = await run(async (tx) =>
      tx.catalogue.list({ id: root.id, reach: null }, { ...ALL, group: ROOT_GROUP }, terms),
    );
    expect(items.map(({ id }) => id)).toEqual([listed]);
    expect(items.map(({ id }) => id)).not.toContain(published);
  });

  it('counts no further than ten thousand', async () => {
    await depot.rows(
      `with made as (
         insert into blobs (id, pool_id, stored_bytes) select gen_random_uuid(), 1, 0 from generate_series(1, ${MAX_COUNTED + 5}) returning id
       )
       insert into media (id, pool_id, group_id, blob_id, name, type, size, readonly, state, created_by, format, virtual_size)
       select id, 1, ${elsewhere.id}, id, id::text, 'MANY', 0, true, 'ready', gen_random_uuid(), 'raw', 0 from made`,
    );
    const viewer = await makeUser(depot, 'viewer', elsewhere.id, 'velocity.media.list');
    const terms = { limit: 1, sort: 'name', isDescending: false, after: null, counts: true } as const;
    expect(await run(async (tx) => tx.catalogue.list({ id: viewer.id, reach: null }, ALL, terms))).toMatchObject({
      total: MAX_COUNTED,
    });
  });
});
