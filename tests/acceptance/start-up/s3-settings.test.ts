import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../../src/infrastructure/config/config.ts';
import { closeTestBuckets, openTestBucket } from '../../support/s3/test-bucket.ts';
import { temporaryFolder } from '../../support/files/temporary-folder.ts';
import { Installation } from './installation.ts';

async function pools(text: string, env: NodeJS.ProcessEnv = {}): Promise<readonly object[]> {
  const file = join(await temporaryFolder(), 'pools.yaml');
  await writeFile(file, text);
  return (await readConfig({ PLATTER_POOLS_FILE: file, ...env })).pools;
}

describe('The settings of pools in S3', () => {
  afterAll(closeTestBuckets);

  it('are read from a pools file, beside local pools', async () => {
    const found = await pools(
      `pools:
  - { mpid: 1, name: one, path: /srv/one, default: true }
  - { mpid: 2, name: two, backend: s3, bucket: bytes, prefix: two/, endpoint: 'http://s3.example:9000' }
  - { mpid: 3, name: three, backend: s3, bucket: bytes, region: eu-west-1, force_path_style: true }
  - { mpid: 4, name: four, backend: local, path: /srv/four }
`,
      { AWS_REGION: 'eu-north-1' },
    );
    expect(found).toMatchObject([
      { path: '/srv/one' },
      {
        s3: {
          bucket: 'bytes',
          prefix: 'two/',
          endpoint: 'http://s3.example:9000',
          publicEndpoint: null,
          region: 'eu-north-1',
          forcePathStyle: true,
        },
      },
      { s3: { bucket: 'bytes', prefix: '', endpoint: null, region: 'eu-west-1', forcePathStyle: true } },
      { path: '/srv/four' },
    ]);
  });

  it.each([
    ['backend: s3', 'pools.0.bucket'],
    ['backend: s3, bucket: b, path: /srv', 'Unrecognized key: "path"'],
    ['backend: s3, bucket: bytes, secret_key: x', 'Unrecognized key: "secret_key"'],
    ['backend: tape, path: /srv', 'pools.0.backend'],
    ['backend: s3, bucket: bytes, endpoint: s3.example', 'must be a URL'],
    ["backend: s3, bucket: bytes, endpoint: 'http://user:word@s3.example'", 'without a user'],
    ['backend: s3, bucket: bytes, prefix: /leading', 'single slashes'],
    ['backend: s3, bucket: bytes, prefix: a/../b', '. or ..'],
    ['backend: s3, bucket: bytes, prefix: a//b', 'single slashes'],
    ["backend: s3, bucket: ''", 'must be the name of a bucket'],
    ['backend: s3, bucket: a/b', 'must be the name of a bucket'],
    ['backend: s3, bucket: bytes, public_endpoint: ftp://s3.example', 'pools.0.public_endpoint: must be a URL'],
    ["backend: s3, bucket: bytes, region: ''", 'pools.0.region'],
    ['backend: s3, bucket: bytes, force_path_style: maybe', 'pools.0.force_path_style'],
    ['path: /srv, bucket: bytes', 'Unrecognized key: "bucket"'],
  ])('are refused with { %s }', async (entry, fault) => {
    await expect(pools(`pools:\n  - { mpid: 1, name: one, ${entry} }\n`)).rejects.toThrow(fault);
  });

  it('are refused if two pools share a location', async () => {
    const twice = pools(
      `pools:
  - { mpid: 1, name: one, backend: s3, bucket: bytes, prefix: a/, default: true }
  - { mpid: 2, name: two, backend: s3, bucket: bytes, prefix: a/ }
`,
    );
    await expect(twice).rejects.toThrow('two pools share the bucket bytes and the prefix a/');
  });

  it('of a pools file override those of the environment', async () => {
    const entry = 'mpid: 1, name: one, backend: s3, bucket: bytes';
    const endpoints = "endpoint: 'https://s3.inside', public_endpoint: 'https://s3.outside'";
    const env = { PLATTER_S3_REGION: 'eu-west-2', AWS_REGION: 'eu-north-1', PLATTER_BLOB_BACKEND: 'local' };
    const ofEnvironment = await pools(`pools:\n  - { ${entry}, ${endpoints}, force_path_style: false }\n`, env);
    expect(ofEnvironment).toMatchObject([
      {
        isDefault: true,
        s3: {
          endpoint: 'https://s3.inside',
          publicEndpoint: 'https://s3.outside',
          region: 'eu-west-2',
          forcePathStyle: false,
        },
      },
    ]);
    const ofFile = await pools(`pools:\n  - { ${entry}, region: eu-west-1 }\n`, env);
    expect(ofFile).toMatchObject([{ s3: { region: 'eu-west-1', endpoint: null, forcePathStyle: false } }]);
  });

  it('have defaults', async () => {
    const {
      pools: found,
      s3,
      s3MemoryBytes,
    } = await readConfig({ PLATTER_BLOB_BACKEND: 's3', PLATTER_S3_BUCKET: 'bytes' });
    expect(found).toMatchObject([
      { s3: { prefix: '', endpoint: null, publicEndpoint: null, region: null, forcePathStyle: false } },
    ]);
    expect(s3).toEqual({ checksums: 'WHEN_REQUIRED', callTimeoutSeconds: 20, purgeDelaySeconds: 60, redirects: false });
    expect(s3MemoryBytes).toBe(256 * 1024 * 1024);
  });

  it('for all pools in S3 are read from the environment', async () => {
    const { pools: found, s3 } = await readConfig({
      PLATTER_BLOB_BACKEND: 's3',
      PLATTER_S3_BUCKET: 'bytes',
      PLATTER_S3_ENDPOINT: 'http://s3.inside:9000',
      PLATTER_S3_PUBLIC_ENDPOINT: 'https://s3.outside',
      PLATTER_S3_CHECKSUMS: 'when_supported',
      PLATTER_S3_TIMEOUT: '7',
      PLATTER_S3_SETTLE: '5',
      PLATTER_S3_REDIRECTS: 'true',
      AWS_REGION: 'eu-north-1',
    });
    expect(s3).toEqual({ checksums: 'WHEN_SUPPORTED', callTimeoutSeconds: 7, purgeDelaySeconds: 5, redirects: true });
    expect(found).toMatchObject([
      {
        s3: {
          endpoint: 'http://s3.inside:9000',
          publicEndpoint: 'https://s3.outside',
          region: 'eu-north-1',
          forcePathStyle: true,
        },
      },
    ]);
  });

  it.each([
    ['PLATTER_BLOB_BACKEND', 'tape'],
    ['PLATTER_S3_BUCKET', 'a/b'],
    ['PLATTER_S3_PREFIX', '/leading'],
    ['PLATTER_S3_ENDPOINT', 's3.example'],
    ['PLATTER_S3_PUBLIC_ENDPOINT', 'https://user@s3.example'],
    ['PLATTER_S3_FORCE_PATH_STYLE', 'yes'],
    ['PLATTER_S3_MEMORY', 'plenty'],
    ['PLATTER_S3_MEMORY', '5242879'],
    ['PLATTER_S3_CHECKSUMS', 'always'],
    ['PLATTER_S3_TIMEOUT', '0'],
    ['PLATTER_S3_TIMEOUT', '601'],
    ['PLATTER_S3_SETTLE', '0'],
    ['PLATTER_S3_SETTLE', '3601'],
    ['PLATTER_S3_REDIRECTS', '1'],
  ])('are refused if %s is %j, and the fault names it', async (name, value) => {
    const read = readConfig({ PLATTER_BLOB_BACKEND: 's3', PLATTER_S3_BUCKET: 'bytes', [name]: value });
    await expect(read).rejects.toThrow(new RegExp(`^${name}: .+`));
  });

  it('are read from the environment without a pools file', async () => {
    const { pools: found, s3MemoryBytes } = await readConfig({
      PLATTER_BLOB_BACKEND: 's3',
      PLATTER_S3_BUCKET: 'bytes',
      PLATTER_S3_PREFIX: 'platter/',
      PLATTER_S3_REGION: 'eu-west-1',
      PLATTER_S3_FORCE_PATH_STYLE: 'false',
      PLATTER_S3_MEMORY: '64 MiB',
      AWS_REGION: 'eu-north-1',
    });
    expect(found).toMatchObject([
      {
        id: 1,
        isDefault: true,
        s3: { bucket: 'bytes', prefix: 'platter/', region: 'eu-west-1', forcePathStyle: false },
      },
    ]);
    expect(s3MemoryBytes).toBe(64 * 1024 * 1024);
    await expect(readConfig({ PLATTER_BLOB_BACKEND: 's3', PLATTER_S3_MEMORY: '4MiB' })).rejects.toThrow(
      /PLATTER_S3_MEMORY: must be at least 5 MiB.*\nPLATTER_S3_BUCKET: a pool in S3 needs a bucket/,
    );
  });

  it('lead to an error at start with the fault of the bucket', async () => {
    const { settings } = await openTestBucket();
    const installation = await Installation.beside();
    const said = await installation.refusal({ ...settings, PLATTER_S3_BUCKET: 'there-is-none-of-this-name' });
    expect(said).toMatch(
      /pool 1 \("default"\): the bucket there-is-none-of-this-name cannot be used \(NoSuchBucket, status 404\)/,
    );
    const keyless = await installation.refusal({ ...settings, AWS_SECRET_ACCESS_KEY: 'wrong' });
    expect(keyless).toMatch(/\(SignatureDoesNotMatch, status 403\): the secret key is wrong/);
    const lost = await installation.refusal({ ...settings, PLATTER_S3_ENDPOINT: 'http://127.0.0.1:1' });
    expect(lost).toMatch(/\(ECONNREFUSED\): make sure that the endpoint is right/);
    const nobody = await installation.refusal({
      ...settings,
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: installation.dataDirectory,
    });
    expect(nobody).toMatch(/there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/);
  });
});
