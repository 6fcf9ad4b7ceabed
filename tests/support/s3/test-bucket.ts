import { randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import type { S3Location } from '../../../src/adapters/blobs/s3/s3-location.ts';
import { startS3Server } from '../s3-server/server.ts';

/** A bucket of one's own on the server that the tests use. */
export interface TestBucket {
  readonly location: S3Location;
  readonly client: S3Client;
  /** What a program needs in its environment to use the bucket. */
  readonly credentials: Readonly<Record<string, string>>;
  /** The keys that begin with `prefix`, with their sizes. */
  keys(prefix?: string): Promise<[key: string, size: number][]>;
  /** The settings of a program whose only pool is this bucket. */
  readonly settings: Readonly<Record<string, string>>;
  /** What lies there besides the marker, by ascending key. */
  blobs(): Promise<[key: string, size: number][]>;
  read(key: string): Promise<Buffer>;
  delete(key: string): Promise<void>;
  /** The keys of the uploads that are open, as often as they are. */
  openUploads(prefix?: string): Promise<string[]>;
}

const MARKER = '.platter-pool.json';
const OWN = { AWS_ACCESS_KEY_ID: 'platter', AWS_SECRET_ACCESS_KEY: 'platter-secret' };
const closing: (() => Promise<unknown>)[] = [];

/**
 * Makes a fresh bucket on the server that TEST_S3_ENDPOINT names, with the usual AWS variables, or
 * else on a small one in this process. Whoever opens it also sees to `closeTestBuckets`.
 */
export async function openTestBucket(): Promise<TestBucket> {
  const { endpoint, credentials } = await serverOfTests();
  const bucket = `platter-test-${randomBytes(6).toString('hex')}`;
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: keysOf(credentials),
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const opened: TestBucket = {
    location: { bucket, prefix: '', endpoint, region: 'us-east-1', forcePathStyle: true, publicEndpoint: null },
    client,
    credentials,
    settings: {
      ...credentials,
      PLATTER_BLOB_BACKEND: 's3',
      PLATTER_S3_BUCKET: bucket,
      PLATTER_S3_ENDPOINT: endpoint,
      PLATTER_S3_SETTLE: '1',
    },
    blobs: async () => (await listKeys(client, bucket, '')).filter(([key]) => key !== MARKER),
    read: async (key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Buffer.from(await Body!.transformToByteArray());
    },
    delete: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    keys: async (prefix = '') => listKeys(client, bucket, prefix),
    openUploads: async (prefix = '') => (await listUploads(client, bucket, prefix)).map(({ Key = '' }) => Key),
  };
  closing.push(async () => clear(client, bucket));
  return opened;
}

let small: Promise<string> | null = null;

/**
 * Where the tests find S3, and what opens it. The environment of this process gets it too, where
 * the SDK looks for it.
 */
async function serverOfTests(): Promise<{ endpoint: string; credentials: Record<string, string> }> {
  const { TEST_S3_ENDPOINT, AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
  if (TEST_S3_ENDPOINT)
    return { endpoint: TEST_S3_ENDPOINT, credentials: { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } };
  Object.assign(process.env, OWN);
  small ??= startSmall();
  return { endpoint: await small, credentials: OWN };
}

async function startSmall(): Promise<string> {
  const server = await startS3Server(keysOf(OWN));
  closing.unshift(async () => server.close());
  return server.url;
}

export function keysOf(credentials: Readonly<Record<string, string>>): {
  accessKeyId: string;
  secretAccessKey: string;
} {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = credentials;
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
}

async function listKeys(client: S3Client, bucket: string, prefix: string): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for (;;) {
    const { Contents = [], IsTruncated } = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: found.at(-1)?.[0] ?? '' }),
    );
    found.push(...Contents.map(({ Key = '', Size = 0 }): [string, number] => [Key, Size]));
    if (IsTruncated !== true) return found;
  }
}

async function listUploads(client: S3Client, bucket: string, prefix: string) {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }));
  return Uploads;
}

async function clear(client: S3Client, bucket: string): Promise<void> {
  for (const { Key, UploadId } of await listUploads(client, bucket, '')) {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
  }
  const keys = await listKeys(client, bucket, '');
  for (let at = 0; at < keys.length; at += 50) {
    await Promise.all(
      keys.slice(at, at + 50).map(async ([Key]) => client.send(new DeleteObjectCommand({ Bucket: bucket, Key }))),
    );
  }
  if (process.env.TEST_S3_ENDPOINT) await client.send(new DeleteBucketCommand({ Bucket: bucket }));
  client.destroy();
}

/**
 * Ends what was opened: for the end of a file's tests, after everything that uses buckets. Doing it
 * twice is fine.
 */
export async function closeTestBuckets(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}
