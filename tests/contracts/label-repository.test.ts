import { randomUUID } from 'node:crypto';
import type { NewMedia } from '../../src/application/ports/media-repository.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import type { Group } from '../../src/domain/access/group.ts';
import type { Label, LabelSearch } from '../../src/domain/media/label.ts';
import { ROOT_GROUP, type MediaId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { libraryEntry } from '../support/fixtures/library-drives.ts';
import { makeGroups, makeUser } from '../support/fixtures/users.ts';
import { insert, insertReady, makePools, ONE, TWO } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const ALL: LabelSearch = { ids: [], labels: [], labelParts: [], tags: [], limit: null, offset: 0 };
const LABEL: Label = { text: 'what it is called', meta: { a: '1' }, shareable: true, affinities: ['ssd', 'near'] };

describe.each(UNITS_OF_WORK)('LabelRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let group: Group;
  let below: Group;
  let ann: Caller;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
    [group, below] = (await makeGroups(depot, 'group', 'below')) as [Group, Group];
    ann = await makeUser(depot, 'ann', group.id, 'velocity.media.list');
    await depot.work.run(async (tx) => {
      for (const { id } of [group, below]) await tx.assignments.store(id, ONE, { write: false, manage: false });
    });
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  async function make(text: string | null, wanted: Partial<NewMedia> = {}): Promise<MediaId> {
    return run(async (tx) => {
      const id = await insertReady(tx, { group: group.id, ...wanted });
      if (text !== null) await tx.labels.store(id, { ...LABEL, text }, ann.uuid);
      return id;
    });
  }

  async function found(search: Partial<LabelSearch> = {}): Promise<readonly string[]> {
    const { total, items } = await run(async (tx) => tx.labels.search(ann.id, { ...ALL, ...search }));
    expect(total).toBe(items.length);
    return items.map(({ label }) => label.text);
  }

  it('creates and replaces a label', async () => {
    const id = await make(null, { name: 'file name' });
    await run(async (tx) => {
      expect((await tx.labels.find(id))?.label).toEqual({
        text: 'file name',
        meta: {},
        shareable: false,
        affinities: [],
      });
      await tx.labels.store(id, LABEL, ann.uuid);
      expect((await tx.labels.find(id))?.label).toEqual(LABEL);
      const other = { text: '" \\ ☃', meta: { 'a key': '{"b":null}' }, shareable: false, affinities: [] };
      await tx.labels.store(id, other, ann.uuid);
      const { createdBy } = (await tx.media.find(id))!;
      expect(await tx.labels.find(id)).toEqual({
        id,
        pool: ONE,
        group: group.id,
        type: 'ISO',
        size: 0,
        readOnly: true,
        state: 'ready',
        createdBy,
        label: other,
      });
    });
  });

  it('finds items in any state but removing, one or several', async () => {
    await run(async (tx) => {
      const [ready, arriving, leaving] = [await insertReady(tx), await insert(tx), await insertReady(tx)];
      await tx.media.beginRemoval(leaving);
      expect(await tx.labels.find(arriving)).toMatchObject({ state: 'uploading' });
      expect(await tx.labels.find(leaving)).toBeNull();
      expect(await tx.labels.find(randomUUID() as MediaId)).toBeNull();
      const several = await tx.labels.findAll([ready, leaving, arriving, randomUUID() as MediaId]);
      expect(several.map(({ id }) => id)).toEqual([ready, arriving]);
      expect(await tx.labels.findAll([])).toEqual([]);
    });
  });

  it('lists the items of every group on which the user holds the permission, inherited or not', async () => {
    const elsewhere = (await makeGroups(depot, 'elsewhere'))[0]!;
    await run(async (tx) => tx.assignments.store(elsewhere.id, ONE, { write: true, manage: true }));
    await make('own');
    await make('below', { group: below.id });
    await make('elsewhere', { group: elsewhere.id });
    await make('above', { group: ROOT_GROUP });
    expect(await found()).toEqual(['own', 'below']);
    const permission = 'velocity.media.list';
    await run(async (tx) => tx.grants.grant({ user: ann.id, group: elsewhere.id, permission }));
    expect(await found()).toEqual(['own', 'below', 'elsewhere']);
    await run(async (tx) => tx.grants.revoke({ user: ann.id, group: group.id, permission }));
    expect(await found()).toEqual(['elsewhere']);
  });

  it('lists no items in pools that are not assigned, except for the root group', async () => {
    await make('in a pool');
    await make('in another', { pool: TWO });
    await make('of the root group', { group: ROOT_GROUP, pool: TWO });
    expect(await found()).toEqual(['in a pool']);
    await run(async (tx) => tx.grants.grant({ user: ann.id, group: ROOT_GROUP, permission: 'velocity.media.list' }));
    expect(await found()).toEqual(['in a pool', 'of the root group']);
  });

  it('lists items under way, but none of the library or in removing', async () => {
    const root = { group: ROOT_GROUP };
    await run(async (tx) => tx.grants.grant({ user: ann.id, ...root, permission: 'velocity.media.list' }));
    await make('kept', root);
    const [library, leaving] = [await make('of the library', root), await make('leaving', root)];
    await run(async (tx) => {
      await tx.library.insert(library, libraryEntry());
      await tx.media.beginRemoval(leaving);
      await insert(tx, { name: 'arriving' });
    });
    expect(await found()).toEqual(['kept', 'arriving']);
  });

  it.each<[string, Partial<LabelSearch>, readonly string[]]>([
    ['a label', { labels: [['Café']] }, ['Café']],
    ['one of several labels', { labels: [['Café', 'file name', 'nothing']] }, ['Café', 'file name']],
    [
      'several lists, all of which have to fit',
      {
        labels: [
          ['Café', 'b%'],
          ['b%', 'x'],
        ],
      },
      ['b%'],
    ],
    ['nothing, where nothing may fit', { labels: [[]] }, []],
    ['no label in the other case', { labels: [['café']] }, []],
    ['a part, in either case', { labelParts: [['CAFÉ']] }, ['Café']],
    ['a part, in either case beyond ASCII', { labelParts: [['ΟΔΌΣ']] }, ['οδόσ']],
    ['a part with a capital that two code points are small letters of', { labelParts: [['i']] }, ['file name', 'İz']],
    ['a part that has no capital of its own', { labelParts: [['SS']] }, []],
    ['a part with signs that mean something elsewhere', { labelParts: [['%']] }, ['b%']],
    ['one part of several', { labelParts: [['_', 'LE N']] }, ['file name', 'a_c']],
    ['parts and labels together', { labelParts: [['a']], labels: [['a_c', 'b%']] }, ['a_c']],
    ['nothing by what can’t be stored', { labels: [['a\0c']] }, []],
    ['nothing by what is no id', { ids: [['no id']] }, []],
  ])('finds by %s', async (_what, search, expected) => {
    await make('Café');
    await make(null, { name: 'file name' });
    await make('a_c');
    await make('b%');
    await make('οδόσ');
    await make('İz');
    await make('ß');
    expect(await found(search)).toEqual(expected);
  });

  it('finds a changed label by its new text', async () => {
    const id = await make('Before');
    await run(async (tx) => tx.labels.store(id, { ...LABEL, text: 'AFTER' }, ann.uuid));
    expect(await found({ labelParts: [['before']] })).toEqual([]);
    expect(await found({ labelParts: [['after']] })).toEqual(['AFTER']);
  });

  it('finds visible items by ids', async () => {
    const [one, two] = [await make('one'), await make('two')];
    const hidden = await make('hidden', { group: ROOT_GROUP });
    await make('other');
    expect(await found({ ids: [[two, one, hidden]] })).toEqual(['one', 'two']);
    expect(await found({ ids: [[one, two], [two]] })).toEqual(['two']);
  });

  it('returns a page, newest last, with the total', async () => {
    for (const text of ['a1', 'b', 'a2', 'a3']) await make(text);
    const page = async (limit: number | null, offset: number): Promise<unknown> => {
      const search = { ...ALL, labelParts: [['a']], limit, offset };
      const { total, items } = await run(async (tx) => tx.labels.search(ann.id, search));
      return [total, items.map(({ label }) => label.text)];
    };
    expect(await page(2, 0)).toEqual([3, ['a1', 'a2']]);
    expect(await page(2, 2)).toEqual([3, ['a3']]);
    expect(await page(null, 1)).toEqual([3, ['a2', 'a3']]);
    expect(await page(2, 9)).toEqual([3, []]);
  });

  it('returns which names are taken in a pool, without those that are free again', async () => {
    const leaving = await make(null, { name: 'leaving' });
    await make('a label', { name: 'taken' });
    await make(null, { name: 'elsewhere', pool: TWO });
    await run(async (tx) => {
      await tx.media.beginRemoval(leaving);
      const names = ['taken', 'leaving', 'elsewhere', 'a label', 'free'];
      expect(await tx.labels.namesTaken(ONE, names)).toEqual(new Set(['taken']));
      expect(await tx.labels.namesTaken(ONE, [])).toEqual(new Set());
    });
  });
});
