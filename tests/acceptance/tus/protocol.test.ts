import { createHash, randomBytes } from 'node:crypto';
import { freshName, sendAnywhere, type Answer } from '../../support/http/client.ts';
import { RawConnection } from '../../support/http/raw-http.ts';
import { makeAssignedGroup, mediaOf, poolOf } from '../velocity/scene.ts';
import { APPENDED, codeOf, TUS, type Metadata } from './tus-requests.ts';
import { TusScene } from './tus-scene.ts';

let test: TusScene;
beforeAll(async () => (test = await TusScene.open()));
beforeEach(async () => test.refresh());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('An upload over tus', () => {
  it('is created at a relative location, and charged at once', async () => {
    const { status, headers } = await test.root.create(1_000, test.metadata());
    expect(status).toBe(201);
    expect(headers.location).toMatch(/^\/uploads\/[0-9a-f-]{36}$/);
    expect(headers).toMatchObject({ 'tus-resumable': '1.0.0', 'upload-offset': '0', 'cache-control': 'no-store' });
    const expires = Date.parse(String(headers['upload-expires']));
    expect(expires - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect(expires - Date.now()).toBeLessThan(25 * 3_600_000);
    expect((await poolOf(test.scene, test.gid)).used).toBe(1_000);
    expect(await mediaOf(test.scene, test.gid)).toEqual([]);
    expect((await test.root.remove(headers.location!)).status).toBe(204);
    expect((await poolOf(test.scene, test.gid)).used).toBe(0);
  });

  it('keeps the metadata as they were sent, while it is open and when it is finished', async () => {
    const [name, group] = [test.name, String(test.gid)].map((text) => Buffer.from(text).toString('base64'));
    // With keys that Platter does not know, as long as all headers of a request may be.
    const sent = `is_confidential, note ${'QUJD'.repeat(3_500)} ,group ${group},name ${name}`;
    const { headers } = await test.root.ask('POST', '/uploads/', { 'upload-length': 3, 'upload-metadata': sent });
    expect((await test.root.head(headers.location!)).headers['upload-metadata']).toBe(sent);
    await test.expectFinished(await test.root.patch(headers.location!, 0, 'abc'), Buffer.from('abc'));
    expect((await test.root.head(headers.location!)).headers['upload-metadata']).toBe(sent);
  });

  it('continues where it was, over requests of any size, down to one byte', async () => {
    const bytes = randomBytes(3_000);
    const location = await test.root.created(bytes.length, test.metadata());
    let [at, last] = [0, undefined as Answer | undefined];
    for (const size of [1, 1, 1, 997, 1, 1_000, 0, 999]) {
      last = await test.root.patch(location, at, bytes.subarray(at, at + size));
      at += size;
      expect([last.status, last.headers['upload-offset']]).toEqual([204, String(at)]);
      if (at < bytes.length) expect(await test.root.offset(location)).toBe(at);
    }
    await test.expectFinished(last!, bytes);
  });

  it('is found finished, with its item, and leaves the item alone when it is deleted', async () => {
    const bytes = randomBytes(100);
    const location = await test.root.created(bytes.length, test.metadata({ sha256: sha256(bytes) }));
    await test.expectFinished(await test.root.patch(location, 0, bytes), bytes);
    const found = await test.root.head(location);
    expect(found.status).toBe(200);
    expect(found.headers).toMatchObject({
      'upload-offset': '100',
      'upload-length': '100',
      'platter-media': location.replace('/uploads/', ''),
    });
    expect((await test.root.remove(location)).status).toBe(404);
    expect(await mediaOf(test.scene, test.gid)).toHaveLength(1);
  });

  it('takes its first bytes with the creation', async () => {
    const bytes = randomBytes(2_000);
    const { status, headers } = await test.root.create(
      2_000,
      test.metadata(),
      { 'content-type': APPENDED },
      bytes.subarray(0, 900),
    );
    expect([status, headers['upload-offset'], headers['platter-media']]).toEqual([201, '900', undefined]);
    await test.expectFinished(await test.root.patch(headers.location!, 900, bytes.subarray(900)), bytes);
  });

  it('is whole after its creation when all bytes come along, and when there are none', async () => {
    const bytes = randomBytes(500);
    await test.expectFinished(await test.root.create(500, test.metadata(), { 'content-type': APPENDED }, bytes), bytes);
    test.name = freshName('upload');
    test.gid = await makeAssignedGroup(test.scene);
    await test.expectFinished(await test.root.create(0, test.metadata()), Buffer.alloc(0));
    test.name = freshName('upload');
    test.gid = await makeAssignedGroup(test.scene);
    const untold = { 'content-type': APPENDED, 'transfer-encoding': 'chunked' };
    await test.expectFinished(await test.root.create(0, test.metadata(), untold, ''), Buffer.alloc(0));
  });

  it('is the same upload when the answer to its creation got lost', async () => {
    const location = await test.root.created(50, test.metadata());
    expect(await test.root.created(50, test.metadata())).toBe(location);
    expect((await poolOf(test.scene, test.gid)).used).toBe(50);
    expect(codeOf(await test.root.create(51, test.metadata()))).toBe('media-name-taken');
    await test.root.patch(location, 0, 'x');
    expect(codeOf(await test.root.create(50, test.metadata()))).toBe('media-name-taken');
    expect((await test.root.remove(location)).status).toBe(204);
  });

  it('is sent by a client that has no PATCH', async () => {
    const location = await test.root.created(5, test.metadata());
    const headers = {
      ...TUS,
      authorization: test.root.authorization,
      'upload-offset': 0,
      'content-type': APPENDED,
      'x-http-method-override': 'PATCH',
    };
    const answer = await sendAnywhere(test.scene.platter.url, {
      method: 'POST',
      path: location,
      headers,
      body: 'bytes',
    });
    await test.expectFinished(answer, Buffer.from('bytes'));
  });

  it('is sent in chunks whose number only their end tells', async () => {
    const bytes = randomBytes(200_000);
    const location = await test.root.created(bytes.length, test.metadata());
    async function* twoHalves(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 100_000);
      await Promise.resolve();
      yield bytes.subarray(100_000);
    }
    await test.expectFinished(await test.root.patch(location, 0, twoHalves()), bytes);
  });

  it('has the type and the flag of its metadata, or those of its bytes', async () => {
    const typeOf = async (more: Metadata): Promise<unknown> => {
      test.name = freshName('upload');
      const { headers, status, text } = await test.root.create(
        5,
        test.metadata(more),
        { 'content-type': APPENDED },
        'bytes',
      );
      expect([status, text]).toEqual([201, '']);
      const { media } = await test.scene.root.ask<{ media: { mid: string; type: string; readonly: boolean }[] }>(
        'POST /m/media/list',
        { gid: test.gid },
      );
      const { type, readonly } = media.find(({ mid }) => mid === headers['platter-media'])!;
      return [type, readonly];
    };
    expect(await typeOf({})).toEqual(['DISK', false]);
    expect(await typeOf({ type: 'application/x-cd-image', filetype: 'ISO' })).toEqual(['DISK', false]);
    expect(await typeOf({ type: 'ISO' })).toEqual(['ISO', true]);
    expect(await typeOf({ type: 'ISO', readonly: 'false' })).toEqual(['ISO', false]);
    expect(await typeOf({ velocity_type: 'FLOPPY', readonly: 'true' })).toEqual(['FLOPPY', true]);
  });
});

describe('What the server says of itself', () => {
  it('needs no credentials', async () => {
    const { status, headers } = await sendAnywhere(test.scene.platter.url, { method: 'OPTIONS', path: '/uploads/' });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,expiration,checksum,termination',
      'tus-checksum-algorithm': 'sha1,sha256,md5',
    });
    expect(Number(headers['tus-max-size'])).toBeGreaterThan(2 ** 40);
  });

  it('is said in the form of the protocol about a request that is not HTTP, too', async () => {
    const connection = await RawConnection.open(test.scene.platter.url);
    await connection.send('PATCH /uploads/1 HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n');
    const { status, headers, body } = await connection.answer();
    expect([status, headers['content-type'], body]).toEqual([
      400,
      'application/problem+json',
      expect.objectContaining({ code: 'malformed' }),
    ]);
  });

  it('has a page for each kind of problem', async () => {
    const { body } = await test.root.create(10, test.metadata({ pool: '99' }));
    const { type, title, request_id: id } = body as { type: string; title: string; request_id: string };
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const answer = await sendAnywhere(test.scene.platter.url, { method: 'GET', path: type });
    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([
      200,
      'text/html; charset=utf-8',
      expect.stringContaining(title),
    ]);
    const unknown = await sendAnywhere(test.scene.platter.url, { method: 'GET', path: '/problems/none' });
    expect([unknown.status, unknown.headers['content-type']]).toEqual([
      404,
      expect.stringMatching(/^application\/problem\+json/),
    ]);
    expect(codeOf(unknown)).toBe('no-such-path');
  });
});
