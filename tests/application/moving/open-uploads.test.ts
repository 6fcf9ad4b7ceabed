import { bytes } from '../../../src/domain/shared/bytes.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { ONE, openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { openTwoLocations, otherBucket, otherFolder } from '../../support/fixtures/two-locations.ts';
import { startUploadReplica } from '../../support/program/upload-replica.ts';
import { closeTestBuckets } from '../../support/s3/test-bucket.ts';

const CONTENT = patterned(100_000);

describe('Open uploads of a pool that moves', () => {
  let fixture: DepotFixture;
  beforeEach(async () => (fixture = await openDepotFixture()));
  afterEach(async () => fixture.close());
  afterAll(closeTestBuckets);

  it('stay where they are until they are finished, and are no finding; new ones go to the new location', async () => {
    const other = await otherFolder();
    const locations = await openTwoLocations(fixture, [
      [0, fixture.stores.of(ONE, 0)],
      [1, other.store],
    ]);
    const replica = startUploadReplica(fixture, { stores: locations.stores });
    const terms = { group: fixture.group.id, length: bytes(CONTENT.length), pool: ONE, type: null, readOnly: null };
    const create = async (name: string): Promise<string> =>
      (await replica.create.run(fixture.root, { ...terms, name, sha256: null })).id;
    const send = async (id: string, from: number, to: number): Promise<unknown> => {
      const body = { source: sourceOf(CONTENT.subarray(from, to)), length: to - from, checksum: null };
      return replica.append.run(fixture.root, id as never, from, body, NEVER);
    };
    const id = await create('old');
    await send(id, 0, 1000);
    expect((await locations.move()).stayed).toEqual({ [id]: 'under-way' });
    expect(await locations.findings()).toEqual([]);
    expect(await send(id, 1000, CONTENT.length)).toMatchObject({ state: 'finished' });
    const next = await create('new');
    await send(next, 0, CONTENT.length);
    expect(await locations.move()).toMatchObject({ moved: 1, left: 0, stayed: {} });
    expect(await locations.findings()).toEqual([]);
    for (const moved of [id, next])
      expect(await other.store.stat(moved as never)).toMatchObject({ storedBytes: CONTENT.length });
    await replica.close();
    for (const moved of [id, next]) await other.store.remove(moved as never);
  });

  it('begin in S3 when new bytes go there', async () => {
    const { store } = await otherBucket();
    const locations = await openTwoLocations(fixture, [
      [0, fixture.stores.of(ONE, 0)],
      [1, store],
    ]);
    await fixture.depot.rows(`update pools set place = 1 where id = ${ONE}`);
    const replica = startUploadReplica(fixture, { stores: locations.stores });
    const { id } = await replica.create.run(fixture.root, {
      name: 'image',
      pool: ONE,
      type: null,
      readOnly: null,
      sha256: null,
      group: fixture.group.id,
      length: bytes(CONTENT.length),
    });
    for (const [from, to] of [
      [0, 1000],
      [1000, CONTENT.length],
    ] as const) {
      const body = { source: sourceOf(CONTENT.subarray(from, to)), length: to - from, checksum: null };
      await replica.append.run(fixture.root, id, from, body, NEVER);
      expect(await locations.findings()).toEqual([]);
    }
    expect(await store.stat(id as never)).toMatchObject({ storedBytes: CONTENT.length });
    await replica.close();
    await store.remove(id as never);
  });
});
