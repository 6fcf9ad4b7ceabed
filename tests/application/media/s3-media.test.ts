import { randomUUID } from 'node:crypto';
import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PartMemory } from '../../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../../src/adapters/blobs/s3/s3-store.ts';
import { admit } from '../../../src/application/media/admit.ts';
import type { BlobStore, BlobStores } from '../../../src/application/ports/blob-store.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { BlobId, InstanceId, MediaId } from '../../../src/domain/shared/ids.ts';
import { failAfter, NEVER, patterned, sha256, sourceOf } from '../../support/byte-sources.ts';
import { openCloneShop } from '../../support/clone-shop.ts';
import { hashingThreads } from '../../support/hashing-threads.ts';
import { makeUser } from '../../support/people.ts';
import { rowsOf } from '../../support/postgres.ts';
import { startReplica, type Replica } from '../../support/replica.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../../support/s3.ts';
import { ONE, openYard, orderOf, storesOf, TWO, type Yard } from '../../support/yard.ts';

const SIZE = 6_000_000;
const CONTENT = patterned(SIZE);
/** Longer than any test. Seconds. */
const SETTLE = 3600;

describe('Media in S3', () => {
  let yard: Yard;
  let bucket: TestBucket;
  let store: BlobStore;
  let stores: BlobStores;
  let replica: Replica;
  beforeEach(async () => {
    yard = await openYard();
    bucket = await openTestBucket();
    const terms = { checksums: 'WHEN_REQUIRED', answerSeconds: 20, settleSeconds: SETTLE, redirects: false } as const;
    store = new S3Store(bucket.place, terms, new PartMemory(32 * 1024 * 1024), hashingThreads);
    await store.claim({ installation: randomUUID(), pool: ONE, place: 0, holdsMedia: false });
    stores = storesOf(
      new Map([
        [ONE, store],
        [TWO, yard.stores.of(TWO, 0)],
      ]),
    );
    replica = startReplica(yard, { stores, lease: 0 });
  });
  afterEach(async () => yard.close());
  afterAll(closeTestBuckets);

  async function expectNothing(): Promise<void> {
    await yard.expectNothing();
    expect([await bucket.blobs(), await bucket.openUploads()]).toEqual([[], []]);
  }

  it('are kept only if their bytes are those of every digest that came with them', async () => {
    const { upload } = startReplica(yard, { stores });
    const [right, wrong] = [sha256(CONTENT), sha256(CONTENT.subarray(1))];
    for (const digests of [[wrong], [right, wrong], [wrong, right]]) {
      const order = { ...orderOf(yard, SIZE), sha256: digests };
      const refused = upload.run(yard.root, order, () => sourceOf(CONTENT), NEVER);
      await expect(refused).rejects.toMatchObject({ code: 'digest-mismatch' });
      await expectNothing();
    }
    const order = { ...orderOf(yard, SIZE), sha256: [right, right] };
    const id = await upload.run(yard.root, order, () => sourceOf(CONTENT), NEVER);
    expect(await bucket.blobs()).toEqual([[id, SIZE]]);
  });

  it('are gone at once where whoever brought them is alive to take them away', async () => {
    const { upload } = startReplica(yard, { stores });
    const torn = new Error('the wire is torn');
    const order = orderOf(yard, SIZE);
    const brought = upload.run(yard.root, order, () => failAfter(torn, CONTENT.subarray(0, 100)), NEVER);
    await expect(brought).rejects.toBe(torn);
    await expectNothing();
  });

  it('that read as zeros, for which nothing stands there, are cloned into a pool elsewhere', async () => {
    const ann = await makeUser(yard.depot, 'ann', yard.group.id, 'velocity.media.list', 'velocity.media.create');
    const size = bytes(1000);
    const source = await replica.create.run(yard.root, { ...orderOf(yard, size), size }, NEVER);
    await yard.depot.work.run(async (tx) => {
      await tx.assignments.store(yard.group.id, ONE, { write: true, manage: false });
    });
    const shop = openCloneShop(yard, { stores });
    const { id } = await shop.clone.run(ann, source, {});
    await shop.finishJobs();
    expect((await yard.content(id, TWO)).equals(Buffer.alloc(size))).toBe(true);
  });

  describe('whose bringer died', () => {
    let id: MediaId;
    beforeEach(async () => {
      id = randomUUID() as MediaId;
      const dead = { holder: randomUUID() as InstanceId, seconds: -1 };
      await yard.depot.work.run(async (tx) =>
        admit(tx, yard.pools, yard.root, id, orderOf(yard, SIZE), 'uploading', dead),
      );
      await store.writer(id as string as BlobId, bytes(SIZE)).write(sourceOf(CONTENT), NEVER);
      // A sweeper to whom the database has answered before judges leases.
      await replica.sweep.run();
    });

    const where = () => ({ Bucket: bucket.place.bucket, Key: id });

    it('lose their upload at once, and their room in the pool only once what was asked for last has settled', async () => {
      expect(await bucket.openUploads()).toEqual([id]);
      await replica.sweep.run();
      expect([await bucket.openUploads(), await yard.states()]).toEqual([[], ['removing']]);
      expect([await yard.used(), await yard.inPool()]).toEqual([0, SIZE]);
      await letTimePass();
      await replica.sweep.run();
      await expectNothing();
    });

    it('also lose what the server carries out only after that', async () => {
      await replica.sweep.run();
      await bucket.client.send(new PutObjectCommand({ ...where(), Body: 'late' }));
      await bucket.client.send(new CreateMultipartUploadCommand(where()));
      await replica.sweep.run();
      // Nothing is taken away while more may come.
      expect([await bucket.blobs(), await bucket.openUploads()]).toEqual([[[id, 4]], [id]]);
      await letTimePass();
      await replica.sweep.run();
      await expectNothing();
    });
  });

  /** As if the time to settle were over. */
  async function letTimePass(): Promise<void> {
    const left = await rowsOf(
      yard.depot.url,
      `update media set settled_at = settled_at - interval '${SETTLE} s'
       where settled_at > clock_timestamp() + interval '${SETTLE - 600} s' returning id`,
    );
    expect(left).toHaveLength(1);
  }
});
