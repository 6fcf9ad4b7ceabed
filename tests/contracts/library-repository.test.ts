import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { LibraryEntry } from '../../src/domain/library/library-drive.ts';
import type { LibraryCondition } from '../../src/domain/library/library-search.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type MediaId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { libraryEntry, licenceNamed } from '../support/fixtures/library-drives.ts';
import { FACTS, HOLDER, insert, makePools, ONE } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const SHA = 'ab'.repeat(32);
const STORED = { storedBytes: bytes(0), sha256: SHA, fingerprint: null };
const CORE = licenceNamed('core', 12);

describe.each(UNITS_OF_WORK)('LibraryRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  async function arrive(tx: Transaction, entry: LibraryEntry): Promise<MediaId> {
    const id = await insert(tx, { type: entry.type });
    await tx.library.insert(id, entry);
    return id;
  }

  async function bring(tx: Transaction, entry: LibraryEntry): Promise<MediaId> {
    const id = await arrive(tx, entry);
    await tx.media.finish(id, HOLDER, STORED, FACTS);
    return id;
  }

  async function publish(wanted: Parameters<typeof libraryEntry>[0] = {}): Promise<MediaId> {
    const entry = libraryEntry(wanted);
    return run(async (tx) => {
      const id = await bring(tx, entry);
      await tx.library.publish(id, entry);
      return id;
    });
  }

  async function names(...conditions: readonly LibraryCondition[]): Promise<readonly string[]> {
    const { total, items } = await run(async (tx) => tx.library.search({ conditions, limit: null, offset: 0 }));
    expect(total).toBe(items.length);
    return items.map(({ facts }) => facts.name);
  }

  it('hides drives that are arriving or not published', async () => {
    const entry = libraryEntry();
    await run(async (tx) => {
      for (const id of [await arrive(tx, entry), await bring(tx, entry)]) {
        expect(await tx.library.find(id)).toBeNull();
        expect(await tx.library.has(id)).toBe(true);
      }
    });
    expect(await names()).toEqual([]);
  });

  it('returns published drives with all their facts', async () => {
    const entry = libraryEntry({ facts: { name: 'Ünïcode ☃ "quoted" {a,b}', category: ['a b', '"', ',', '{}'] } });
    await run(async (tx) => {
      await tx.licences.declare([CORE]);
      const id = await bring(tx, entry);
      await tx.library.publish(id, entry);
      await tx.licences.bind(id, [{ licence: 'core', amount: 4 }]);
      const listed = {
        id,
        pool: ONE,
        type: 'DISK',
        size: 0,
        facts: entry.facts,
        licences: [{ licence: CORE, amount: 4 }],
        servers: [],
        published: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
      };
      expect(await tx.library.find(id)).toEqual(listed);
      expect(await tx.library.search({ conditions: [], limit: 1, offset: 0 })).toEqual({ total: 1, items: [listed] });
      expect(await tx.library.records()).toEqual([
        {
          id,
          key: entry.facts.name,
          stage: 'published',
          ready: true,
          pool: ONE,
          type: 'DISK',
          sha256: SHA,
          facts: entry.facts,
          licences: [{ licence: 'core', amount: 4 }],
        },
      ]);
    });
  });

  it('keeps missing facts missing', async () => {
    const nothing = { description: null, distribution: null, version: null, installNotes: null, defaultUser: null };
    const id = await publish({ facts: { ...nothing, category: [], meta: {}, url: '' } });
    const found = await run(async (tx) => tx.library.find(id));
    expect(found!.facts).toMatchObject({ ...nothing, category: [], meta: {}, url: '' });
  });

  it('updates a published drive', async () => {
    const id = await publish();
    const entry = libraryEntry({ facts: { name: 'Another', favourite: false } });
    await run(async (tx) => {
      await tx.library.publish(id, entry);
      expect((await tx.library.find(id))!.facts).toEqual(entry.facts);
      expect((await tx.library.records()).map(({ key, stage }) => [key, stage])).toEqual([['Another', 'published']]);
    });
  });

  it('publishes one drive under a key, and withdraws the previous one', async () => {
    const first = await publish();
    const second = await publish();
    await run(async (tx) => {
      expect(await tx.library.find(first)).toBeNull();
      expect(await tx.library.find(second)).not.toBeNull();
      expect(await tx.library.releasable()).toEqual([first]);
      await tx.library.publish(first, libraryEntry());
      expect(await tx.library.find(second)).toBeNull();
      expect(await tx.library.releasable()).toEqual([second]);
    });
  });

  it('withdraws from every list, idempotently, and releases the drive once it is unused', async () => {
    const id = await publish();
    await run(async (tx) => {
      expect(await tx.library.isReleasable(id)).toBe(false);
      await tx.library.withdraw(id);
      await tx.library.withdraw(id);
      expect(await tx.library.find(id)).toBeNull();
      expect(await tx.library.has(id)).toBe(true);
      expect((await tx.library.records()).map(({ stage }) => stage)).toEqual(['withdrawn']);
      expect(await tx.library.isReleasable(id)).toBe(true);
      await tx.media.beginRemoval(id);
      expect(await tx.library.releasable()).toEqual([]);
      expect((await tx.library.records()).map(({ ready }) => ready)).toEqual([false]);
      await tx.media.forget(id);
      expect(await tx.library.has(id)).toBe(false);
      expect(await tx.library.records()).toEqual([]);
    });
    expect(await names()).toEqual([]);
  });

  it('does not release a drive that is in use', async () => {
    const [held, free] = [await publish({ facts: { name: 'held' } }), await publish({ facts: { name: 'free' } })];
    await depot.knex.raw('create table holders (media_id uuid)');
    await depot.knex.raw(`insert into holders values ('${held}')`);
    await depot.knex.raw('create or replace view library_holds as select media_id from holders');
    await run(async (tx) => {
      for (const id of [held, free]) await tx.library.withdraw(id);
      expect(await tx.library.releasable()).toEqual([free]);
      expect(await tx.library.isReleasable(held)).toBe(false);
    });
  });

  it('is not among the media of the root group', async () => {
    await publish();
    expect((await run(async (tx) => tx.media.listOf(ROOT_GROUP))).items).toEqual([]);
  });

  describe('searched', () => {
    beforeEach(async () => {
      await publish({ facts: { name: 'Harbour 3', os: 'linux', arch: '64', category: ['general', 'web'] } });
      await publish({ facts: { name: 'harbour 100%', os: 'linux', arch: '32', category: ['web'], version: null } });
      await publish({ facts: { name: 'Under_score\\', os: 'windows', distribution: null, imageType: 'install' } });
    });

    it.each<[string, LibraryCondition[], string[]]>([
      ['nothing', [], ['Harbour 3', 'harbour 100%', 'Under_score\\']],
      ['one value', [{ field: 'os', match: 'exact', anyOf: ['linux'] }], ['Harbour 3', 'harbour 100%']],
      ['its case', [{ field: 'os', match: 'exact', anyOf: ['Linux'] }], []],
      ['any of two', [{ field: 'os', match: 'exact', anyOf: ['windows', 'bsd'] }], ['Under_score\\']],
      ['none at all', [{ field: 'os', match: 'exact', anyOf: [] }], []],
      [
        'two fields',
        [
          { field: 'os', match: 'exact', anyOf: ['linux'] },
          { field: 'arch', match: 'exact', anyOf: ['32'] },
        ],
        ['harbour 100%'],
      ],
      ['any category', [{ field: 'category', match: 'exact', anyOf: ['web'] }], ['Harbour 3', 'harbour 100%']],
      [
        'two categories',
        [
          { field: 'category', match: 'exact', anyOf: ['web'] },
          { field: 'category', match: 'exact', anyOf: ['general'] },
        ],
        ['Harbour 3'],
      ],
      ['a part in either case', [{ field: 'name', match: 'part', anyOf: ['HARB'] }], ['Harbour 3', 'harbour 100%']],
      ['a per cent sign', [{ field: 'name', match: 'part', anyOf: ['0%'] }], ['harbour 100%']],
      ['a per cent sign that is not there', [{ field: 'name', match: 'part', anyOf: ['%3'] }], []],
      ['an underscore', [{ field: 'name', match: 'part', anyOf: ['r_s'] }], ['Under_score\\']],
      ['an underscore that is not there', [{ field: 'name', match: 'part', anyOf: ['r_3'] }], []],
      ['a backslash', [{ field: 'name', match: 'part', anyOf: ['\\'] }], ['Under_score\\']],
      [
        'a part that everything has',
        [{ field: 'name', match: 'part', anyOf: [''] }],
        ['Harbour 3', 'harbour 100%', 'Under_score\\'],
      ],
      ['what is not said', [{ field: 'version', match: 'exact', anyOf: ['3.10'] }], ['Harbour 3', 'Under_score\\']],
      ['the kind of image', [{ field: 'imageType', match: 'exact', anyOf: ['install'] }], ['Under_score\\']],
      [
        'the distribution',
        [{ field: 'distribution', match: 'exact', anyOf: ['Harbour'] }],
        ['Harbour 3', 'harbour 100%'],
      ],
      ['what no text holds', [{ field: 'name', match: 'exact', anyOf: ['a\0b', '\ud800'] }], []],
      ['no id', [{ field: 'id', match: 'exact', anyOf: ['nonsense'] }], []],
    ])('finds by %s', async (_what, conditions, expected) => {
      expect(await names(...conditions)).toEqual(expected);
    });

    it('finds by one or several ids', async () => {
      const { items } = await run(async (tx) => tx.library.search({ conditions: [], limit: null, offset: 0 }));
      const ids = items.map(({ id }) => id);
      expect(await names({ field: 'id', match: 'exact', anyOf: [ids[2]!, 'x', ids[0]!] })).toEqual([
        'Harbour 3',
        'Under_score\\',
      ]);
    });

    it('returns a page, newest last, with the total', async () => {
      const page = async (limit: number | null, offset: number): Promise<readonly [number, string[]]> => {
        const conditions: LibraryCondition[] = [{ field: 'os', match: 'exact', anyOf: ['linux', 'windows'] }];
        const { total, items } = await run(async (tx) => tx.library.search({ conditions, limit, offset }));
        return [total, items.map(({ facts }) => facts.name)];
      };
      expect(await page(2, 0)).toEqual([3, ['Harbour 3', 'harbour 100%']]);
      expect(await page(2, 2)).toEqual([3, ['Under_score\\']]);
      expect(await page(2, 4)).toEqual([3, []]);
      expect(await page(null, 1)).toEqual([3, ['harbour 100%', 'Under_score\\']]);
    });
  });
});
