import { randomUUID } from 'node:crypto';
import type { LongLists } from '../../../src/application/lists/long-lists.ts';
import type { InstanceId } from '../../../src/domain/shared/ids.ts';
import { readConfig } from '../../../src/infrastructure/config/config.ts';
import { buildServices } from '../../../src/infrastructure/composition/container.ts';
import { startServer } from '../../../src/infrastructure/server/server.ts';
import { startUseCases } from '../../../src/infrastructure/composition/start-use-cases.ts';
import type { Services } from '../../../src/infrastructure/composition/tokens.ts';
import { logIn, type Client } from './client.ts';
import { openTestDepot, type TestDepot } from '../fixtures/test-depot.ts';
import { makeRoot } from '../fixtures/users.ts';
import { ROOT_PASSWORD } from '../program/platter.ts';
import { temporaryFolder } from '../files/temporary-folder.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The server in this process, without background work: everything happens in requests. */
export interface InProcessServer {
  readonly depot: TestDepot;
  readonly services: Services;
  readonly url: string;
  readonly root: Client;
  close(): Promise<void>;
}

/**
 * Starts the server. `lists` bounds the concurrent long lists of each user; default: as in the
 * program.
 */
export async function openInProcessServer(lists?: LongLists): Promise<InProcessServer> {
  const depot = await openTestDepot();
  const folder = await temporaryFolder();
  const config = await readConfig({ PLATTER_DATA_DIR: folder, PLATTER_PORT: '0', DATABASE_URL: depot.url });
  const services = await buildServices({
    config,
    connections: depot.connections,
    instance: randomUUID() as InstanceId,
    log: quiet,
    ...(lists === undefined ? {} : { lists }),
  });
  await startUseCases(services).preparePools.run();
  await makeRoot(depot);
  const hash = await services.hasher.hash(ROOT_PASSWORD, { name: 'test', isKnown: true });
  await depot.knex('users').update({ password_hash: hash });
  const server = await startServer(services);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    depot,
    services,
    url,
    root: await logIn(url),
    close: async () => {
      await server.drain(1);
      await depot.close();
    },
  };
}
