import { createHash, randomBytes } from 'node:crypto';
import { freshName } from '../../support/http/client.ts';
import { RawConnection } from '../../support/http/raw-http.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { until } from '../../support/waiting/until.ts';
import { give, makeUser, untilNothingIsLeft } from '../velocity/scene.ts';
import { codeOf, TusRequests } from './tus-requests.ts';
import { TusScene } from './tus-scene.ts';

let test: TusScene;
beforeAll(async () => (test = await TusScene.open()));
beforeEach(async () => test.refresh());

describe('A broken connection', () => {
  it('costs nothing of what had arrived', async () => {
    const bytes = randomBytes(500_000);
    const location = await test.root.created(bytes.length, test.metadata());
    let at = 0;
    for (const cut of [100_000, 250_000, 400_000]) {
      const connection = await RawConnection.open(test.scene.platter.url);
      await connection.send(test.patchHead(location, at, bytes.length - at));
      await connection.send(bytes.subarray(at, cut));
      connection.hangUp();
      const before = at;
      at = await until('bytes of the broken request are kept', async () => {
        const { status, headers } = await test.root.head(location);
        const offset = Number(headers['upload-offset']);
        return status === 200 && offset > before ? offset : null;
      });
      expect(at).toBeLessThanOrEqual(cut);
    }
    await test.expectFinished(await test.root.patch(location, at, bytes.subarray(at)), bytes);
  });

  it('and a restart of the program as well', async () => {
    const bytes = randomBytes(100_000);
    const location = await test.root.created(bytes.length, test.metadata());
    expect((await test.root.patch(location, 0, bytes.subarray(0, 60_000))).status).toBe(204);
    await test.scene.platter.kill('SIGKILL');
    await test.scene.platter.restart();
    test.root = new TusRequests(() => test.scene.platter.url, test.root.authorization);
    Object.assign(test.scene.root, { url: test.scene.platter.url });
    expect(await test.root.offset(location)).toBe(60_000);
    await test.expectFinished(await test.root.patch(location, 60_000, bytes.subarray(60_000)), bytes);
  });
});

describe('A checksum', () => {
  const bytes = Buffer.from('the bytes of a chunk');

  it.each(['sha1', 'sha256', 'md5'])('of %s lets the right bytes in, and no others', async (algorithm) => {
    const location = await test.root.created(bytes.length, test.metadata());
    const of = (text: Uint8Array): string => `${algorithm} ${createHash(algorithm).update(text).digest('base64')}`;
    const wrong = await test.root.patch(location, 0, bytes, { 'upload-checksum': of(Buffer.from('others')) });
    expect([wrong.status, codeOf(wrong)]).toEqual([460, 'checksum-mismatch']);
    expect(await test.root.offset(location)).toBe(0);
    await test.expectFinished(await test.root.patch(location, 0, bytes, { 'upload-checksum': of(bytes) }), bytes);
  });

  it('of another algorithm, or that is none, is refused', async () => {
    const location = await test.root.created(bytes.length, test.metadata());
    for (const checksum of ['crc32 AAAAAA==', 'sha1', 'sha1 AAAA', 'sha1 !!!!']) {
      expect((await test.root.patch(location, 0, bytes, { 'upload-checksum': checksum })).status).toBe(400);
    }
    expect((await test.root.remove(location)).status).toBe(204);
  });

  it('leaves the offset where it was when the connection breaks', async () => {
    const location = await test.root.created(1_000, test.metadata());
    await test.root.patch(location, 0, Buffer.alloc(100));
    const connection = await RawConnection.open(test.scene.platter.url);
    const checksum = `sha1 ${createHash('sha1').update(Buffer.alloc(900)).digest('base64')}`;
    await connection.send(test.patchHead(location, 100, 900, { 'upload-checksum': checksum }));
    await connection.send(Buffer.alloc(500));
    connection.hangUp();
    await until('the upload is let go', async () => (await test.root.patch(location, 100, '')).status === 204);
    expect(await test.root.offset(location)).toBe(100);
    expect((await test.root.remove(location)).status).toBe(204);
  });
});

describe('The end of an upload', () => {
  it('with other bytes than it promised is told, and leaves nothing', async () => {
    const location = await test.root.created(5, test.metadata({ sha256: '0'.repeat(64) }));
    const answer = await test.root.patch(location, 0, 'bytes');
    expect([answer.status, codeOf(answer)]).toEqual([422, 'digest-mismatch']);
    expect((await test.root.head(location)).status).toBe(410);
    await untilNothingIsLeft(test.scene, test.gid, test.name);
  });

  it('with an image that is refused is told as soon as its first bytes are there', async () => {
    const image = Buffer.alloc(4 * 1024 * 1024);
    // A qcow2 header that names a backing file.
    image.write('QFI\u00fb', 'latin1');
    image.writeUInt32BE(3, 4);
    image.writeBigUInt64BE(1_024n, 8);
    image.writeUInt32BE(10, 16);
    image.writeUInt32BE(16, 20);
    image.write('/etc/passwd', 1_024);
    const location = await test.root.created(image.length, test.metadata());
    const answer = await test.root.patch(location, 0, image.subarray(0, 1_048_576));
    expect([answer.status, codeOf(answer)]).toEqual([422, 'format-refused']);
    expect((await test.root.head(location)).status).toBe(410);
    await untilNothingIsLeft(test.scene, test.gid, test.name);
  });

  it('frees its name, its charge and its bytes when it is deleted', async () => {
    const location = await test.root.created(1_000, test.metadata());
    await test.root.patch(location, 0, randomBytes(500));
    expect((await test.root.remove(location)).status).toBe(204);
    expect((await test.root.head(location)).status).toBe(410);
    expect((await test.root.patch(location, 500, 'x')).status).toBe(410);
    await untilNothingIsLeft(test.scene, test.gid, test.name);
  });
});

describe('The rights of a caller', () => {
  it('and the quota of its group decide before the first byte', async () => {
    const { client, uid } = await makeUser(test.scene, test.gid);
    const user = TusRequests.by(client);
    expect(codeOf(await user.create(10, test.metadata()))).toBe('permission-missing');
    await give(test.scene, uid, test.gid, 'velocity.media.create');
    await test.scene.root.ask('PUT /m/pool/assign', { gid: test.gid, mpid: 1, quota: 100, write: true, manage: true });
    const refused = await user.create(101, test.metadata());
    expect([refused.status, refused.body]).toEqual([
      403,
      expect.objectContaining({ code: 'quota-exceeded', needed_bytes: 101, available_bytes: 100, limited_by: 'group' }),
    ]);
    const location = await user.created(100, test.metadata());
    expect(codeOf(await user.create(1, test.metadata({ filename: freshName('upload') })))).toBe('quota-exceeded');
    await test.scene.root.ask('PUT /m/pool/assign', { gid: test.gid, mpid: 1, quota: 100, write: true, manage: false });
    const later = await user.patch(location, 0, 'x');
    expect([later.status, codeOf(later)]).toEqual([403, 'not-manager']);
    expect((await user.head(location)).status).toBe(410);
  });

  it('may be shown by name and password, unless a page of another origin sends them', async () => {
    const basic = new TusRequests(
      () => test.scene.platter.url,
      `Basic ${Buffer.from(`root:${ROOT_PASSWORD}`).toString('base64')}`,
    );
    const location = await basic.created(5, test.metadata());
    const foreign = await basic.patch(location, 0, 'bytes', { origin: 'http://elsewhere.example' });
    expect([foreign.status, codeOf(foreign)]).toEqual([403, 'foreign-origin']);
    const page = await test.root.patch(location, 0, 'bytes', { origin: 'http://elsewhere.example' });
    expect(page.headers['access-control-allow-origin']).toBe('*');
    await test.expectFinished(page, Buffer.from('bytes'));
  });
});
