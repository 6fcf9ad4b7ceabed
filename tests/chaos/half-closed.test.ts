import { freshName } from '../support/http/client.ts';
import { head, RawConnection } from '../support/http/raw-http.ts';
import { until } from '../support/waiting/until.ts';
import { openFiles } from '../acceptance/hostile/open-files.ts';
import { jsonCall } from '../acceptance/hostile/raw-requests.ts';
import { holdTable } from '../acceptance/start-up/held-table.ts';
import { uploadHead } from '../acceptance/velocity/raw-upload.ts';
import { makeAssignedGroup, mediaOf, midOf, openScene, type Scene } from '../acceptance/velocity/scene.ts';

/** More than the sockets between server and client hold. */
const SIZE = 8 * 1024 * 1024;
const DATABASE_CONNECTIONS = 12;

describe('A client that closes its half of the connection after its request', () => {
  let scene: Scene;
  let gid: number;
  beforeAll(
    async () => (scene = await openScene({ env: { PLATTER_DATABASE_CONNECTIONS: String(DATABASE_CONNECTIONS) } })),
  );
  beforeEach(async () => (gid = await makeAssignedGroup(scene)));

  async function open(): Promise<RawConnection> {
    return RawConnection.open(scene.platter.url);
  }

  it.each([
    ['a list', () => jsonCall(scene, 'POST /m/media/list', JSON.stringify({ gid })), 200],
    ['a refusal', () => jsonCall(scene, 'POST /m/media/list', '{"gid":-1}'), 400],
    ['the readiness', () => head('GET /readyz', {}), 200],
    ['a refusal by the other dialect', () => head('GET /api/2.0/drives/', {}), 401],
  ])('receives %s, and the end of the connection', async (_what, bytes, status) => {
    const connection = await open();
    await connection.send(bytes());
    connection.finish();
    expect((await connection.answer()).status).toBe(status);
    await connection.ended();
  });

  it('gets its answer, even a late one', async () => {
    const letGo = await holdTable(scene.platter.database.url, 'assignments');
    const connection = await open();
    const create = { gid, mpid: 1, name: freshName('media'), size: 1 };
    await connection.send(jsonCall(scene, 'PUT /m/media/create', JSON.stringify(create)));
    connection.finish();
    // A later request has been answered, so the end of the other one was seen.
    expect((await scene.root.call('POST /u/group/list')).status).toBe(200);
    await letGo();
    midOf(await connection.answer());
    await connection.ended();
  });

  it('has a complete upload stored', async () => {
    const name = freshName('media');
    const connection = await open();
    await connection.send(uploadHead(scene.root, { group: gid, name }, SIZE));
    const sent = connection.send(Buffer.alloc(SIZE, 'bytes'));
    connection.finish();
    const mid = midOf(await connection.answer());
    await sent;
    expect(await mediaOf(scene, gid)).toMatchObject([{ mid, name, size: SIZE }]);
    await connection.ended();
  });

  it('gets the answers to all requests that it sent before', async () => {
    const connection = await open();
    const list = jsonCall(scene, 'POST /m/media/list', JSON.stringify({ gid }));
    await connection.send(list + uploadHead(scene.root, { group: gid, name: freshName('media') }, 5) + `bytes${list}`);
    connection.finish();
    const answers = [await connection.answer(), await connection.answer(), await connection.answer()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((answers[2]!.body as { media: object[] }).media).toHaveLength(1);
    await connection.ended();
  });

  it('leaves no idle connection behind', async () => {
    const before = await openFiles(scene.platter);
    for (let count = 0; count < 10 * DATABASE_CONNECTIONS; count += 1) {
      const connection = await open();
      if (count % 2 === 0) {
        await connection.send(jsonCall(scene, 'POST /m/media/list', JSON.stringify({ gid })));
        expect((await connection.answer()).status).toBe(200);
      }
      connection.finish();
      await connection.ended();
    }
    // Connections to the database may have been opened meanwhile, and stay.
    await until('all are closed', async () => (await openFiles(scene.platter)) <= before + DATABASE_CONNECTIONS);
  });
});
