import { send } from '../../support/http/client.ts';
import { head, RawConnection } from '../../support/http/raw-http.ts';
import { until } from '../../support/waiting/until.ts';
import { gate } from '../../support/waiting/gate.ts';
import { poolOf, startReplica } from '../velocity/scene.ts';
import { Cloud, expectFault, openCloud, createUser, type CloudScene, type Listed } from './cloud.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('The bytes of drives', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let gid: number;
  beforeAll(async () => {
    scene = await openCloud();
    ({ cloud: ann, gid } = await createUser(scene));
  });

  it.each(['/drives/upload/', '/drives/upload', '/drives/upload/image.raw', '/drives/upload/image.raw/'])(
    'go in by %s and come out again',
    async (path) => {
      const content = 'some bytes of an image';
      const answer = await ann.send(`POST ${path}`, content, {
        accept: 'text/plain',
        expect: '100-continue',
        'content-length': content.length,
      });
      expect([answer.status, answer.headers['content-type']]).toEqual([201, 'text/plain; charset=utf-8']);
      expect(answer.text).toMatch(UUID);
      expect(await ann.get(answer.text)).toMatchObject({
        name: `upload-${answer.text.slice(0, 8)}`,
        media: 'disk',
        size: content.length,
        status: 'unmounted',
      });
      const whole = await ann.send(`GET /drives/${answer.text}/download/`);
      expect([whole.status, whole.text]).toEqual([200, content]);
      expect(whole.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename=${answer.text}`,
        'accept-ranges': 'bytes',
      });
      const part = await ann.send(`GET /drives/${answer.text}/download`, '', { range: 'bytes=5-9' });
      expect([part.status, part.text]).toEqual([206, 'bytes']);
      const beyond = await ann.send(`GET /drives/${answer.text}/download/`, '', { range: 'bytes=99-' });
      expectFault(beyond, 416, 'validation');
      expect(beyond.headers['content-range']).toBe(`bytes */${content.length}`);
    },
  );

  it('need a Content-Length', async () => {
    const headers = { authorization: ann.authorization, 'transfer-encoding': 'chunked' };
    const answer = await send(ann.url, { method: 'POST', path: '/api/2.0/drives/upload/', headers, body: 'bytes' });
    expectFault(answer, 400, 'validation');
  });

  it('are inspected, and leave nothing behind when they are refused', async () => {
    const before = (await poolOf(scene, gid)).used;
    const qcow2 = Buffer.concat([Buffer.from('QFI\xfb', 'latin1'), Buffer.alloc(600)]);
    expectFault(await ann.send('POST /drives/upload/', qcow2), 400, 'validation');
    const { cloud: poor } = await createUser(scene, undefined, { quota: 4 });
    expectFault(await poor.send('POST /drives/upload/', 'bytes'), 402, 'billing');
    expect((await poolOf(scene, gid)).used).toBe(before);
  });

  it('are described by HEAD', async () => {
    const { text: uuid } = await ann.send('POST /drives/upload/', 'some bytes');
    const answer = await ann.send(`HEAD /drives/${uuid}/download/`);
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers).toMatchObject({
      'content-length': '10',
      'content-disposition': `attachment; filename=${uuid}`,
      'content-type': 'application/octet-stream',
    });
  });

  it('can be empty', async () => {
    const { status, text: uuid } = await ann.send('POST /drives/upload/', '', { 'content-length': 0 });
    expect(status).toBe(201);
    expect(await ann.get(uuid)).toMatchObject({ size: 0, status: 'unmounted' });
    expect((await ann.send(`GET /drives/${uuid}/download/`)).text).toBe('');
  });

  /**
   * Returns the head of an upload of `length` bytes by a client that waits for `100 Continue`, as
   * curl does.
   */
  function uploadHead({ authorization }: Cloud, length: number): string {
    const headers = { authorization, 'content-length': length, expect: '100-continue' };
    return head('POST /api/2.0/drives/upload/image.raw', headers);
  }

  it('are requested only when the quota admits them', async () => {
    const { cloud: poor } = await createUser(scene, undefined, { quota: 4 });
    const refused = await RawConnection.open(poor.url);
    await refused.send(uploadHead(poor, 5));
    expect(await refused.answer()).toMatchObject({ status: 402, body: [{ error_type: 'billing' }] });
    const invited = await RawConnection.open(poor.url);
    await invited.send(uploadHead(poor, 4));
    expect((await invited.answer()).status).toBe(100);
    await invited.send('1234');
    await until('the drive is there', async () => {
      const { objects } = await poor.ask<Listed>('GET /drives/');
      return objects[0]?.status === 'unmounted';
    });
  });

  it('leave nothing behind when they are cut off', async () => {
    const { cloud, gid: own } = await createUser(scene);
    const connection = await RawConnection.open(cloud.url);
    await connection.send(uploadHead(cloud, 100));
    expect((await connection.answer()).status).toBe(100);
    await connection.send('the beginning');
    expect((await poolOf(scene, own)).used).toBe(100);
    connection.reset();
    await until('the drive is gone', async () => (await cloud.ask<Listed>('GET /drives/')).meta.total_count === 0);
    expect((await poolOf(scene, own)).used).toBe(0);
  });

  describe('of an upload under way', () => {
    /** Starts an upload and pauses in the middle of its body; returns it with its drive. */
    async function held(by: Cloud): Promise<{
      readonly uuid: string;
      readonly goOn: () => void;
      readonly answer: Promise<number | null>;
    }> {
      const rest = gate();
      async function* body(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(10);
        await rest.opened;
        yield Buffer.alloc(10);
      }
      const answer = by.send('POST /drives/upload/', body(), { 'content-length': 20 }).then(
        ({ status }) => status,
        // A client may find the connection closed when the upload has ended.
        () => null,
      );
      const uuid = await until('the upload is seen', async () => {
        const { objects } = await by.ask<Listed>('GET /drives/detail/?limit=0');
        return objects.find(({ status }) => status === 'uploading')?.uuid ?? null;
      });
      return { uuid, goOn: () => rest.open(), answer };
    }

    it('are visible and can be deleted, and nothing else', async () => {
      const { cloud } = await createUser(scene);
      const { uuid, goOn, answer } = await held(cloud);
      expect(await cloud.get(uuid)).toMatchObject({ status: 'uploading', size: 20 });
      for (const operation of [
        `PUT /drives/${uuid}/`,
        `POST /drives/${uuid}/action/?do=resize`,
        `GET /drives/${uuid}/download/`,
      ]) {
        expectFault(await cloud.call(operation, { size: 30 }), 409, 'concurrency');
      }
      goOn();
      expect(await answer).toBe(201);
      expect(await cloud.get(uuid)).toMatchObject({ status: 'unmounted' });
    });

    it('stop when their drive is deleted, also on another replica', async () => {
      const { cloud, gid } = await createUser(scene);
      const replica = await startReplica(scene);
      const elsewhere = new Cloud(replica.url, cloud.name, cloud.password);
      for (const deleting of [cloud, elsewhere]) {
        const { uuid, goOn, answer } = await held(cloud);
        expect((await deleting.call(`DELETE /drives/${uuid}/`)).status).toBe(204);
        expectFault(await cloud.call(`GET /drives/${uuid}/`), 404, 'notexist');
        expect((await poolOf(scene, gid)).used).toBe(0);
        expect(await answer).not.toBe(201);
        goOn();
      }
      await replica.stop();
    });
  });
});
