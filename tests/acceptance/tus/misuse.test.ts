import { randomBytes } from 'node:crypto';
import { type Answer } from '../../support/http/client.ts';
import { RawConnection } from '../../support/http/raw-http.ts';
import { until } from '../../support/waiting/until.ts';
import { makeUser, poolOf, untilNothingIsLeft } from '../velocity/scene.ts';
import { codeOf, TusRequests } from './tus-requests.ts';
import { TusScene } from './tus-scene.ts';

let test: TusScene;
beforeAll(async () => (test = await TusScene.open()));
beforeEach(async () => test.refresh());

describe('What a client should never do', () => {
  it('append anywhere but at the offset', async () => {
    const location = await test.root.created(100, test.metadata());
    await test.root.patch(location, 0, randomBytes(10));
    for (const offset of [0, 9, 11, 99]) {
      const answer = await test.root.patch(location, offset, 'x');
      expect([answer.status, codeOf(answer), answer.headers['upload-offset']]).toEqual([
        409,
        'upload-offset-mismatch',
        '10',
      ]);
    }
    for (const offset of ['', '-1', '1.0', '0x0', '99999999999999999999']) {
      expect((await test.root.patch(location, offset, 'x')).status).toBe(400);
    }
    expect(await test.root.offset(location)).toBe(10);
    expect((await test.root.remove(location)).status).toBe(204);
  });

  it('send more bytes than the upload has', async () => {
    const location = await test.root.created(10, test.metadata());
    expect((await test.root.patch(location, 0, randomBytes(11))).status).toBe(413);
    expect(await test.root.offset(location)).toBe(0);
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 100; index += 1) yield await Promise.resolve(Buffer.alloc(1_000));
    }
    expect((await test.root.patch(location, 0, endless())).status).toBe(413);
    expect((await test.root.remove(location)).status).toBe(204);
    await untilNothingIsLeft(test.scene, test.gid, test.name);
  });

  it('begin without the version, a length or a type', async () => {
    const location = await test.root.created(10, test.metadata());
    const without = async (method: string, path: string, headers = {}): Promise<Answer> =>
      test.root.ask(method, path, { 'tus-resumable': [], ...headers });
    for (const [method, path] of [
      ['POST', '/uploads/'],
      ['HEAD', location],
      ['PATCH', location],
      ['DELETE', location],
    ] as const) {
      const { status, headers } = await without(method, path);
      expect([method, status, headers['tus-version']]).toEqual([method, 412, '1.0.0']);
    }
    expect((await test.root.ask('HEAD', location, { 'tus-resumable': '0.2.0' })).status).toBe(412);
    expect((await test.root.create([] as never, test.metadata())).status).toBe(400);
    expect((await test.root.create('ten', test.metadata())).status).toBe(400);
    expect((await test.root.create('9'.repeat(30), test.metadata())).status).toBe(413);
    expect((await test.root.create(10, test.metadata(), { 'upload-defer-length': '1' })).status).toBe(400);
    expect((await test.root.create(10, test.metadata(), { 'upload-concat': 'partial' })).status).toBe(400);
    expect((await test.root.patch(location, 0, 'x', { 'content-type': 'application/octet-stream' })).status).toBe(415);
    expect((await test.root.patch(location, 0, 'x', { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await test.root.create(10, test.metadata(), {}, 'no type')).status).toBe(415);
    expect(await test.root.offset(location)).toBe(0);
    expect((await test.root.remove(location)).status).toBe(204);
    await untilNothingIsLeft(test.scene, test.gid, test.name);
  });

  it('say what is no metadata', async () => {
    for (const [more, field] of [
      [{ filename: undefined }, 'filename'],
      [{ group: undefined }, 'group'],
      [{ group: 'mine' }, 'group'],
      [{ pool: '-1' }, 'pool'],
      [{ readonly: 'maybe' }, 'readonly'],
      [{ sha256: 'ab' }, 'sha256'],
    ] as const) {
      const answer = await test.root.create(10, test.metadata(more));
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(field)]);
    }
    for (const header of ['filename', 'filename %%%', ',', 'k,'.repeat(5_000), 'filename /w==,group MA==']) {
      expect((await test.root.ask('POST', '/uploads/', { 'upload-length': 1, 'upload-metadata': header })).status).toBe(
        400,
      );
    }
    const bomb = Array.from({ length: 1_500 }, (_none, index) => `k${index} QQ==`).join(',');
    expect((await test.root.ask('POST', '/uploads/', { 'upload-length': 1, 'upload-metadata': bomb })).status).toBe(
      400,
    );
    expect((await test.root.create(10, test.metadata({ filename: 'a/../b\u0000' }))).status).toBe(400);
    expect((await test.root.create(10, test.metadata({ filename: 'x'.repeat(256) }))).status).toBe(400);
    expect((await test.root.create(10, test.metadata({ group: '999999999' }))).status).toBeGreaterThanOrEqual(403);
    expect(codeOf(await test.root.create(10, test.metadata({ pool: '99' })))).toBe('pool-not-found');
    expect((await poolOf(test.scene, test.gid)).used).toBe(0);
  });

  it('ask for what is no upload', async () => {
    for (const id of ['1', '..%2f..%2fetc', '%00', 'x'.repeat(1_000), '00000000-0000-4000-8000-000000000000']) {
      const path = `/uploads/${id}`;
      for (const method of ['HEAD', 'DELETE']) expect((await test.root.ask(method, path)).status).toBe(404);
      expect((await test.root.patch(path, 0, 'x')).status).toBe(404);
    }
    expect((await test.root.ask('GET', '/uploads/1')).status).toBe(405);
    expect((await test.root.ask('PUT', '/uploads/')).status).toBe(405);
    expect((await test.root.ask('HEAD', '/uploads/1/2')).status).toBe(404);
    const { mid } = (await test.scene.root.upload({ group: test.gid, name: test.name }, 'an upload in one request'))
      .body as {
      mid: string;
    };
    expect((await test.root.head(`/uploads/${mid}`)).status).toBe(404);
  });

  it('touch the upload of another user', async () => {
    const { client: creator } = await makeUser(test.scene, test.gid, 'velocity.media.create', 'velocity.media.list');
    const { client: member } = await makeUser(test.scene, test.gid, 'velocity.media.create', 'velocity.media.list');
    const { client: remover } = await makeUser(test.scene, test.gid, 'velocity.media.remove');
    const location = await TusRequests.by(creator).created(10, test.metadata());
    const foreign = TusRequests.by(member);
    for (const answer of [
      await foreign.head(location),
      await foreign.patch(location, 0, 'x'),
      await foreign.remove(location),
    ]) {
      expect(answer.status).toBe(404);
    }
    const nobody = new TusRequests(() => test.scene.platter.url, 'Bearer none');
    const refused = await nobody.patch(location, 0, 'x');
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer realm="platter"']);
    expect((await TusRequests.by(remover).head(location)).status).toBe(200);
    expect((await TusRequests.by(remover).remove(location)).status).toBe(204);
    expect((await TusRequests.by(creator).head(location)).status).toBe(410);
    await untilNothingIsLeft(test.scene, test.gid, test.name);
  });

  it('write with two requests at once: the second takes over, and no byte is stored twice', async () => {
    const bytes = randomBytes(300_000);
    const location = await test.root.created(bytes.length, test.metadata());
    const first = await RawConnection.open(test.scene.platter.url);
    await first.send(test.patchHead(location, 0, bytes.length));
    await first.send(bytes.subarray(0, 100_000));
    let at = 0;
    const last = await until('the second request is let in', async () => {
      // A HEAD between two writers harms neither.
      const { status, headers } = await test.root.head(location);
      if (status !== 200) return null;
      at = Number(headers['upload-offset']);
      const answer = await test.root.patch(location, at, bytes.subarray(at));
      return answer.status === 204 ? answer : null;
    });
    await test.expectFinished(last, bytes);
    first.hangUp();
  });
});
