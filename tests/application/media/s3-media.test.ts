import { randomUUID } from 'node:crypto';
import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PartMemory } from '../../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../../src/adapters/blobs/s3/s3-store.ts';
import { admit } from '../../../src/application/media/admit.ts';
import type { BlobStore, BlobStores } from '../../../src/application/ports/blob-store.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { BlobId, InstanceId, MediaId } from '../../../src/domain/shared/ids.ts';
import { failAfter, NEVER, patterned, sha256, sourceOf } from '../../support/files/byte-sources.ts';
import { openCloneFixture } from '../../support/fixtures/clone-fixture.ts';
import { hashingThreads } from '../../support/fixtures/hashing-threads.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../../support/s3/test-bucket.ts';
import {
  ONE,
  openDepotFixture,
  orderOf,
  storesOf,
  TWO,
  type DepotFixture,
} from '../../support/fixtures/depot-fixture.ts';

const SIZE = 6_000_000;
const CONTENT = patterned(SIZE);
/** Longer than any test. */
const PURGE_DELAY_SECONDS = 3600;

describe('Items in S3', () => {
  let fixture: DepotFixture;
  let bucket: TestBucket;
  let store: BlobStore;
  let stores: BlobStores;
  let replica: Replica;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    bucket = await openTestBucket();
    const terms = {
      checksums: 'WHEN_REQUIRED',
      callTimeoutSeconds: 20,
      purgeDelaySeconds: PURGE_DELAY_SECONDS,
      redirects: false,
    } as const;
    store = new S3Store(bucket.location, terms, new PartMemory(32 * 1024 * 1024), hashingThreads);
    await store.claim({ installation: randomUUID(), pool: ONE, location: 0, holdsMedia: false });
    stores = storesOf(
      new Map([
        [ONE, store],
        [TWO, fixture.stores.of(TWO, 0)],
      ]),
    );
    replica = startReplica(fixture, { stores, leaseSeconds: 0 });
  });
  afterEach(async () => fixture.close());
  afterAll(closeTestBuckets);

  async function expectNothing(): Promise<void> {
    await fixture.expectNothing();
    expect([await bucket.blobs(), await bucket.openUploads()]).toEqual([[], []]);
  }

  it('are stored only if their bytes match every digest that the client sent', async () => {
    const { upload } = startReplica(fixture, { stores });
    const [right, wrong] = [sha256(CONTENT), sha256(CONTENT.subarray(1))];
    for (const digests of [[wrong], [right, wrong], [wrong, right]]) {
      const order = { ...orderOf(fixture, SIZE), sha256: digests };
      const refused = upload.run(fixture.root, order, () => sourceOf(CONTENT), NEVER);
      await expect(refused).rejects.toMatchObject({ code: 'digest-mismatch' });
      await expectNothing();
    }
    const order = { ...orderOf(fixture, SIZE), sha256: [right, right] };
    const id = await upload.run(fixture.root, order, () => sourceOf(CONTENT), NEVER);
    expect(await bucket.blobs()).toEqual([[id, SIZE]]);
  });

  it('are deleted at once if their writer is alive to do it', async () => {
    const { upload } = startReplica(fixture, { stores });
    const torn = new Error('the wire is torn');
    const order = orderOf(fixture, SIZE);
    const brought = upload.run(fixture.root, order, () => failAfter(torn, CONTENT.subarray(0, 100)), NEVER);
    await expect(brought).rejects.toBe(torn);
    await expectNothing();
  });

  it('that read as zeros, without an object, are cloned into another pool', async () => {
    const ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
    const size = bytes(1000);
    const source = await replica.create.run(fixture.root, { ...orderOf(fixture, size), size }, NEVER);
    await fixture.depot.work.run(async (tx) => {
      await tx.assignments.store(fixture.group.id, ONE, { write: true, manage: false });
    });
    const cloneFixture = openCloneFixture(fixture, { stores });
    const { id } = await cloneFixture.clone.run(ann, source, {});
    await cloneFixture.finishJobs();
    expect((await fixture.content(id, TWO)).equals(Buffer.alloc(size))).toBe(true);
  });

  describe('whose writer died', () => {
    let id: MediaId;
    beforeEach(async () => {
      id = randomUUID() as MediaId;
      const dead = { holder: randomUUID() as InstanceId, seconds: -1 };
      await fixture.depot.work.run(async (tx) =>
        admit(tx, fixture.pools, fixture.root, id, orderOf(fixture, SIZE), 'uploading', dead),
      );
      await store.writer(id as string as BlobId, bytes(SIZE)).write(sourceOf(CONTENT), NEVER);
      // A sweeper judges leases only after the database has responded before.
      await replica.sweep.run();
    });

    const where = () => ({ Bucket: bucket.location.bucket, Key: id });

    it('lose their multipart upload at once, and are refunded only after the purge delay', async () => {
      expect(await bucket.openUploads()).toEqual([id]);
      await replica.sweep.run();
      expect([await bucket.openUploads(), await fixture.states()]).toEqual([[], ['removing']]);
      expect([await fixture.used(), await fixture.poolUsage()]).toEqual([0, SIZE]);
      await letTimePass();
      await replica.sweep.run();
      await expectNothing();
    });

    it('also lose an object that the server creates only after that', async () => {
      await replica.sweep.run();
      await bucket.client.send(new PutObjectCommand({ ...where(), Body: 'late' }));
      await bucket.client.send(new CreateMultipartUploadCommand(where()));
      await replica.sweep.run();
      // Nothing is deleted while late requests may arrive.
      expect([await bucket.blobs(), await bucket.openUploads()]).toEqual([[[id, 4]], [id]]);
      await letTimePass();
      await replica.sweep.run();
      await expectNothing();
    });
  });

  /** Lets the purge delay pass. */
  async function letTimePass(): Promise<void> {
    const left = await rowsOf(
      fixture.depot.url,
      `update media set settled_at = settled_at - interval '${PURGE_DELAY_SECONDS} s'
       where settled_at > clock_timestamp() + interval '${PURGE_DELAY_SECONDS - 600} s' returning id`,
    );
    expect(left).toHaveLength(1);
  }
});
