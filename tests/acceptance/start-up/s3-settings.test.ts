import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../../src/infrastructure/config.ts';
import { closeTestBuckets, openTestBucket } from '../../support/s3.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Installation } from './installation.ts';

async function pools(text: string, env: NodeJS.ProcessEnv = {}): Promise<readonly object[]> {
  const file = join(await temporaryFolder(), 'pools.yaml');
  await writeFile(file, text);
  return (await readConfig({ PLATTER_POOLS_FILE: file, ...env })).pools;
}

describe('The settings of pools in S3', () => {
  afterAll(closeTestBuckets);

  it('are read from a pools file, beside pools of the other kind', async () => {
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
  ])('are refused where they say { %s }', async (entry, fault) => {
    await expect(pools(`pools:\n  - { mpid: 1, name: one, ${entry} }\n`)).rejects.toThrow(fault);
  });

  it('are refused where two pools share a place', async () => {
    const twice = pools(
      `pools:
  - { mpid: 1, name: one, backend: s3, bucket: bytes, prefix: a/, default: true }
  - { mpid: 2, name: two, backend: s3, bucket: bytes, prefix: a/ }
`,
    );
    await expect(twice).rejects.toThrow('two pools share the bucket bytes and the prefix a/');
  });

  it('are read from the environment without a pools file', async () => {
    const { pools: found, s3Memory } = await readConfig({
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
    expect(s3Memory).toBe(64 * 1024 * 1024);
    await expect(readConfig({ PLATTER_BLOB_BACKEND: 's3', PLATTER_S3_MEMORY: '4MiB' })).rejects.toThrow(
      /PLATTER_S3_MEMORY: must be at least 5 MiB.*\nPLATTER_S3_BUCKET: a pool in S3 needs a bucket/,
    );
  });

  it('lead to an error at start that says what is wrong with the bucket', async () => {
    const { settings } = await openTestBucket();
    const installation = await Installation.beside();
    const said = await installation.refusal({ ...settings, PLATTER_S3_BUCKET: 'there-is-none-of-this-name' });
    expect(said).toMatch(
      /pool 1 \("default"\): the bucket there-is-none-of-this-name can't be used \(NoSuchBucket, status 404\)/,
    );
    const keyless = await installation.refusal({ ...settings, AWS_SECRET_ACCESS_KEY: 'wrong' });
    expect(keyless).toMatch(/\(SignatureDoesNotMatch, status 403\): the secret key is wrong/);
    const lost = await installation.refusal({ ...settings, PLATTER_S3_ENDPOINT: 'http://127.0.0.1:1' });
    expect(lost).toMatch(/\(ECONNREFUSED\): see that the endpoint is right/);
  });
});
