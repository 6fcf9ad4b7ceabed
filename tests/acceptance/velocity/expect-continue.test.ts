import { freshName, uploadHeaders, type UploadOrder } from '../../support/http/client.ts';
import { head, RawConnection } from '../../support/http/raw-http.ts';
import { expectError } from './provocation.ts';
import { makeAssignedGroup, mediaOf, midOf, NOWHERE, openScene, untilNothingIsLeft, type Scene } from './scene.ts';

/** More than a refusal would read. */
const HUGE = 10 ** 12;

describe('Expect: 100-continue', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene()));

  async function begin(order: UploadOrder, length: number, authkey = scene.root.authkey): Promise<RawConnection> {
    const connection = await RawConnection.open(scene.platter.url);
    const headers = uploadHeaders(order) as Record<string, string>;
    const authorization = `Bearer ${authkey}`;
    const expecting = { expect: '100-continue', 'content-length': length };
    await connection.send(head('PUT /m/media/upload', { authorization, ...expecting, ...headers }));
    return connection;
  }

  it('is answered with 100 when the upload is admitted, which then continues', async () => {
    const gid = await makeAssignedGroup(scene, { quota: 5 });
    const connection = await begin({ group: gid, name: freshName('media') }, 5);
    expect((await connection.answer()).status).toBe(100);
    expectError(await scene.root.upload({ group: gid, name: freshName('media') }, 'a'), 9221, 406);
    await connection.send('bytes');
    const answer = await connection.answer();
    expect(answer.body).toEqual({ mid: midOf(answer), size: 5 });
    expect(connection.unread).toBe('');
  });

  it('is answered with only the refusal, before a byte of the body', async () => {
    const gid = await makeAssignedGroup(scene, { quota: 5 });
    const name = freshName('media');
    const taken = await scene.root.upload({ group: 0, name }, 'a');
    const refusals: readonly (readonly [order: UploadOrder, code: number, status: number])[] = [
      [{ group: gid, name: '' }, 9214, 400],
      [{ group: NOWHERE, name: freshName('media') }, 9217, 404],
      [{ group: gid, name }, 9220, 409],
      [{ group: gid, name: freshName('media') }, 9221, 406],
    ];
    for (const [order, code, status] of refusals) {
      const connection = await begin(order, HUGE);
      expectError(await connection.answer(), code, status);
      await connection.ended();
      expect(connection.unread).toBe('');
    }
    expect(taken.status).toBe(200);
  });

  it('is refused without an authkey, before any other answer', async () => {
    const connection = await begin({ group: 0, name: freshName('media') }, HUGE, 'wrong');
    expectError(await connection.answer(), 100, 401);
  });

  it('leaves nothing behind when the client disconnects after the 100', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const connection = await begin({ group: gid, name }, 5);
    expect((await connection.answer()).status).toBe(100);
    connection.hangUp();
    await untilNothingIsLeft(scene, gid, name);
  });

  it('does not delay a client that sends at once', async () => {
    const gid = await makeAssignedGroup(scene);
    const connection = await begin({ group: gid, name: freshName('media') }, 5);
    await connection.send('bytes');
    expect([(await connection.answer()).status, (await connection.answer()).status]).toEqual([100, 200]);
    expect(await mediaOf(scene, gid)).toHaveLength(1);
  });

  it('works on calls with a JSON body', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    const authorization = `Bearer ${scene.root.authkey}`;
    const body = '{"gid":0}';
    const expecting = { authorization, expect: '100-continue', 'content-length': body.length };
    await connection.send(head('POST /m/pool/list', expecting));
    expect((await connection.answer()).status).toBe(100);
    await connection.send(body);
    expect((await connection.answer()).status).toBe(200);
  });

  it('is ignored in HTTP/1.0', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    const authorization = `Bearer ${scene.root.authkey}`;
    const asked = { authorization, expect: '100-continue', 'content-length': 9 };
    await connection.send(`${head('POST /m/pool/list', asked).replace('HTTP/1.1', 'HTTP/1.0')}{"gid":0}`);
    expect((await connection.answer()).status).toBe(200);
    const headers = uploadHeaders({ group: 0, name: freshName('media') }) as Record<string, string>;
    const upload = await RawConnection.open(scene.platter.url);
    const whole = head('PUT /m/media/upload', { ...asked, ...headers, 'content-length': 5 });
    await upload.send(`${whole.replace('HTTP/1.1', 'HTTP/1.0')}bytes`);
    expect((await upload.answer()).status).toBe(200);
  });

  it('is recognised among other expectations', async () => {
    const gid = await makeAssignedGroup(scene);
    const connection = await RawConnection.open(scene.platter.url);
    const headers = uploadHeaders({ group: gid, name: freshName('media') }) as Record<string, string>;
    const authorization = `Bearer ${scene.root.authkey}`;
    const expecting = { expect: 'patience, 100-Continue', 'content-length': 5 };
    await connection.send(head('PUT /m/media/upload', { authorization, ...expecting, ...headers }));
    expect((await connection.answer()).status).toBe(100);
    await connection.send('bytes');
    expect((await connection.answer()).status).toBe(200);
  });

  it('is not answered with 100 when it is absent', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    const headers = uploadHeaders({ group: 0, name: freshName('media') }) as Record<string, string>;
    const authorization = `Bearer ${scene.root.authkey}`;
    await connection.send(`${head('PUT /m/media/upload', { authorization, 'content-length': 5, ...headers })}bytes`);
    expect((await connection.answer()).status).toBe(200);
  });
});
