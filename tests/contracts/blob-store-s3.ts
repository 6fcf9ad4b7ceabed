import { randomBytes } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PartMemory } from '../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../src/adapters/blobs/s3/s3-store.ts';
import type { S3Location, S3Terms } from '../../src/adapters/blobs/s3/s3-location.ts';
import { isUuid } from '../../src/domain/shared/ids.ts';
import { hashingThreads } from '../support/fixtures/hashing-threads.ts';
import { openTestBucket, type TestBucket } from '../support/s3/test-bucket.ts';
import type { BlobLocation, BlobStoreAdapter } from './blob-store-fixture.ts';

const MARKER = '.platter-pool.json';
const TERMS: S3Terms = { checksums: 'WHEN_REQUIRED', callTimeoutSeconds: 20, purgeDelaySeconds: 60, redirects: true };
/** Memory for fewer parts than the tests send at once. */
const MEMORY = 24 * 1024 * 1024;

let shared: Promise<TestBucket> | null = null;

/** Locations that are prefixes in one bucket. */
export const S3: BlobStoreAdapter = {
  name: 'S3',
  makeLocation: async () => {
    shared ??= openTestBucket();
    const bucket = await shared;
    return prefixLocation(bucket, { ...bucket.location, prefix: `${randomBytes(6).toString('hex')}/` });
  },
};

/** A prefix as the location of one store. */
export function prefixLocation(bucket: TestBucket, location: S3Location, endpoint = location.endpoint): BlobLocation {
  const { client } = bucket;
  const { bucket: Bucket, prefix } = location;
  const at = (name: string) => ({ Bucket, Key: prefix + name });
  async function read(id: string, from: number, to: number): Promise<Uint8Array> {
    const Range = `bytes=${from}-${to - 1}`;
    if (from === to || ((await bucket.keys(prefix + id))[0]?.[1] ?? to) <= from) return new Uint8Array();
    const { Body } = await client.send(new GetObjectCommand({ ...at(id), Range }));
    return Body!.transformToByteArray();
  }
  return {
    open: () => new S3Store({ ...location, endpoint }, TERMS, new PartMemory(MEMORY), hashingThreads),
    sizeOf: async (id) => (await bucket.keys(prefix + id)).find(([key]) => key === prefix + id)?.[1] ?? null,
    read: async (id, from, length) => read(id, from, from + length),
    plant: async (ids) => {
      for (let next = 0; next < ids.length; next += 50) {
        const few = ids.slice(next, next + 50);
        await Promise.all(
          few.map(async (id) => client.send(new PutObjectCommand({ ...at(id), Body: '', ContentLength: 0 }))),
        );
      }
    },
    writeInPlace: null,
    cutOff: async (id, length) => {
      await client.send(new PutObjectCommand({ ...at(id), Body: await read(id, 0, length) }));
    },
    deleteMarker: async () => {
      await client.send(new DeleteObjectCommand(at(MARKER)));
    },
    leftovers: async () => {
      const names = (await bucket.keys(prefix)).map(([key]) => key.slice(prefix.length));
      const strays = names.filter((name) => name !== MARKER && !isUuid(name));
      return [...strays, ...(await bucket.openUploads(prefix))];
    },
  };
}
