import type { Caller } from '../../../src/domain/access/caller.ts';
import type { LabelSearch } from '../../../src/domain/media/label.ts';
import { ROOT_GROUP, type MediaId } from '../../../src/domain/shared/ids.ts';
import { foldNames } from '../../../src/adapters/postgres/fold-names.ts';
import { insertReady, makePools } from '../../contracts/media-depot.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { libraryEntry } from '../../support/fixtures/library-drives.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { rowsOf } from '../../support/database/test-database.ts';

const ALL: LabelSearch = { ids: [], labels: [], labelParts: [], tags: [], limit: null, offset: 0 };
const LABEL = { meta: {}, shareable: false, affinities: [] };

describe('Names that an older version wrote', () => {
  let depot: TestDepot;
  let ann: Caller;
  beforeEach(async () => {
    depot = await openTestDepot();
    await makePools(depot);
    ann = await makeUser(depot, 'ann', ROOT_GROUP, 'velocity.media.list');
  });
  afterEach(async () => depot.close());

  async function found(part: string): Promise<readonly string[]> {
    const { items } = await depot.work.run(async (tx) => tx.labels.search(ann.id, { ...ALL, labelParts: [[part]] }));
    return items.map(({ label }) => label.text);
  }

  async function foundInLibrary(part: string): Promise<readonly string[]> {
    const conditions = [{ field: 'name', match: 'part', anyOf: [part] }] as const;
    const { items } = await depot.work.run(async (tx) => tx.library.search({ conditions, limit: null, offset: 0 }));
    return items.map(({ facts }) => facts.name);
  }

  async function unfolded(): Promise<unknown> {
    const [row] = await rowsOf(
      depot.url,
      `select (select count(*)::int from media where folded_name is null) as media,
         (select count(*)::int from media_labels where folded_from is distinct from label) as labels,
         (select count(*)::int from library_drives where folded_from is distinct from name) as library`,
    );
    return row;
  }

  it('match exactly until they are folded, and then in either case', async () => {
    const drive = await depot.work.run(async (tx) => {
      await insertReady(tx, { group: ROOT_GROUP, name: 'İZMİR' });
      const id = await insertReady(tx, { group: ROOT_GROUP });
      await tx.labels.store(id, { ...LABEL, text: 'Before' }, ann.uuid);
      const published = await insertReady(tx, { group: ROOT_GROUP });
      const entry = libraryEntry({ facts: { name: 'Harbour' } });
      await tx.library.insert(published, entry);
      await tx.library.publish(published, entry);
      return id;
    });
    await rowsOf(depot.url, 'update media set folded_name = null');
    await rowsOf(depot.url, `update media_labels set label = 'ÄFTER' where media_id = '${drive}'`);
    await rowsOf(depot.url, `update library_drives set name = 'ÜBER'`);
    expect(await unfolded()).toEqual({ media: 3, labels: 1, library: 1 });
    expect([await found('İZ'), await found('before'), await found('ÄFT')]).toEqual([[], [], []]);

    await foldNames(depot.pool);
    expect(await unfolded()).toEqual({ media: 0, labels: 0, library: 0 });
    expect(await found('izm')).toEqual(['İZMİR']);
    expect([await found('before'), await found('äFt')]).toEqual([[], ['ÄFTER']]);
    expect([await foundInLibrary('harbour'), await foundInLibrary('üb')]).toEqual([[], ['ÜBER']]);
  });

  it('are folded in batches, by several replicas at once', async () => {
    await rowsOf(
      depot.url,
      `with made as (
         insert into blobs (id, pool_id, stored_bytes) select gen_random_uuid(), 1, 0 from generate_series(1, 2500) returning id
       )
       insert into media (id, pool_id, group_id, blob_id, name, type, size, readonly, state, created_by, format, virtual_size)
       select id, 1, 0, id, 'NAME ' || id, 'ISO', 0, true, 'ready', gen_random_uuid(), 'raw', 0 from made`,
    );
    await Promise.all([foldNames(depot.pool), foldNames(depot.pool), foldNames(depot.pool)]);
    expect(await unfolded()).toEqual({ media: 0, labels: 0, library: 0 });
    const [wrong] = await rowsOf(depot.url, 'select count(*)::int as rows from media where folded_name <> lower(name)');
    expect(wrong).toEqual({ rows: 0 });
  });

  it('are not written when all are folded', async () => {
    const id: MediaId = await depot.work.run(async (tx) => insertReady(tx, { group: ROOT_GROUP, name: 'Name' }));
    const before = await rowsOf(depot.url, `select xmin from media where id = '${id}'`);
    await foldNames(depot.pool);
    expect(await rowsOf(depot.url, `select xmin from media where id = '${id}'`)).toEqual(before);
  });
});
