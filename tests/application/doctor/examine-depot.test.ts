import { randomUUID } from 'node:crypto';
import { rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PartMemory } from '../../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../../src/adapters/blobs/s3/s3-store.ts';
import { ExamineDepot, type Examination } from '../../../src/application/doctor/examine-depot.ts';
import { remedyOf, sentenceOf, type Finding } from '../../../src/application/doctor/finding.ts';
import { MendDepot } from '../../../src/application/doctor/mend-depot.ts';
import type { BlobStores } from '../../../src/application/ports/blob-store.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/byte-sources.ts';
import { hashingThreads } from '../../support/hashing-threads.ts';
import { rowsOf } from '../../support/postgres.ts';
import { startReplica, type Replica } from '../../support/replica.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../../support/s3.ts';
import { ONE, openYard, orderOf, storesOf, TWO, type Yard } from '../../support/yard.ts';

const SIZE = 1000;
const CONTENT = patterned(SIZE);

/** Pool ONE is on local disk, pool TWO in S3. */
describe('ExamineDepot', () => {
  let yard: Yard;
  let bucket: TestBucket;
  let stores: BlobStores;
  let replica: Replica;
  beforeEach(async () => {
    yard = await openYard();
    bucket = await openTestBucket();
    const terms = { checksums: 'WHEN_REQUIRED', settleSeconds: 60, redirects: false } as const;
    const inS3 = new S3Store(bucket.place, terms, new PartMemory(32 * 1024 * 1024), hashingThreads);
    const installation = await yard.depot.work.run(async (tx) => tx.pools.installation());
    await inS3.claim({ installation, pool: TWO, holdsMedia: false });
    stores = storesOf(
      new Map([
        [ONE, yard.stores.of(ONE)],
        [TWO, inS3],
      ]),
    );
    replica = startReplica(yard, { stores });
  });
  afterEach(async () => yard.close());
  afterAll(closeTestBuckets);

  async function upload(pool = ONE, readOnly = true): Promise<MediaId> {
    const order = { ...orderOf(yard, SIZE), pool, readOnly };
    return replica.upload.run(yard.root, order, () => sourceOf(CONTENT), NEVER);
  }

  async function create(pool = ONE): Promise<MediaId> {
    const order = { ...orderOf(yard, SIZE), size: bytes(SIZE), pool, readOnly: false };
    return replica.create.run(yard.root, order, NEVER);
  }

  /** What it finds, with whatever is done about each. */
  async function examine(
    mend: (finding: Finding) => Promise<void> = async () => Promise.resolve(),
  ): Promise<{ readonly findings: readonly Finding[]; readonly examination: Examination }> {
    const findings: Finding[] = [];
    const tell = async (finding: Finding): Promise<void> => {
      findings.push(finding);
      await mend(finding);
    };
    const examination = await new ExamineDepot(yard.work, stores, yard.pools, 0).run(tell, NEVER);
    return { findings, examination };
  }

  /** Finds what was found before, does what is safe about it, and answers what is found then. */
  async function mended(): Promise<readonly Finding[]> {
    const mending = new MendDepot(yard.work, stores, replica.purge);
    await examine(async (finding) => (remedyOf(finding) === null ? undefined : mending.run(finding)));
    return (await examine()).findings;
  }

  const inBucket = (Key: string) => ({ Bucket: bucket.place.bucket, Key });

  it('finds nothing where nothing is wrong, whatever is on its way in or out', async () => {
    for (const pool of [ONE, TWO]) {
      for (const readOnly of [true, false]) await upload(pool, readOnly);
      await create(pool);
    }
    const [coming, going] = [randomUUID(), await upload()];
    await yard.depot.work.run(async (tx) => tx.media.beginRemoval(going));
    await rm(yard.pathOf(going));
    await yard.depot.knex.raw('update usage set used = used - ? where pool_id = ?', [SIZE, ONE]);
    await yard.depot.work.run(async (tx) => {
      const terms = { holder: replica.holder, seconds: 60 };
      const media = {
        ...orderOf(yard, 0),
        id: coming as MediaId,
        state: 'uploading',
        createdBy: yard.root.uuid,
      } as const;
      await tx.media.insert(media, terms);
    });
    await yard.leaveHalf(coming);
    const { findings, examination } = await examine();
    expect(findings).toEqual([]);
    expect(examination).toEqual({
      pools: [
        { id: ONE, name: 'pool 1', blobs: 5 },
        // Zeros have rows, and no bytes.
        { id: TWO, name: 'pool 2', blobs: 3 },
      ],
      unlooked: [],
    });
  });

  it('reports bytes that are gone or of another size, says what ought to be there, and leaves them alone', async () => {
    const [gone, cut, grown, disk, lost, short] = [
      await upload(),
      await upload(),
      await upload(),
      await create(),
      await upload(TWO),
      await upload(TWO),
    ];
    await rm(yard.pathOf(gone));
    await truncate(yard.pathOf(cut), 400);
    await truncate(yard.pathOf(grown), SIZE + 1);
    await truncate(yard.pathOf(disk), SIZE - 1);
    await bucket.delete(lost);
    await bucket.client.send(new PutObjectCommand({ ...inBucket(short), Body: 'short' }));
    const { findings } = await examine();
    expect(new Set(findings)).toEqual(
      new Set([
        { kind: 'bytes-missing', pool: ONE, blob: gone, media: gone, expected: SIZE },
        { kind: 'bytes-too-few', pool: ONE, blob: cut, media: cut, expected: SIZE, found: 400 },
        { kind: 'bytes-too-many', pool: ONE, blob: grown, media: grown, expected: SIZE, found: SIZE + 1 },
        { kind: 'bytes-too-few', pool: ONE, blob: disk, media: disk, expected: SIZE, found: SIZE - 1 },
        { kind: 'bytes-missing', pool: TWO, blob: lost, media: lost, expected: SIZE },
        { kind: 'bytes-too-few', pool: TWO, blob: short, media: short, expected: SIZE, found: 5 },
      ]),
    );
    for (const finding of findings) expect([sentenceOf(finding), remedyOf(finding)]).toEqual([expect.anything(), null]);
    expect(await mended()).toEqual(findings);
  });

  it('takes away what belongs to nobody, whole or half written, and nothing else', async () => {
    const kept = [await upload(), await upload(TWO)];
    const [whole, both, half] = Array.from({ length: 3 }, () => randomUUID());
    await writeFile(yard.pathOf(whole!), CONTENT);
    await writeFile(yard.pathOf(both!), CONTENT);
    await yard.leaveHalf(both!);
    await yard.leaveHalf(half!);
    await yard.leaveHalf(kept[0]!);
    await writeFile(join(dirname(yard.pathOf(whole!)), 'notes.txt'), 'not ours');
    for (const Key of [whole!, both!])
      await bucket.client.send(new PutObjectCommand({ ...inBucket(Key), Body: CONTENT }));
    for (const Key of [both!, half!, half!, kept[1]!])
      await bucket.client.send(new CreateMultipartUploadCommand(inBucket(Key)));

    const expected = [ONE, TWO].flatMap((pool) => [
      { kind: 'bytes-unowned', pool, blob: whole, found: SIZE },
      { kind: 'bytes-unowned', pool, blob: both, found: SIZE },
      { kind: 'half-written', pool, blob: half, owned: false, attempts: pool },
      { kind: 'half-written', pool, blob: kept[pool - 1], owned: true, attempts: 1 },
    ]);
    expect(new Set((await examine()).findings)).toEqual(new Set(expected));
    expect(await mended()).toEqual([]);
    expect(new Set(await yard.files())).toEqual(new Set([kept[0], 'notes.txt']));
    expect([await bucket.blobs(), await bucket.openUploads()]).toEqual([[[kept[1], SIZE]], []]);
    expect(await rowsOf(yard.depot.url, 'select id from blobs order by id')).toEqual(
      kept.toSorted().map((id) => ({ id })),
    );
    expect(await yard.states()).toEqual(['ready', 'ready']);
    await rm(join(dirname(yard.pathOf(whole!)), 'notes.txt'));
  });

  it('leaves bytes alone that somebody has come to own since they were found', async () => {
    const id = randomUUID();
    await writeFile(yard.pathOf(id), '');
    const mending = new MendDepot(yard.work, stores, replica.purge);
    await examine(async (finding) => {
      await yard.depot.work.run(async (tx) => {
        const media = {
          ...orderOf(yard, 0),
          id: id as MediaId,
          state: 'uploading',
          createdBy: yard.root.uuid,
        } as const;
        await tx.media.insert(media, { holder: replica.holder, seconds: 60 });
      });
      await mending.run(finding);
    });
    expect(await yard.files()).toEqual([id]);
  });

  it('counts usage anew that is not the sum of what counts', async () => {
    await upload();
    await yard.depot.knex.raw('update usage set used = used + 7 where group_id = ?', [yard.group.id]);
    await yard.depot.knex.raw('delete from usage where group_id = ?', [yard.top.id]);
    await yard.depot.knex.raw('update pools set used = 1 where id = 1');
    expect((await examine()).findings).toEqual([
      { kind: 'usage', pool: ONE, group: null, used: 1, counted: SIZE },
      { kind: 'usage', pool: ONE, group: yard.top.id, used: 0, counted: SIZE },
      { kind: 'usage', pool: ONE, group: yard.group.id, used: SIZE + 7, counted: SIZE },
    ]);
    expect(await mended()).toEqual([]);
    expect([await yard.used(), await yard.used(yard.top.id), await yard.inPool()]).toEqual([SIZE, SIZE, SIZE]);
  });

  it('reports a marker that is gone, damaged or of somebody else, and takes nothing in that place for missing', async () => {
    await upload();
    await upload(TWO);
    const [marker, key] = [join(dirname(yard.pathOf('x')), '.platter-pool.json'), '.platter-pool.json'];
    await rename(marker, `${marker}-away`);
    await bucket.client.send(new PutObjectCommand({ ...inBucket(key), Body: '{"installation":"x","pool":2}' }));
    expect((await examine()).findings).toEqual([
      { kind: 'marker', pool: ONE, marker: 'missing' },
      { kind: 'marker', pool: TWO, marker: 'foreign' },
    ]);
    await writeFile(marker, 'torn');
    expect((await mended())[0]).toEqual({ kind: 'marker', pool: ONE, marker: 'unreadable' });
    await rename(`${marker}-away`, marker);
  });

  it('says which pool it could not reach, and looks at the others', async () => {
    await rm(yard.pathOf(await upload()));
    await upload(TWO);
    const mount = await yard.unmount(ONE);
    const { findings, examination } = await examine();
    expect(findings).toEqual([]);
    expect(examination.pools.map(({ id, blobs }) => [id, blobs])).toEqual([[TWO, 1]]);
    expect(examination.unlooked.map(({ pool }) => pool)).toEqual([ONE]);
    await mount();
    expect((await examine()).findings).toHaveLength(1);
  });

  it('says that the database does not answer', async () => {
    yard.wire.cut();
    const { examination } = await examine();
    expect(examination).toMatchObject({ pools: [], unlooked: [{ pool: null }] });
    yard.wire.mend();
  });
});
