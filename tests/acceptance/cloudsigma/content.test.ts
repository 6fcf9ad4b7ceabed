import { send } from '../../support/client.ts';
import { until } from '../../support/until.ts';
import { gate } from '../../support/gate.ts';
import { poolOf, startReplica } from '../velocity/scene.ts';
import { Cloud, expectFault, openCloud, somebody, type CloudScene, type Listed } from './cloud.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('The bytes of drives', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let gid: number;
  beforeAll(async () => {
    scene = await openCloud();
    ({ cloud: ann, gid } = await somebody(scene));
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

  it('need a length', async () => {
    const headers = { authorization: ann.authorization, 'transfer-encoding': 'chunked' };
    const answer = await send(ann.url, { method: 'POST', path: '/api/2.0/drives/upload/', headers, body: 'bytes' });
    expectFault(answer, 400, 'validation');
  });

  it('are looked at, and leave nothing where they are refused', async () => {
    const before = (await poolOf(scene, gid)).used;
    const qcow2 = Buffer.concat([Buffer.from('QFI\xfb', 'latin1'), Buffer.alloc(600)]);
    expectFault(await ann.send('POST /drives/upload/', qcow2), 400, 'validation');
    const { cloud: poor } = await somebody(scene, undefined, { quota: 4 });
    expectFault(await poor.send('POST /drives/upload/', 'bytes'), 402, 'billing');
    expect((await poolOf(scene, gid)).used).toBe(before);
  });

  describe('that are on their way', () => {
    /** An upload that waits in the middle of its body, and the drive that it makes. */
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
        // Whoever is told that the upload is over may find the connection gone.
        () => null,
      );
      const uuid = await until('the upload is seen', async () => {
        const { objects } = await by.ask<Listed>('GET /drives/detail/?limit=0');
        return objects.find(({ status }) => status === 'uploading')?.uuid ?? null;
      });
      return { uuid, goOn: () => rest.open(), answer };
    }

    it('can be looked at and deleted, and nothing else', async () => {
      const { cloud } = await somebody(scene);
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

    it('stop when their drive is deleted, on another replica too', async () => {
      const { cloud, gid } = await somebody(scene);
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
