import { randomUUID } from 'node:crypto';
import { PartMemory } from '../../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../../src/adapters/blobs/s3/s3-store.ts';
import type { BlobStore, ByteSource } from '../../../src/application/ports/blob-store.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { PoolId } from '../../../src/domain/shared/ids.ts';
import { NEVER, newBlob, patterned, stallAfter } from '../../support/files/byte-sources.ts';
import { gate } from '../../support/waiting/gate.ts';
import { hashingThreads } from '../../support/fixtures/hashing-threads.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../../support/s3/test-bucket.ts';
import { until } from '../../support/waiting/until.ts';

const MIB = 1024 * 1024;
const SIZE = 6 * MIB;
const CHUNK = patterned(MIB);

describe('Uploads to S3 that need more memory than the limit', () => {
  let bucket: TestBucket;
  let store: BlobStore;
  beforeAll(async () => {
    bucket = await openTestBucket();
    const terms = {
      checksums: 'WHEN_REQUIRED',
      callTimeoutSeconds: 20,
      purgeDelaySeconds: 60,
      redirects: false,
    } as const;
    store = new S3Store(bucket.location, terms, new PartMemory(5 * MIB), hashingThreads);
    await store.claim({ installation: randomUUID(), pool: 1 as PoolId, location: 0, holdsMedia: false });
  });
  afterAll(closeTestBuckets);

  it('wait without reading their source, and then continue', async () => {
    const first = store.writer(newBlob(), bytes(SIZE));
    const stalled = gate();
    const held = first.write(stallAfter(stalled, CHUNK), NEVER).catch(() => undefined);
    await stalled.opened;

    let asked = 0;
    async function* counted(): ByteSource {
      for (let sent = 0; sent < SIZE; sent += CHUNK.length) {
        asked += 1;
        yield CHUNK;
      }
    }
    const id = newBlob();
    const second = store.writer(id, bytes(SIZE));
    const written = second.write(counted(), NEVER);
    await until('the second one waits', () => asked > 0);
    // Time for an upload that does not wait.
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toBe(1);

    await first.cancel();
    await held;
    await written;
    expect(asked).toBe(SIZE / CHUNK.length);
    await second.commit();
    expect(await store.stat(id)).toMatchObject({ storedBytes: SIZE });
  });

  it('all finish, however many there are', async () => {
    const ids = Array.from({ length: 12 }, newBlob);
    async function* source(): ByteSource {
      for (let sent = 0; sent < SIZE; sent += CHUNK.length) yield CHUNK;
    }
    await Promise.all(
      ids.map(async (id) => {
        const writer = store.writer(id, bytes(SIZE));
        await writer.write(source(), new AbortController().signal);
        await writer.commit();
      }),
    );
    for (const id of ids) expect(await store.stat(id)).toMatchObject({ storedBytes: SIZE });
    expect(await bucket.openUploads()).toEqual([]);
  });
});
