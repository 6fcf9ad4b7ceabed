import { once } from 'node:events';
import type { Socket } from 'node:net';
import { freshName } from '../support/http/client.ts';
import { filesIn } from '../support/fixtures/pool-fixture.ts';
import { rowsOf } from '../support/database/test-database.ts';
import type { RawConnection } from '../support/http/raw-http.ts';
import { until } from '../support/waiting/until.ts';
import { expectError } from '../acceptance/velocity/provocation.ts';
import { beginUpload } from '../acceptance/velocity/raw-upload.ts';
import {
  makeAssignedGroup,
  mediaOf,
  midOf,
  openScene,
  untilAdmitted,
  untilNothingIsLeft,
  type Scene,
} from '../acceptance/velocity/scene.ts';
import { openFiles } from '../acceptance/hostile/open-files.ts';
import { openSocket } from '../acceptance/hostile/open-socket.ts';
import { jsonCall } from '../acceptance/hostile/raw-requests.ts';

const SIZE_BYTES = 100_000;

describe('A client that stops sending', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene({ env: { PLATTER_UPLOAD_IDLE: '4' } })));

  it.each([
    ['from the beginning', 0],
    ['in the middle', SIZE_BYTES / 2],
    ['before the last byte', SIZE_BYTES - 1],
  ])('%s gets an error, and its quota is refunded', async (_when, sent) => {
    const gid = await makeAssignedGroup(scene, { quota: SIZE_BYTES });
    const name = freshName('media');
    const connection = await beginUpload(scene.root, { group: gid, name }, SIZE_BYTES);
    await connection.send(Buffer.alloc(sent));
    await untilAdmitted(scene, name);
    expectError(await scene.root.upload({ group: gid, name: freshName('media') }, 'a'), 9221, 406);
    expectError(await connection.answer(), 110, 400);
    await untilNothingIsLeft(scene, gid, name);
  });

  it('and closes its half of the connection is cut off at once', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const connection = await beginUpload(scene.root, { group: gid, name }, SIZE_BYTES);
    await untilAdmitted(scene, name);
    connection.finish();
    await connection.ended();
    await untilNothingIsLeft(scene, gid, name);
  });

  it('is distinct from one that is slow but makes progress', async () => {
    const gid = await makeAssignedGroup(scene);
    const silentName = freshName('media');
    const silent = await beginUpload(scene.root, { group: gid, name: silentName }, SIZE_BYTES);
    await untilAdmitted(scene, silentName);
    let isCutOff = false;
    const cutOff = silent.answer().finally(() => (isCutOff = true));
    async function* drops(): AsyncGenerator<Uint8Array> {
      let sent = 0;
      // Outlives an upload of the same time that sends nothing.
      for (; !isCutOff; sent += 1) {
        yield Buffer.from('d');
        await mediaOf(scene, gid);
      }
      yield Buffer.alloc(SIZE_BYTES - sent, 'd');
    }
    const answer = await scene.root.upload(
      { group: gid, name: freshName('media'), headers: { 'content-length': SIZE_BYTES } },
      drops(),
    );
    expectError(await cutOff, 110, 400);
    expect(answer.body).toEqual({ mid: midOf(answer), size: SIZE_BYTES });
  });
});

describe('A thousand uploads that are aborted', () => {
  let scene: Scene;
  const connections = 4;
  beforeAll(async () => (scene = await openScene({ env: { PLATTER_DATABASE_CONNECTIONS: String(connections) } })));

  it('leave no file, no usage and no open descriptor', async () => {
    const gid = await makeAssignedGroup(scene, { quota: 50 * SIZE_BYTES });
    await abort(scene, gid, 50);
    await untilGone(scene, gid);
    const before = await openFiles(scene.platter);

    for (let hundred = 0; hundred < 10; hundred += 1) {
      for (let half = 0; half < 2; half += 1) await abort(scene, gid, 50);
      await untilGone(scene, gid);
    }
    // The number of database connections varies.
    await until('everything is closed', async () => (await openFiles(scene.platter)) <= before + connections);
    expect(await mediaOf(scene, gid)).toEqual([]);
    // A request whose client has gone may still be waiting for a connection to be admitted.
    await until('the whole quota is free', async () => {
      const order = { group: gid, name: freshName('media') };
      return (await scene.root.upload(order, Buffer.alloc(50 * SIZE_BYTES))).status === 200;
    });
  });
});

/**
 * Begins uploads concurrently and aborts them before the first byte, in the middle or before the
 * last byte, with and without a reset.
 */
async function abort({ root }: Scene, gid: number, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, turn) => {
      const connection = await beginUpload(root, { group: gid, name: freshName('media') }, SIZE_BYTES);
      await connection.send(Buffer.alloc([0, 1, SIZE_BYTES / 2, SIZE_BYTES - 1][turn % 4]!));
      if (turn % 3 === 0) connection.hangUp();
      else if (turn % 3 === 1) connection.reset();
      else connection.finish();
    }),
  );
}

async function untilGone({ platter }: Scene, gid: number): Promise<void> {
  await until('nothing is left', async () => {
    const left = await rowsOf(
      platter.database.url,
      `select id::text from media union all select 'usage' from usage where group_id = ${gid} and used > 0`,
    );
    return left.length === 0 && (await filesIn(platter.poolFolder)).length === 0;
  });
}

/** One tenant may use a quarter of the slots: two. */
describe('More concurrent uploads than allowed', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene({ env: { PLATTER_UPLOADS: '8' } })));

  it('are answered 503, and are accepted when another one has ended', async () => {
    const gid = await makeAssignedGroup(scene);
    const names = [freshName('media'), freshName('media')];
    const openUploads = await Promise.all(names.map(async (name) => beginUpload(scene.root, { group: gid, name }, 3)));
    for (const name of names) await untilAdmitted(scene, name);
    const third = { group: gid, name: freshName('media') };
    expectError(await scene.root.upload(third, 'abc'), 301, 503);
    // A call without bytes needs no upload slot.
    await scene.root.ask('PUT /m/media/create', { gid, mpid: 1, name: freshName('media'), size: 3 });

    const [first, second] = openUploads as [RawConnection, RawConnection];
    await first.send('abc');
    expect((await first.answer()).status).toBe(200);
    expect((await scene.root.upload(third, 'abc')).status).toBe(200);

    second.reset();
    await until('the other one has ended', async () => {
      const answer = await scene.root.upload({ group: gid, name: freshName('media') }, 'abc');
      return (
        answer.status === 200 &&
        (await rowsOf(scene.platter.database.url, `select id from media where name = '${names[1]!}'`)).length === 0
      );
    });
  });
});

/** So many items with long names that a hundred lists of them have some 10 MB. */
const MANY = 250;

describe('A client that never reads', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene()));

  it('delays no other client, and leaves nothing open', async () => {
    const gid = await makeAssignedGroup(scene);
    for (let turn = 0; turn < MANY; turn += 1) {
      await scene.root.ask('PUT /m/media/create', { gid, mpid: 1, name: `${'long '.repeat(40)}${turn}`, size: 0 });
    }
    const before = await openFiles(scene.platter);
    const deaf = await Promise.all(Array.from({ length: 3 }, async () => hearNothing(scene, `{"gid":${gid}}`)));
    await until('another client is served', async () => {
      const { status, body } = await scene.root.call('POST /m/media/list', { gid });
      expect([200, 503]).toContain(status);
      return status === 200 && (body as { media: unknown[] }).media.length === MANY;
    });
    for (const socket of deaf) socket.destroy();
    await until('everything is closed', async () => (await openFiles(scene.platter)) <= before + 20);
  });

  it('is disconnected after a request that is not HTTP', async () => {
    const before = await openFiles(scene.platter);
    const socket = await openSocket(scene.platter.url);
    const answered = once(socket, 'data');
    socket.write('nonsense\r\n\r\n');
    expect(String(await answered)).toMatch(/^HTTP\/1\.1 400 .*"code":110/s);
    await until('everything is closed', async () => (await openFiles(scene.platter)) <= before);
  });
});

/** Sends many requests on one connection, whose responses exceed all buffers, and reads none. */
async function hearNothing(scene: Scene, body: string): Promise<Socket> {
  const socket = await openSocket(scene.platter.url);
  socket.write(jsonCall(scene, 'POST /m/media/list', body).repeat(100));
  return socket;
}
