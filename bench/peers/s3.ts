import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Bench } from '../frame/bench.ts';
import { plainEnvironment, script, start } from '../frame/program.ts';
import { CannotRun } from '../frame/row.ts';
import { freePort } from './free-port.ts';

/** The credentials as environment variables. */
export interface Bucket {
  readonly name: string;
  readonly endpoint: string;
  readonly credentials: Readonly<Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY', string>>;
}

/** The same as in the script that starts Ceph. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'platter', AWS_SECRET_ACCESS_KEY: 'platter-secret' };
const REGION = 'us-east-1';
const CEPH = join(import.meta.dirname, '..', '..', 'tests', 'support', 'ceph');
const CEPH_PATIENCE = 300_000;

/** Opens a bucket on the small S3 server of the tests. */
export async function openSmallBucket(bench: Bench): Promise<Bucket> {
  const { readyLine } = await start(bench, {
    command: script('peers/s3-server.ts'),
    env: CREDENTIALS,
    ready: 'ready ',
    log: join(await bench.folder(), 'log'),
  });
  return openBucket(readyLine.slice('ready '.length));
}

/**
 * Starts Ceph and opens a bucket on it.
 *
 * @throws CannotRun without Ceph
 */
export async function openCephBucket(bench: Bench): Promise<Bucket> {
  const command = promisify(execFile);
  for (const needed of ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph']) {
    await command(needed, ['--version'], { timeout: 60_000 }).catch(() => {
      throw new CannotRun(`Ceph is not installed (${needed})`);
    });
  }
  const folder = await bench.folder();
  const port = await freePort();
  bench.afterwards(async () => {
    await command(join(CEPH, 'stop'), [folder]);
  });
  await command(join(CEPH, 'start'), [folder, String(port)], { timeout: CEPH_PATIENCE, env: plainEnvironment() });
  return openBucket(`http://127.0.0.1:${port}`);
}

async function openBucket(endpoint: string): Promise<Bucket> {
  const client = clientOf({ endpoint, credentials: CREDENTIALS });
  const name = 'platter-bench';
  try {
    await client.send(new CreateBucketCommand({ Bucket: name }));
  } finally {
    client.destroy();
  }
  return { name, endpoint, credentials: CREDENTIALS };
}

/** Creates a client with Platter's defaults: no checksums besides the signature. */
export function clientOf({ endpoint, credentials }: Pick<Bucket, 'endpoint' | 'credentials'>): S3Client {
  return new S3Client({
    endpoint,
    region: REGION,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    credentials: {
      accessKeyId: credentials.AWS_ACCESS_KEY_ID,
      secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY,
    },
  });
}

/** Returns the settings of a Platter with this bucket as its only pool. */
export function settingsFor({ name, endpoint, credentials }: Bucket): Readonly<Record<string, string>> {
  return {
    ...credentials,
    PLATTER_BLOB_BACKEND: 's3',
    PLATTER_S3_BUCKET: name,
    PLATTER_S3_ENDPOINT: endpoint,
    PLATTER_S3_REGION: REGION,
  };
}
