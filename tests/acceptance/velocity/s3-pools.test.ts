import { createHash, randomBytes } from 'node:crypto';
import { freshName, logIn, sendAnywhere } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { openTestBucket, type TestBucket } from '../../support/s3/test-bucket.ts';
import { until } from '../../support/waiting/until.ts';
import { Cloud } from '../cloudsigma/cloud.ts';
import { testGrownMedia } from './grown-media.ts';
import { expectError } from './provocation.ts';
import { beginUpload } from './raw-upload.ts';
import { mediaOf, midOf, openScene, poolOf, untilAdmitted, type Scene } from './scene.ts';

const MIB = 1024 * 1024;
const TIB = 1024 ** 4;

describe('A pool in S3', () => {
  const content = randomBytes(20 * MIB + 7);
  const sha256 = createHash('sha256').update(content).digest('hex');
  let bucket: TestBucket;
  let scene: Scene;
  beforeAll(async () => {
    bucket = await openTestBucket();
    scene = await openScene({ bucket });
  });

  async function upload(bytes = content, readonly = true): Promise<string> {
    return midOf(await scene.root.upload({ group: 0, name: freshName('media'), readonly }, bytes));
  }

  it.each([true, false])('stores items of several parts, and lists their digest (read-only: %s)', async (readonly) => {
    const mid = await upload(content, readonly);
    expect(await mediaOf(scene, 0)).toContainEqual(
      expect.objectContaining({ mid, size: content.length, sha256, readonly }),
    );
    expect(await bucket.blobs()).toContainEqual([mid, content.length]);
    expect(await bucket.openUploads()).toEqual([]);
    const { status, headers, bytes } = await scene.root.read(mid);
    expect([status, headers.etag, bytes.equals(content)]).toEqual([200, `"${sha256}-${content.length}"`, true]);
    const part = await scene.root.read(mid, { range: `bytes=${8 * MIB - 2}-${8 * MIB + 1}`, 'if-range': headers.etag });
    expect([part.status, part.bytes]).toEqual([206, content.subarray(8 * MIB - 2, 8 * MIB + 2)]);
  });

  it('stores empty items', async () => {
    const mid = await upload(Buffer.alloc(0));
    const { status, bytes } = await scene.root.read(mid);
    expect([status, bytes.length]).toEqual([200, 0]);
  });

  it('creates and removes a tebibyte of zeros without an object', async () => {
    const before = await bucket.blobs();
    const order = { gid: 0, mpid: 1, name: freshName('media'), size: TIB };
    const { mid } = await scene.root.ask<{ mid: string }>('PUT /m/media/create', order);
    expect(await bucket.blobs()).toEqual(before);
    const { headers } = await scene.root.read(mid, { range: 'bytes=0-3' });
    const { status, bytes } = await scene.root.read(mid, { range: 'bytes=-4', 'if-range': headers.etag });
    expect([status, bytes, headers['repr-digest']]).toEqual([206, Buffer.alloc(4), undefined]);
    expect(await mediaOf(scene, 0)).toContainEqual(expect.objectContaining({ mid, sha256: null }));
    await scene.root.ask('DELETE /m/media', { mid });
    expect((await scene.root.read(mid)).status).toBe(404);
  });

  describe('has downloads of larger items, which', () => testGrownMedia(() => scene));

  it('resizes zeros, and changes them to a cdrom and back, without an object', async () => {
    const before = await bucket.blobs();
    const root = new Cloud(scene.root.url, 'root', ROOT_PASSWORD);
    const { uuid } = await root.make({ size: 1000 });
    for (const change of [{ size: 2000 }, { size: 500 }, { media: 'cdrom' }, { media: 'disk' }]) {
      expect(await root.ask(`PUT /drives/${uuid}/`, change)).toMatchObject(change);
    }
    const { status, headers, bytes } = await scene.root.read(uuid);
    expect([status, bytes, headers.etag]).toEqual([200, Buffer.alloc(500), expect.any(String)]);
    expect(await bucket.blobs()).toEqual(before);

    const mid = await upload(content, false);
    const smaller = await root.call(`PUT /drives/${mid}/`, { size: content.length - 1 });
    expect(smaller.status).toBe(400);
    expect((await scene.root.read(mid)).bytes.equals(content)).toBe(true);
  });

  it('deletes the object of a removed item', async () => {
    const mid = await upload();
    await scene.root.ask('DELETE /m/media', { mid });
    expect((await bucket.blobs()).map(([key]) => key)).not.toContain(mid);
  });

  it('leaves nothing behind of bytes without the promised digest', async () => {
    const name = freshName('media');
    const before = await bucket.blobs();
    const headers = { 'x-velocity-sha256': 'ab'.repeat(32) };
    expectError(await scene.root.upload({ group: 0, name, headers }, content), 9223, 400);
    expect([await bucket.blobs(), await bucket.openUploads()]).toEqual([before, []]);
    const again = { 'repr-digest': `sha-512=:AA==:, sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:` };
    expect((await scene.root.upload({ group: 0, name, headers: again }, content)).status).toBe(200);
  });

  it('leaves nothing behind of an upload that is cut off in the middle of a part', async () => {
    const name = freshName('media');
    const { used } = await poolOf(scene, 0);
    const connection = await beginUpload(scene.root, { group: 0, name }, content.length);
    await connection.send(content.subarray(0, 10 * MIB));
    await until('the first part is sent', async () => (await bucket.openUploads()).length === 1);
    connection.reset();
    await until('nothing is left', async () => (await bucket.openUploads()).length === 0);
    await until('nothing counts', async () => (await poolOf(scene, 0)).used === used);
  });

  it('deletes the leftovers of a killed process at the next start', async () => {
    const name = freshName('media');
    const before = await bucket.blobs();
    const connection = await beginUpload(scene.root, { group: 0, name }, content.length);
    await connection.send(content.subarray(0, 10 * MIB));
    await untilAdmitted(scene, name);
    await until('it is under way', async () => (await bucket.openUploads()).length === 1);
    await scene.platter.kill('SIGKILL');
    await scene.platter.restart();
    scene = { ...scene, root: await logIn(scene.platter.url) };
    await until('nothing is left', async () => (await bucket.openUploads()).length === 0);
    expect(await bucket.blobs()).toEqual(before);
    expect((await mediaOf(scene, 0)).map((media) => media.name)).not.toContain(name);
  });

  it('refuses an upload that needs too much memory, before its body, and names the setting', async () => {
    const size = 2_560_000 * MIB + 1;
    const connection = await beginUpload(scene.root, { group: 0, name: freshName('media') }, size);
    const answer = await connection.answer();
    expectError(answer, 9221, 406);
    expect((answer.body as { message: string }).message).toContain('PLATTER_S3_MEMORY');
  });

  it('reports bytes as missing after their object was deleted', async () => {
    const mid = await upload(content, false);
    await bucket.delete(mid);
    expectError(await scene.root.read(mid), 301, 503);
    await scene.root.ask('DELETE /m/media', { mid });
  });
});

describe('Downloads from S3 that are redirected', () => {
  let bucket: TestBucket;
  let scene: Scene;
  const content = Buffer.from('the bytes of media');
  beforeAll(async () => {
    bucket = await openTestBucket();
    const reachable = bucket.location.endpoint!.replace('127.0.0.1', 'localhost');
    scene = await openScene({
      bucket,
      env: { PLATTER_S3_REDIRECTS: 'true', PLATTER_S3_PUBLIC_ENDPOINT: reachable },
    });
  });

  it('have a URL for the bytes, whole or in ranges, with the name of the item', async () => {
    const name = `Müller's "東京" ${freshName('media')}`;
    const mid = midOf(await scene.root.upload({ group: 0, name }, content));
    const { status, headers } = await scene.root.read(mid);
    expect([status, headers['cache-control']]).toEqual([307, 'no-store']);
    const address = new URL(headers.location!);
    expect([address.hostname, Number(address.searchParams.get('X-Amz-Expires'))]).toEqual(['localhost', 300]);
    const path = address.pathname + address.search;
    const answer = await sendAnywhere(address.origin, { method: 'GET', path, headers: { host: address.host } });
    expect([answer.status, answer.bytes]).toEqual([200, content]);
    expect(answer.headers['content-disposition']).toContain(encodeURIComponent('東京'));
    const part = await sendAnywhere(address.origin, {
      method: 'GET',
      path,
      headers: { host: address.host, range: 'bytes=4-8' },
    });
    expect([part.status, part.bytes]).toEqual([206, content.subarray(4, 9)]);
  });

  it('are not sent for a HEAD, with conditions, and when zeros have to be added', async () => {
    const mid = midOf(await scene.root.upload({ group: 0, name: freshName('media') }, content));
    const { status, headers } = await scene.root.read(mid, {}, 'HEAD');
    expect(status).toBe(200);
    expect((await scene.root.read(mid, { 'if-none-match': headers.etag })).status).toBe(304);
    const order = { gid: 0, mpid: 1, name: freshName('media'), size: 5 };
    const { mid: zeros } = await scene.root.ask<{ mid: string }>('PUT /m/media/create', order);
    const read = await scene.root.read(zeros);
    expect([read.status, read.bytes]).toEqual([200, Buffer.alloc(5)]);
  });
});
