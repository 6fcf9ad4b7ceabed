import { freshName } from '../../support/http/client.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { RawConnection } from '../../support/http/raw-http.ts';
import { until } from '../../support/waiting/until.ts';
import { holdTable } from '../start-up/held-table.ts';
import { makeAssignedGroup, mediaOf, openScene, type Scene } from '../velocity/scene.ts';
import { openFiles } from './open-files.ts';
import { openSocket } from './open-socket.ts';
import { jsonCall } from './raw-requests.ts';

/**
 * So many that the share of one user is more than one connection, and fewer than there are
 * requests.
 */
const DATABASE_CONNECTIONS = 12;

/** Clients that don't wait for one answer before they ask for the next. */
describe('Requests that come all at once on one connection', () => {
  let scene: Scene;
  beforeAll(
    async () => (scene = await openScene({ env: { PLATTER_DATABASE_CONNECTIONS: String(DATABASE_CONNECTIONS) } })),
  );

  const list = (gid: number): string => jsonCall(scene, 'POST /m/media/list', JSON.stringify({ gid }));

  /** How many statements wait for a lock. */
  async function held(): Promise<number> {
    return (
      await rowsOf(
        scene.platter.database.url,
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
    ).length;
  }

  it('are answered in their order, and take up no more of the database than one does', async () => {
    const gid = await makeAssignedGroup(scene);
    const letGo = await holdTable(scene.platter.database.url, 'assignments');
    const connection = await RawConnection.open(scene.platter.url);
    const names = Array.from({ length: 20 }, () => freshName('media'));
    const create = (name: string): string =>
      jsonCall(scene, 'PUT /m/media/create', JSON.stringify({ gid, mpid: 1, name, size: 1 }));
    await connection.send(names.map((name) => create(name) + list(gid)).join(''));
    await until('the first waits', async () => (await held()) === 1);
    // Somebody else has the connections that are left: what would wait behind the first would have
    // had them before.
    await scene.root.ask('POST /u/user');
    expect(await held()).toBe(1);
    await letGo();
    for (let count = 1; count <= names.length; count += 1) {
      expect((await connection.answer()).status).toBe(200);
      const { media } = (await connection.answer()).body as { media: { name: string }[] };
      expect(media.map(({ name }) => name)).toEqual(names.slice(0, count));
    }
  });

  it('end the connection where they are a flood, and nothing of them is left', async () => {
    const gid = await makeAssignedGroup(scene);
    const before = await openFiles(scene.platter);
    const letGo = await holdTable(scene.platter.database.url, 'assignments');
    const floods = Array.from({ length: 3 * DATABASE_CONNECTIONS }, async () => {
      const socket = await openSocket(scene.platter.url);
      const broken = new Promise((resolve) => socket.once('close', resolve).resume());
      socket.write(list(gid).repeat(2_000));
      await broken;
    });
    await Promise.all(floods);
    await letGo();
    expect(await mediaOf(scene, gid)).toEqual([]);
    // Connections to the database may have been opened on the way, and stay.
    await until('everything is closed', async () => (await openFiles(scene.platter)) <= before + DATABASE_CONNECTIONS);
  });
});
