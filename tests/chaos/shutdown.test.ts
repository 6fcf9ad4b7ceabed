import { connect } from 'node:net';
import { logIn, type Client } from '../support/http/client.ts';
import { expectNoDrift } from '../support/fixtures/usage-drift.ts';
import { filesIn } from '../support/fixtures/pool-fixture.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { until } from '../support/waiting/until.ts';
import { HELD_SIZE, holdUpload } from '../acceptance/start-up/held-upload.ts';
import { Installation } from '../acceptance/start-up/installation.ts';
import type { Program } from '../acceptance/start-up/program.ts';

/** Resolves to the error code of a connection attempt, or to null if it succeeds. */
async function connectErrorOf(url: string): Promise<string | null> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => resolve(null)).once('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
    socket.once('connect', () => socket.destroy());
  });
}

describe('SIGTERM during an upload', () => {
  let installation: Installation;
  let databaseUrl: string;
  beforeEach(async () => {
    installation = await Installation.beside();
    databaseUrl = await installation.databaseUrl();
  });
  afterEach(async () => expectNoDrift(databaseUrl));

  const media = async (): Promise<unknown> => rowsOf(databaseUrl, 'select name, state from media');

  async function serving(graceSeconds: number): Promise<{ platter: Program; url: string; client: Client }> {
    const platter = installation.start({ PLATTER_SHUTDOWN_GRACE: String(graceSeconds) });
    const url = await platter.ready();
    return { platter, url, client: await logIn(url, 'root', await installation.rootPassword()) };
  }

  it('lets it finish, and accepts no connection meanwhile', async () => {
    const { platter, url, client } = await serving(60);
    const upload = await holdUpload(client, { group: 0, name: 'held' }, installation.poolFolder);
    platter.signal('SIGTERM');
    await until('connections are refused', async () => (await connectErrorOf(url)) === 'ECONNREFUSED');
    expect(platter.hasEnded).toBe(false);
    upload.goOn();
    expect(await upload.outcome).toMatchObject({ status: 200, body: { size: HELD_SIZE } });
    expect(await platter.ended()).toEqual({ code: 0, signal: null });
    expect(await media()).toEqual([{ name: 'held', state: 'ready' }]);
    expect(await filesIn(installation.poolFolder)).toEqual([[expect.any(String), HELD_SIZE]]);
  });

  it('cuts it off once the grace is over, and leaves nothing', async () => {
    const { platter, client } = await serving(1);
    const upload = await holdUpload(client, { group: 0, name: 'held' }, installation.poolFolder);
    platter.signal('SIGTERM');
    expect(await upload.outcome).toBe('cut off');
    expect(await platter.ended()).toEqual({ code: 0, signal: null });
    expect(await media()).toEqual([]);
    expect(await filesIn(installation.poolFolder)).toEqual([]);
  });

  it('ends the process at once when it is sent twice, and the next start sweeps the leftovers', async () => {
    const { platter, client } = await serving(60);
    const upload = await holdUpload(client, { group: 0, name: 'held' }, installation.poolFolder);
    await until('it counts the second signal separately', () => {
      if (!platter.hasEnded) platter.signal('SIGTERM');
      return platter.hasEnded;
    });
    expect(await platter.ended()).toEqual({ code: 130, signal: null });
    expect(await upload.outcome).toBe('cut off');
    expect(await media()).toEqual([{ name: 'held', state: 'uploading' }]);

    const next = installation.start();
    await next.ready();
    await until('nothing is left', async () => ((await media()) as unknown[]).length === 0);
    expect(await filesIn(installation.poolFolder)).toEqual([]);
    await next.stop();
  });
});
