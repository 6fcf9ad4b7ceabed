import { freshName, type UploadOrder } from '../../support/http/client.ts';
import { RawConnection } from '../../support/http/raw-http.ts';
import { expectError } from './provocation.ts';
import { beginUpload, uploadHead } from './raw-upload.ts';
import {
  makeAssignedGroup,
  makeUser,
  openScene,
  untilAdmitted,
  untilNothingIsLeft,
  NOWHERE,
  type Scene,
} from './scene.ts';

const SIZE = 8 * 1024 * 1024;

/** Clients that send everything, without `Expect`, before they read the answer. */
describe('A client that sends its whole body before it reads', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene()));

  it.each<[code: number, status: number, order: Partial<UploadOrder>]>([
    [9214, 400, { name: '' }],
    [9217, 404, { group: NOWHERE }],
    [9218, 404, { pool: NOWHERE }],
    [9221, 406, {}],
  ])('receives a %i > %i that was sent before its body', async (code, status, changed) => {
    const gid = await makeAssignedGroup(scene, { quota: SIZE - 1 });
    const name = freshName('media');
    const connection = await beginUpload(scene.root, { group: gid, name, ...changed }, SIZE);
    await connection.send(Buffer.alloc(SIZE));
    expectError(await connection.answer(), code, status);
    await untilNothingIsLeft(scene, gid, name);
  });

  it('receives the error of an invalid authkey', async () => {
    const { client } = await makeUser(scene);
    await client.ask('DELETE /u/auth', { authkey: client.authkey });
    const connection = await beginUpload(client, { group: 0, name: freshName('media') }, SIZE);
    await connection.send(Buffer.alloc(SIZE));
    expectError(await connection.answer(), 100, 401);
  });

  it('receives the error when its group is removed while it sends', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const connection = await beginUpload(scene.root, { group: gid, name }, 2 * SIZE);
    await connection.send(Buffer.alloc(SIZE));
    await untilAdmitted(scene, name);
    await scene.root.ask('DELETE /u/group', { gid });
    await connection.send(Buffer.alloc(SIZE - 1));
    expectError(await connection.answer(), 9217, 404);
  });

  it('receives the error of a too large JSON body', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    await connection.send(`POST /u/user HTTP/1.1\r\nhost: platter\r\ncontent-length: ${SIZE}\r\n\r\n`);
    await connection.send(Buffer.alloc(SIZE, '['));
    expectError(await connection.answer(), 113, 413);
  });

  it('receives the error of an unknown path', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    await connection.send(`PUT /m/media/none HTTP/1.1\r\nhost: platter\r\ncontent-length: ${SIZE}\r\n\r\n`);
    await connection.send(Buffer.alloc(SIZE));
    expectError(await connection.answer(), 111, 404);
  });

  it('reads from Connection: close when it has to reconnect, and otherwise reuses the connection', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    const order = { group: 0, name: freshName('media') };
    for (const status of [200, 409]) {
      await connection.send(`${uploadHead(scene.root, order, 5)}bytes`);
      const answer = await connection.answer();
      expect(answer.status).toBe(status);
      if (status === 409) expect(answer.headers.connection).toBe('close');
    }
    await connection.ended();
  });
});
