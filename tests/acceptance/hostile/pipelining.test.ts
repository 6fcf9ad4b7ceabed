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
 * So many that one user's share is more than one connection and less than the number of requests.
 */
const DATABASE_CONNECTIONS = 12;

/** Clients that send the next request before the answer to the last. */
describe('Pipelined requests on one connection', () => {
  let scene: Scene;
  beforeAll(
    async () => (scene = await openScene({ env: { PLATTER_DATABASE_CONNECTIONS: String(DATABASE_CONNECTIONS) } })),
  );

  const list = (gid: number): string => jsonCall(scene, 'POST /m/media/list', JSON.stringify({ gid }));

  /** Returns how many statements wait for a lock. */
  async function lockWaiters(): Promise<number> {
    return (
      await rowsOf(
        scene.platter.database.url,
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
    ).length;
  }

  it('are answered in order, with one database connection at a time', async () => {
    const gid = await makeAssignedGroup(scene);
    const releaseTable = await holdTable(scene.platter.database.url, 'assignments');
    const connection = await RawConnection.open(scene.platter.url);
    const names = Array.from({ length: 20 }, () => freshName('media'));
    const create = (name: string): string =>
      jsonCall(scene, 'PUT /m/media/create', JSON.stringify({ gid, mpid: 1, name, size: 1 }));
    await connection.send(names.map((name) => create(name) + list(gid)).join(''));
    await until('the first waits', async () => (await lockWaiters()) === 1);
    // Another request uses a free connection: requests behind the first would have had it before.
    await scene.root.ask('POST /u/user');
    expect(await lockWaiters()).toBe(1);
    await releaseTable();
    for (let count = 1; count <= names.length; count += 1) {
      expect((await connection.answer()).status).toBe(200);
      const { media } = (await connection.answer()).body as { media: { name: string }[] };
      expect(media.map(({ name }) => name)).toEqual(names.slice(0, count));
    }
  });

  it('end the connection if they are too many, and leave nothing', async () => {
    const gid = await makeAssignedGroup(scene);
    const before = await openFiles(scene.platter);
    const releaseTable = await holdTable(scene.platter.database.url, 'assignments');
    const floods = Array.from({ length: 3 * DATABASE_CONNECTIONS }, async () => {
      const socket = await openSocket(scene.platter.url);
      const broken = new Promise((resolve) => socket.once('close', resolve).resume());
      socket.write(list(gid).repeat(2_000));
      await broken;
    });
    await Promise.all(floods);
    await releaseTable();
    expect(await mediaOf(scene, gid)).toEqual([]);
    // Database connections may have been opened meanwhile, and stay open.
    await until('everything is closed', async () => (await openFiles(scene.platter)) <= before + DATABASE_CONNECTIONS);
  });
});
