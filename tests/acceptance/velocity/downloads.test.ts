import { createHash } from 'node:crypto';
import { freshName } from '../../support/http/client.ts';
import { testGrownMedia } from './grown-media.ts';
import { expectError } from './provocation.ts';
import { assign, makeAssignedGroup, makeUser, midOf, openScene, type Scene } from './scene.ts';

const BYTES = Buffer.from('the bytes of media');

describe('The bytes of an item', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene()));

  async function upload(gid: number, readonly = true, name = freshName('media')): Promise<string> {
    return midOf(await scene.root.upload({ group: gid, name, readonly }, BYTES));
  }

  it('are the uploaded ones, with the name of the item', async () => {
    const name = `Müller/東京 ${freshName('media')}`;
    const { status, headers, bytes } = await scene.root.read(await upload(0, true, name));
    expect([status, bytes]).toEqual([200, BYTES]);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(BYTES.length),
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'repr-digest': `sha-256=:${createHash('sha256').update(BYTES).digest('base64')}:`,
    });
    expect(headers['content-disposition']).toContain(encodeURIComponent('東京'));
  });

  it('are served in ranges', async () => {
    const mid = await upload(0);
    const { headers: whole } = await scene.root.read(mid);
    for (const [range, from, to] of [
      ['bytes=4-8', 4, 9],
      ['bytes=10-', 10, BYTES.length],
      ['bytes=-5', BYTES.length - 5, BYTES.length],
      ['bytes=4-999', 4, BYTES.length],
    ] as const) {
      const { status, headers, bytes } = await scene.root.read(mid, { range, 'if-range': whole.etag });
      expect([status, bytes]).toEqual([206, BYTES.subarray(from, to)]);
      expect(headers['content-range']).toBe(`bytes ${from}-${to - 1}/${BYTES.length}`);
    }
    expect((await scene.root.read(mid, { range: 'bytes=4-8', 'if-range': '"other"' })).bytes).toEqual(BYTES);
    const refused = await scene.root.read(mid, { range: 'bytes=999-' });
    expect(refused.headers['content-range']).toBe(`bytes */${BYTES.length}`);
  });

  it('are served as a whole when a range is malformed, unsupported or void', async () => {
    const mid = await upload(0);
    const { headers: whole } = await scene.root.read(mid);
    const length = String(BYTES.length);
    for (const range of ['bytes=0-1,3-4', 'bytes=5-4', 'bytes=-', 'bytes=a-', 'lines=0-1', 'bytes 0-1']) {
      const { status, bytes } = await scene.root.read(mid, { range });
      expect([range, status, bytes]).toEqual([range, 200, BYTES]);
    }
    const head = await scene.root.read(mid, { range: 'bytes=4-8' }, 'HEAD');
    expect([head.status, head.headers['content-length'], head.headers['content-range']]).toEqual([
      200,
      length,
      undefined,
    ]);
    for (const range of ['bytes=-999', 'BYTES=0-,', 'bytes=0-99999999999999999999']) {
      const { status, headers, bytes } = await scene.root.read(mid, { range, 'if-range': whole.etag });
      expect([range, status, bytes]).toEqual([range, 206, BYTES]);
      expect(headers['content-range']).toBe(`bytes 0-${BYTES.length - 1}/${length}`);
    }
    expect((await scene.root.read(mid, { range: 'bytes=-0' })).status).toBe(416);
  });

  it('of an empty item are served as a whole for any range', async () => {
    const mid = midOf(await scene.root.upload({ group: 0, name: freshName('media') }, ''));
    for (const range of ['bytes=0-', 'bytes=-5', 'bytes=0-0', 'bytes=-0']) {
      const { status, bytes } = await scene.root.read(mid, { range });
      expect([range, status, bytes.length]).toEqual([range, 200, 0]);
    }
  });

  it('are served by the conditions, in the order of RFC 9110', async () => {
    const mid = await upload(0);
    const etag = (await scene.root.read(mid)).headers.etag!;
    const others = '"a", W/"b"';
    const past = 'Thu, 01 Jan 1970 00:00:00 GMT';
    const future = 'Fri, 01 Jan 2999 00:00:00 GMT';
    const range = 'bytes=0-3';
    const cases: readonly (readonly [status: number, headers: Readonly<Record<string, string>>])[] = [
      [412, { 'if-match': others, range: 'bytes=999-' }],
      [412, { 'if-match': `W/${etag}`, 'if-none-match': etag }],
      [206, { 'if-match': `${others}, ${etag}`, range }],
      [200, { 'if-match': '*' }],
      [304, { 'if-match': etag, 'if-none-match': `${others}, W/${etag}`, range: 'bytes=999-' }],
      [304, { 'if-none-match': '*' }],
      [304, { 'if-none-match': etag, 'if-modified-since': past }],
      [200, { 'if-none-match': others, 'if-modified-since': future }],
      [200, { 'if-modified-since': future, 'if-unmodified-since': past }],
      [206, { 'if-none-match': others, range, 'if-range': etag }],
      [200, { range, 'if-range': `W/${etag}` }],
      [200, { range, 'if-range': future }],
    ];
    for (const [status, headers] of cases) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await scene.root.read(mid, headers, method);
        // A HEAD has no range.
        const expected = method === 'HEAD' && status === 206 ? 200 : status;
        expect([method, headers, answer.status]).toEqual([method, headers, expected]);
        if (status === 304) expect(answer.headers).toMatchObject({ etag, 'cache-control': 'private, no-cache' });
      }
    }
  });

  it('of a writable item have no ETag, so that no condition matches', async () => {
    const mid = midOf(await scene.root.upload({ group: 0, name: freshName('media'), readonly: false }, BYTES));
    const { status } = await scene.root.read(mid, { 'if-match': '"a"' });
    const any = await scene.root.read(mid, { 'if-match': '*', range: 'bytes=0-3' });
    expect([status, any.status]).toEqual([412, 206]);
  });

  it('are not sent for a HEAD, nor to a client that has them', async () => {
    const mid = await upload(0);
    const { status, headers, bytes } = await scene.root.read(mid, {}, 'HEAD');
    expect([status, headers['content-length'], bytes.length]).toEqual([200, String(BYTES.length), 0]);
    expect((await scene.root.read(mid, { 'if-none-match': headers.etag })).status).toBe(304);
  });

  it('are zeros where nothing was written', async () => {
    const order = { gid: 0, mpid: 1, name: freshName('media'), size: 2 ** 40 };
    const { mid } = await scene.root.ask<{ mid: string }>('PUT /m/media/create', order);
    const { status, bytes } = await scene.root.read(mid, { range: `bytes=${2 ** 40 - 3}-` });
    expect([status, bytes]).toEqual([206, Buffer.alloc(3)]);
  });

  testGrownMedia(() => scene);

  it('are readable with the permission to list the media, while the pool is assigned to the group', async () => {
    const gid = await makeAssignedGroup(scene);
    const mid = await upload(gid);
    const { client } = await makeUser(scene, gid, 'velocity.media.list');
    expect((await client.read(mid)).bytes).toEqual(BYTES);
    await scene.root.ask('DELETE /m/pool/assign', { gid, mpid: 1 });
    expect((await client.read(mid)).status).toBe(404);
    await assign(scene, gid, { write: false, manage: false });
    expect((await client.read(mid)).bytes).toEqual(BYTES);
    expectError(await client.read(mid, { authorization: 'Bearer wrong' }), 100, 401);
  });
});
