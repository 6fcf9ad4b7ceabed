import { randomUUID } from 'node:crypto';
import { rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ExamineDepot, type ExaminationReport } from '../../../src/application/doctor/examine-depot.ts';
import { remedyOf, sentenceOf, type Finding } from '../../../src/application/doctor/finding.ts';
import { RepairDepot } from '../../../src/application/doctor/repair-depot.ts';
import type { BlobStores } from '../../../src/application/ports/blob-store.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { BlobId, MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { withPoolInS3 } from '../../support/fixtures/pool-in-s3.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { closeTestBuckets, type TestBucket } from '../../support/s3/test-bucket.ts';
import { ONE, openDepotFixture, orderOf, TWO, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const SIZE = 1000;
const CONTENT = patterned(SIZE);

/** Pool ONE is on local disk, pool TWO in S3. */
describe('ExamineDepot', () => {
  let fixture: DepotFixture;
  let bucket: TestBucket;
  let stores: BlobStores;
  let replica: Replica;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    ({ bucket, stores } = await withPoolInS3(fixture));
    replica = startReplica(fixture, { stores });
  });
  afterEach(async () => fixture.close());
  afterAll(closeTestBuckets);

  async function upload(pool = ONE, readOnly = true): Promise<MediaId> {
    const order = { ...orderOf(fixture, SIZE), pool, readOnly };
    return replica.upload.run(fixture.root, order, () => sourceOf(CONTENT), NEVER);
  }

  async function create(pool = ONE): Promise<MediaId> {
    const order = { ...orderOf(fixture, SIZE), size: bytes(SIZE), pool, readOnly: false };
    return replica.create.run(fixture.root, order, NEVER);
  }

  /** Returns the findings; `repair` is called with each of them. */
  async function examine(
    repair: (finding: Finding) => Promise<void> = async () => Promise.resolve(),
  ): Promise<{ readonly findings: readonly Finding[]; readonly examination: ExaminationReport }> {
    const findings: Finding[] = [];
    const report = async (finding: Finding): Promise<void> => {
      findings.push(finding);
      await repair(finding);
    };
    const examination = await new ExamineDepot({
      work: fixture.work,
      stores,
      pools: fixture.pools,
      leaseSeconds: 0,
    }).run(report, NEVER);
    return { findings, examination };
  }

  /** Repairs what it finds, and returns the findings of a second examination. */
  async function findingsAfterRepair(): Promise<readonly Finding[]> {
    const repair = new RepairDepot(fixture.work, stores, replica.purge);
    await examine(async (finding) => (remedyOf(finding) === null ? undefined : repair.run(finding)));
    return (await examine()).findings;
  }

  const inBucket = (Key: string) => ({ Bucket: bucket.location.bucket, Key });

  it('finds nothing in an intact depot, also during uploads and removals', async () => {
    for (const pool of [ONE, TWO]) {
      for (const readOnly of [true, false]) await upload(pool, readOnly);
      await create(pool);
    }
    const [coming, going] = [randomUUID(), await upload()];
    await fixture.depot.work.run(async (tx) => tx.media.beginRemoval(going));
    await rm(fixture.pathOf(going));
    await fixture.depot.knex.raw('update usage set used = used - ? where pool_id = ?', [SIZE, ONE]);
    await fixture.depot.work.run(async (tx) => {
      const terms = { holder: replica.holder, seconds: 60 };
      const media = {
        ...orderOf(fixture, 0),
        id: coming as MediaId,
        state: 'uploading',
        createdBy: fixture.root.uuid,
      } as const;
      await tx.media.insert(media, terms);
    });
    await fixture.writePartialFile(coming);
    const { findings, examination } = await examine();
    expect(findings).toEqual([]);
    expect(examination).toEqual({
      pools: [
        { id: ONE, name: 'pool 1', blobs: 5 },
        // The blobs of zeros have rows, and no bytes.
        { id: TWO, name: 'pool 2', blobs: 3 },
      ],
      unchecked: [],
    });
  });

  it('reports missing bytes and bytes of another size, with the expected size, and keeps them', async () => {
    const [gone, cut, grown, disk, lost, short] = [
      await upload(),
      await upload(),
      await upload(),
      await create(),
      await upload(TWO),
      await upload(TWO),
    ];
    await rm(fixture.pathOf(gone));
    // The bytes of items in the trash are examined like all others.
    for (const id of [gone, short]) await fixture.work.run(async (tx) => tx.trash.add(id, fixture.root.uuid));
    await truncate(fixture.pathOf(cut), 400);
    await truncate(fixture.pathOf(grown), SIZE + 1);
    await truncate(fixture.pathOf(disk), SIZE - 1);
    await bucket.delete(lost);
    await bucket.client.send(new PutObjectCommand({ ...inBucket(short), Body: 'short' }));
    const { findings } = await examine();
    expect(new Set(findings)).toEqual(
      new Set([
        { kind: 'bytes-missing', pool: ONE, location: 0, blob: gone, media: gone, expected: SIZE },
        { kind: 'bytes-too-few', pool: ONE, location: 0, blob: cut, media: cut, expected: SIZE, found: 400 },
        { kind: 'bytes-too-many', pool: ONE, location: 0, blob: grown, media: grown, expected: SIZE, found: SIZE + 1 },
        { kind: 'bytes-too-few', pool: ONE, location: 0, blob: disk, media: disk, expected: SIZE, found: SIZE - 1 },
        { kind: 'bytes-missing', pool: TWO, location: 0, blob: lost, media: lost, expected: SIZE },
        { kind: 'bytes-too-few', pool: TWO, location: 0, blob: short, media: short, expected: SIZE, found: 5 },
      ]),
    );
    for (const finding of findings) expect([sentenceOf(finding), remedyOf(finding)]).toEqual([expect.anything(), null]);
    expect(await findingsAfterRepair()).toEqual(findings);
  });

  it('reports the marks of a scrub, and keeps them for the next one', async () => {
    const id = await upload();
    await fixture.depot.knex.raw(`update blobs set damaged_at = now(), damage = 'different' where id = ?`, [id]);
    const blob = id as string as BlobId;
    const finding: Finding = { kind: 'bytes-damaged', pool: ONE, location: 0, blob, media: id, damage: 'different' };
    expect((await examine()).findings).toEqual([finding]);
    expect([sentenceOf(finding), remedyOf(finding)]).toEqual([
      expect.stringMatching(/are not those that came in$/),
      null,
    ]);
    expect(await findingsAfterRepair()).toEqual([finding]);
  });

  it('deletes blobs and unfinished writes that no row names, and nothing else', async () => {
    const kept = [await upload(), await upload(TWO)];
    const [whole, both, half] = Array.from({ length: 3 }, () => randomUUID());
    await writeFile(fixture.pathOf(whole!), CONTENT);
    await writeFile(fixture.pathOf(both!), CONTENT);
    await fixture.writePartialFile(both!);
    await fixture.writePartialFile(half!);
    await fixture.writePartialFile(kept[0]!);
    await writeFile(join(dirname(fixture.pathOf(whole!)), 'notes.txt'), 'not ours');
    for (const Key of [whole!, both!])
      await bucket.client.send(new PutObjectCommand({ ...inBucket(Key), Body: CONTENT }));
    for (const Key of [both!, half!, half!, kept[1]!])
      await bucket.client.send(new CreateMultipartUploadCommand(inBucket(Key)));

    const expected = [ONE, TWO].flatMap((pool) => [
      { kind: 'bytes-unowned', pool, location: 0, blob: whole, found: SIZE },
      { kind: 'bytes-unowned', pool, location: 0, blob: both, found: SIZE },
      { kind: 'half-written', pool, location: 0, blob: half, owned: false, attempts: pool },
      { kind: 'half-written', pool, location: 0, blob: kept[pool - 1], owned: true, attempts: 1 },
    ]);
    expect(new Set((await examine()).findings)).toEqual(new Set(expected));
    expect(await findingsAfterRepair()).toEqual([]);
    expect(new Set(await fixture.files())).toEqual(new Set([kept[0], 'notes.txt']));
    expect([await bucket.blobs(), await bucket.openUploads()]).toEqual([[[kept[1], SIZE]], []]);
    expect(await rowsOf(fixture.depot.url, 'select id from blobs order by id')).toEqual(
      kept.toSorted().map((id) => ({ id })),
    );
    expect(await fixture.states()).toEqual(['ready', 'ready']);
    await rm(join(dirname(fixture.pathOf(whole!)), 'notes.txt'));
  });

  it('keeps bytes that got a row since they were found', async () => {
    const id = randomUUID();
    await writeFile(fixture.pathOf(id), '');
    const repair = new RepairDepot(fixture.work, stores, replica.purge);
    await examine(async (finding) => {
      await fixture.depot.work.run(async (tx) => {
        const media = {
          ...orderOf(fixture, 0),
          id: id as MediaId,
          state: 'uploading',
          createdBy: fixture.root.uuid,
        } as const;
        await tx.media.insert(media, { holder: replica.holder, seconds: 60 });
        await tx.usage.charge(fixture.group, ONE, bytes(0), 1);
      });
      await repair.run(finding);
    });
    expect(await fixture.files()).toEqual([id]);
  });

  it('recounts usage that differs from the sum of its items', async () => {
    await upload();
    await fixture.depot.knex.raw('update usage set used = used + 7, items = 3 where group_id = ?', [fixture.group.id]);
    await fixture.depot.knex.raw('delete from usage where group_id = ?', [fixture.top.id]);
    await fixture.depot.knex.raw('update pools set used = 1 where id = 1');
    const { findings } = await examine();
    const drift = { kind: 'usage', pool: ONE };
    expect(findings).toEqual([
      { ...drift, group: null, used: 1, counted: SIZE, usedItems: 0, countedItems: 0 },
      { ...drift, group: fixture.top.id, used: 0, counted: SIZE, usedItems: 0, countedItems: 1 },
      { ...drift, group: fixture.group.id, used: SIZE + 7, counted: SIZE, usedItems: 3, countedItems: 1 },
    ]);
    expect(findings.map(sentenceOf)).toEqual([
      `pool 1: the pool is charged for 1 bytes, and has ${SIZE}`,
      `pool 1: group ${fixture.top.id} is charged for 0 bytes, and has ${SIZE}; for 0 items, and has 1`,
      `pool 1: group ${fixture.group.id} is charged for ${SIZE + 7} bytes, and has ${SIZE}; for 3 items, and has 1`,
    ]);
    expect(await findingsAfterRepair()).toEqual([]);
    expect([await fixture.used(), await fixture.used(fixture.top.id), await fixture.poolUsage()]).toEqual([
      SIZE,
      SIZE,
      SIZE,
    ]);
  });

  it('reports a missing, damaged or foreign marker, and then no missing bytes in that location', async () => {
    await upload();
    await upload(TWO);
    const [marker, key] = [join(dirname(fixture.pathOf('x')), '.platter-pool.json'), '.platter-pool.json'];
    await rename(marker, `${marker}-away`);
    await bucket.client.send(new PutObjectCommand({ ...inBucket(key), Body: '{"installation":"x","pool":2}' }));
    expect((await examine()).findings).toEqual([
      { kind: 'marker', pool: ONE, location: 0, marker: 'missing' },
      { kind: 'marker', pool: TWO, location: 0, marker: 'foreign' },
    ]);
    await writeFile(marker, 'torn');
    expect((await findingsAfterRepair())[0]).toEqual({ kind: 'marker', pool: ONE, location: 0, marker: 'unreadable' });
    await rename(`${marker}-away`, marker);
  });

  it('reports a pool that it could not reach, and examines the others', async () => {
    await rm(fixture.pathOf(await upload()));
    await upload(TWO);
    const mount = await fixture.unmount(ONE);
    const { findings, examination } = await examine();
    expect(findings).toEqual([]);
    expect(examination.pools.map(({ id, blobs }) => [id, blobs])).toEqual([[TWO, 1]]);
    expect(examination.unchecked.map(({ pool }) => pool)).toEqual([ONE]);
    await mount();
    expect((await examine()).findings).toHaveLength(1);
  });

  it('reports that the database does not respond', async () => {
    fixture.wire.cut();
    const { examination } = await examine();
    expect(examination).toMatchObject({ pools: [], unchecked: [{ pool: null }] });
    fixture.wire.mend();
  });
});
