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

/** A fresh bucket on the S3 server of the tests. */
export interface TestBucket {
  readonly location: S3Location;
  readonly client: S3Client;
  /** The environment variables with the credentials. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Returns key and size of the objects below `prefix`. */
  keys(prefix?: string): Promise<[key: string, size: number][]>;
  /** The settings of a program whose only pool is this bucket. */
  readonly settings: Readonly<Record<string, string>>;
  /** Returns key and size of all objects except the marker, by ascending key. */
  blobs(): Promise<[key: string, size: number][]>;
  read(key: string): Promise<Buffer>;
  delete(key: string): Promise<void>;
  /** Returns the key of each open multipart upload. */
  openUploads(prefix?: string): Promise<string[]>;
}

const MARKER = '.platter-pool.json';
const OWN = { AWS_ACCESS_KEY_ID: 'platter', AWS_SECRET_ACCESS_KEY: 'platter-secret' };
const closing: (() => Promise<unknown>)[] = [];

/**
 * Creates a bucket on the server of TEST_S3_ENDPOINT, with the usual AWS variables, or on a small
 * one in this process. The test file calls `closeTestBuckets`.
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

let ownServer: Promise<string> | null = null;

/**
 * Returns endpoint and credentials of the S3 server, and sets the environment variables that the
 * SDK reads.
 */
async function serverOfTests(): Promise<{ endpoint: string; credentials: Record<string, string> }> {
  const { TEST_S3_ENDPOINT, AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
  if (TEST_S3_ENDPOINT)
    return { endpoint: TEST_S3_ENDPOINT, credentials: { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } };
  Object.assign(process.env, OWN);
  ownServer ??= startOwnServer();
  return { endpoint: await ownServer, credentials: OWN };
}

async function startOwnServer(): Promise<string> {
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

/** Closes everything that was opened. Call it after the tests of a file. Idempotent. */
export async function closeTestBuckets(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}
