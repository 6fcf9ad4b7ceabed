import type { Transaction } from '../../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { PoolId, MediaId, ServerId, TagId } from '../../../src/domain/shared/ids.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { sequentiallyScanned } from '../../support/database/query-plans.ts';
import { rowsOf } from '../../support/database/test-database.ts';

const ALL = { ids: [], names: [], tags: [], limit: 20, offset: 0 };
const TABLES = ['media', 'servers', 'attachments', 'tags', 'media_tags', 'server_tags'];

describe('Among ten thousand servers and tags of a hundred users', () => {
  let depot: TestDepot;
  let ann: Caller;
  let some: { readonly server: ServerId; readonly tag: TagId; readonly media: MediaId };
  beforeAll(async () => {
    depot = await openTestDepot();
    ann = await makeUser(depot, 'ann');
    await depot.work.run(async (tx) => {
      const id = 1 as PoolId;
      await tx.pools.store({ id, name: 'pool', capacity: null, storageType: 'local', isDefault: true });
    });
    for (const sql of [
      `insert into users (name, password_hash) select 'user ' || at, '' from generate_series(1, 99) as at`,
      `create table seeds as select at, gen_random_uuid() as id, users.uuid as owner
       from generate_series(1, 10000) as at join (select uuid, row_number() over () as number from users) as users
         on number = 1 + at % 100`,
      `insert into blobs (id, pool_id, stored_bytes) select id, 1, 0 from seeds`,
      `insert into media (id, pool_id, group_id, blob_id, name, type, size, readonly, state, created_by, format, virtual_size)
       select id, 1, 0, id, id::text, 'ISO', 0, true, 'ready', owner, 'raw', 0 from seeds`,
      `insert into servers (id, owner, name, cpu, memory, screen_password, meta, kept)
       select id, owner, 'server ' || at, 1, 1, '', '{}', '{}' from seeds`,
      `insert into tags (id, owner, name, meta) select id, owner, 'tag', '{}' from seeds`,
      `insert into attachments (server_id, device, controller, unit, media_id) select id, 'ide', 0, 0, id from seeds`,
      `insert into media_tags (tag_id, media_id) select id, id from seeds`,
      `insert into server_tags (tag_id, server_id) select id, id from seeds`,
      'analyze',
    ]) {
      await depot.knex.raw(sql);
    }
    const [row] = await rowsOf(depot.url, `select id from servers where owner = '${ann.uuid}' limit 1`);
    some = { server: row!.id as ServerId, tag: row!.id as TagId, media: row!.id as MediaId };
  });
  afterAll(async () => {
    await depot.knex.raw('drop table seeds');
    await depot.close();
  });

  it.each<[string, (tx: Transaction) => Promise<unknown>]>([
    ['the servers of a user', async (tx) => tx.servers.search(ann.uuid, ALL)],
    ['the servers of a user with a tag', async (tx) => tx.servers.search(ann.uuid, { ...ALL, tags: [[some.tag]] })],
    ['one server', async (tx) => tx.servers.find(some.server, ann.uuid)],
    ['the uses of an item', async (tx) => tx.servers.usesOf([some.media], ann.uuid)],
    ['the servers that have an item', async (tx) => tx.servers.having(some.media)],
    ['the attachments of a server', async (tx) => tx.servers.attach(some.server, [])],
    ['one server to remove', async (tx) => tx.servers.remove(some.server)],
    ['a library drive on a server of a user', async (tx) => tx.library.findAttached(some.media, ann.uuid)],
    ['the attachments to delete', async (tx) => tx.media.beginRemoval(some.media)],
    ['the tags of a user', async (tx) => tx.tags.list(ann.uuid, { limit: 20, offset: 0 })],
    ['the resources of a tag', async (tx) => tx.tags.resourcesOf([some.tag], ann.id)],
    ['the tags of an item', async (tx) => tx.tags.of('media', [some.media], ann.uuid)],
    ['the tags of a server', async (tx) => tx.tags.of('server', [some.server], ann.uuid)],
    ['the tags to remove from a server', async (tx) => tx.tags.put(ann.uuid, [], { kind: 'server', id: some.server })],
    ['the resources to remove a tag from', async (tx) => tx.tags.putOn(some.tag, [])],
  ])('finds %s without reading all of them', async (_what, ask) => {
    const read = await sequentiallyScanned(depot, ask);
    expect(read.filter((table) => TABLES.includes(table))).toEqual([]);
  });

  it('would notice a sequential scan', async () => {
    expect(await sequentiallyScanned(depot, async (tx) => tx.servers.search(ann.uuid, { ...ALL, limit: 20 }))).toEqual(
      [],
    );
    await depot.knex.raw('drop index attachments_of_media');
    expect(await sequentiallyScanned(depot, async (tx) => tx.servers.having(some.media))).toEqual(['attachments']);
  });
});
