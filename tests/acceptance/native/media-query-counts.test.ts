import { ROOT_GROUP, type PoolId } from '../../../src/domain/shared/ids.ts';
import { insertReady } from '../../contracts/media-depot.ts';
import { recordQueries } from '../../support/database/recorded-queries.ts';
import type { TestDepot } from '../../support/fixtures/test-depot.ts';
import { openInProcessServer, type InProcessServer } from '../../support/http/in-process-server.ts';
import { NativeClient } from './native-client.ts';
import type { ItemPage } from './media-scene.ts';

/**
 * The exact number of statements of each read, with that of the authentication, and those that
 * begin and end a snapshot or a statement that is planned once.
 */
const READS: readonly (readonly [operation: string, statements: number])[] = [
  ['GET /media', 4],
  ['GET /media?sort=-size&type=ISO&group=0&subtree=true', 4],
  ['GET /media?q=item&total=true', 3],
  ['GET /media?sha256=00000000000000000000000000000000000000000000000000000000000000ff', 2],
  ['GET /media/{media}', 4],
  ['GET /groups/0/usage', 6],
  ['GET /groups/0/usage/1/entries', 8],
  ['GET /jobs', 2],
  ['GET /jobs?total=true', 3],
  ['GET /uploads', 2],
  ['GET /library', 2],
];

describe('The number of database queries of a read', () => {
  let depot: TestDepot;
  let server: InProcessServer;
  let root: NativeClient;
  let media: string;
  let asked = 0;
  beforeAll(async () => {
    server = await openInProcessServer();
    ({ depot } = server);
    root = NativeClient.by(server.root);
    await add(3);
    [media] = (await root.ask<ItemPage>('GET /media')).items.map(({ id }) => id) as [string];
    recordQueries(depot.pool, () => (asked += 1));
  });
  afterAll(async () => server.close());

  async function add(number: number): Promise<void> {
    await depot.work.run(async (tx) => {
      for (let made = 0; made < number; made += 1) await insertReady(tx, { pool: 1 as PoolId, group: ROOT_GROUP });
    });
  }

  async function queriesOf(operation: string): Promise<number> {
    asked = 0;
    await root.ask(operation.replace('{media}', media));
    return asked;
  }

  it.each(READS)('%s is %i, however many items there are', async (operation, statements) => {
    expect(await queriesOf(operation)).toBe(statements);
    await add(20);
    expect(await queriesOf(operation)).toBe(statements);
  });
});
