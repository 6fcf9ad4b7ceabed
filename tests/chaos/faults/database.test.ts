import { join } from 'node:path';
import { Client as Connection } from 'pg';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { postmasterOf } from '../../adapters/embedded-postgres/running-server.ts';
import { timeoutMs, seed, times } from '../repetitions.ts';
import { withSeed } from '../kill-tests.ts';
import { AnswerLog } from '../answer-log.ts';
import { Random } from '../random.ts';
import { SLOW_COPIES, disruptAndVerify, type Disruption } from '../disrupt-and-verify.ts';
import { logIn, send, type Answer } from '../../support/http/client.ts';
import { startPlatter, type Platter } from '../../support/program/platter.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { temporaryFolder } from '../../support/files/temporary-folder.ts';
import { until } from '../../support/waiting/until.ts';
import { expectError } from '../../acceptance/velocity/provocation.ts';

/** How often each fault is tried. */
const ROUNDS = times('PLATTER_DATABASE_FAULTS', 1, 15);
const TOO_MANY = '53300';
const OURS = `from pg_stat_activity where application_name = 'platter'`;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Opens connections until the server refuses one, and appends them to `connections`. */
async function openAllConnections(url: string, connections: Connection[]): Promise<void> {
  for (;;) {
    const connection = new Connection({ connectionString: url });
    connection.on('error', () => undefined);
    try {
      await connection.connect();
    } catch (error) {
      expect(error).toMatchObject({ code: TOO_MANY });
      return;
    }
    connections.push(connection);
  }
}

describe('A database server', () => {
  const begun = seed();
  const random = new Random(begun);
  let folder: string;
  let server: EmbeddedPostgres;
  let platter: Platter;
  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), log: quiet });
    const database = { url: server.url, drop: async () => Promise.resolve() };
    platter = await startPlatter({ database, env: { ...SLOW_COPIES, PLATTER_LEASE: '2', PLATTER_LEASE_GRACE: '1' } });
  });
  afterAll(async () => {
    await platter.stop();
    await server.stop();
  });

  async function answers(): Promise<void> {
    await until('the database answers', async () =>
      rowsOf(server.url, 'select').then(
        () => true,
        () => false,
      ),
    );
  }

  function shutDown(signal: NodeJS.Signals): Disruption {
    return { begin: async () => void process.kill(await postmasterOf(folder), signal), end: answers };
  }

  const cutOff: Disruption = {
    begin: async () => {
      for (let time = 0; time < 10; time += 1) await rowsOf(server.url, `select pg_terminate_backend(pid) ${OURS}`);
    },
    end: answers,
  };

  const connections: Connection[] = [];

  /**
   * Returns the answer if it is a 503: Platter may have reconnected before this test took the free
   * connection.
   */
  async function withNone(ask: () => Promise<Answer>): Promise<Answer | null> {
    await connections[0]!.query(`select pg_terminate_backend(pid) ${OURS}`);
    await openAllConnections(server.url, connections);
    const answer = await ask();
    return answer.status === 503 ? answer : null;
  }

  const exhausted: Disruption = {
    begin: async () => {
      await openAllConnections(server.url, connections);
      const root = await loggedIn;
      const refused = async (ask: () => Promise<Answer>): Promise<Answer> =>
        until('it is refused', async () => withNone(ask));
      expectError(await refused(async () => root.call('POST /m/pool/list', { gid: 0 })), 301, 503);
      await refused(async () => send(platter.url, { method: 'GET', path: '/readyz' }));
    },
    end: async () => {
      await Promise.all(connections.splice(0).map(async (connection) => connection.end()));
      await answers();
    },
  };
  let loggedIn: ReturnType<typeof logIn>;

  it.each<[string, Disruption]>([
    ['is shut down, and started again', shutDown('SIGINT')],
    ['is shut down immediately, and recovers', shutDown('SIGQUIT')],
    ['cuts off every connection, again and again', cutOff],
    ['has no connection left', exhausted],
  ])(
    'that %s loses no answered change, keeps no leftover and needs no restart of Platter',
    async (what, kill) => {
      loggedIn = logIn(platter.url);
      const { authkey } = await loggedIn;
      const { pid } = platter.process;
      const answerLog = new AnswerLog();
      const target = { urls: [platter.url], databaseUrl: server.url, poolFixture: platter.poolFixture };
      for (let round = 1; round <= ROUNDS; round += 1)
        await withSeed(begun, round, what, disruptAndVerify(target, authkey, answerLog, random, kill));
      expect([platter.process.pid, platter.process.exitCode]).toEqual([pid, null]);
      await clear();
    },
    timeoutMs(ROUNDS),
  );

  /** Deletes all items, so that one fault does not affect the next. */
  async function clear(): Promise<void> {
    const root = await loggedIn;
    const { media } = await root.ask<{ media: { mid: string }[] }>('POST /m/media/list', { gid: 0 });
    for (const { mid } of media) await root.ask('DELETE /m/media', { mid });
    await until('all items are deleted', async () => (await rowsOf(server.url, 'select from media')).length === 0);
  }
});
