import { randomUUID } from 'node:crypto';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { ListLibrary } from '../../../src/application/library/list-library.ts';
import { LongLists } from '../../../src/application/lists/long-lists.ts';
import { ListDrives } from '../../../src/application/drives/list-drives.ts';
import { CreateServers, type ServerOrder } from '../../../src/application/servers/create-servers.ts';
import { EditServer } from '../../../src/application/servers/edit-server.ts';
import { ListServers } from '../../../src/application/servers/list-servers.ts';
import { CreateTags } from '../../../src/application/tags/create-tags.ts';
import { ListTags } from '../../../src/application/tags/list-tags.ts';
import type { Transaction } from '../../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { WITHOUT_HOME } from '../../../src/domain/access/tenant.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { JobId, MediaId } from '../../../src/domain/shared/ids.ts';
import { FACTS, HOLDER, insert, insertReady, LEASE, newMedia } from '../../contracts/media-depot.ts';
import { libraryEntry } from '../../support/fixtures/library-drives.ts';
import { recordQueries } from '../../support/database/recorded-queries.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const EVERYTHING = { ids: [], names: [], tags: [], labels: [], labelParts: [], limit: null, offset: 0 };

function order(...media: readonly MediaId[]): ServerOrder {
  return {
    name: 'server',
    cpu: 1,
    memory: bytes(1),
    screenPassword: '',
    meta: {},
    otherFields: {},
    tags: [],
    attachments: media.map((id, unit) => ({ media: id, device: 'virtio', controller: 0, unit, bootOrder: null })),
  };
}

const MAX = { servers: 100, tags: 100, tokens: 1, users: 100 };

describe('Servers', () => {
  let fixture: DepotFixture;
  let ann: Caller;
  let create: CreateServers;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.vm.alter');
    create = new CreateServers(fixture.work, new NodeRandom(), MAX);
  });
  afterEach(async () => {
    await fixture.depot.knex.raw('delete from media');
    await fixture.close();
  });

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => fixture.work.run(work);
  const ready = async (): Promise<MediaId> => run(async (tx) => insertReady(tx, { group: fixture.group.id }));

  async function publish(): Promise<MediaId> {
    return run(async (tx) => {
      const id = await insertReady(tx);
      await tx.library.insert(id, libraryEntry({ type: 'ISO', facts: { name: id } }));
      await tx.library.publish(id, libraryEntry({ type: 'ISO', facts: { name: id } }));
      return id;
    });
  }

  it('do not attach items that are unfinished, resizing, or read by a job', async () => {
    const [coming, resized, read, other] = await run(async (tx) => {
      const [coming, resized, read] = [
        await insert(tx, { group: fixture.group.id }),
        await insertReady(tx, { group: fixture.group.id }),
        await insertReady(tx, { group: fixture.group.id }),
      ];
      await tx.changes.beginResizing(resized, bytes(0), LEASE);
      const clone = newMedia({ group: fixture.group.id, state: 'cloning' });
      await tx.media.insertClone(clone, FACTS, null);
      const kept = (await tx.media.lockStoredShared(read))!;
      const job = {
        id: randomUUID() as JobId,
        owner: ann.uuid,
        source: read,
        target: clone.id,
        total: bytes(0),
        tenant: WITHOUT_HOME,
      };
      await tx.jobs.insert({ ...job, operation: 'clone', sourceBlob: kept.media.blob });
      return [coming, resized, read, clone.id] as const;
    });
    for (const id of [coming, resized, read, other]) {
      await expect(create.run(ann, [order(id)])).rejects.toMatchObject({ code: 'media-busy' });
    }
    expect(await run(async (tx) => tx.servers.search(ann.uuid, EVERYTHING))).toMatchObject({ total: 0 });
  });

  it('keep an attached item while it is resized', async () => {
    const id = await ready();
    const [server] = await create.run(ann, [order(id)]);
    await run(async (tx) => tx.changes.beginResizing(id, bytes(0), LEASE));
    const edited = await new EditServer(fixture.work).run(ann, server!.id, { attachments: order(id).attachments });
    expect(edited.attachments).toEqual(server!.attachments);
    await run(async (tx) => tx.changes.endResizing(id, HOLDER, null));
  });

  it('attach library drives that a job reads, also at the same time as others', async () => {
    const id = await publish();
    const all = await Promise.all(Array.from({ length: 6 }, async () => create.run(ann, [order(id, id)])));
    expect(new Set(await run(async (tx) => tx.servers.having(id)))).toEqual(new Set(all.map(([one]) => one!.id)));
  });

  it('are listed with their tags and attachments, by a number of queries that does not depend on theirs', async () => {
    async function make(): Promise<void> {
      const [one, two] = [await ready(), await publish()];
      const [server] = await create.run(ann, [order(one, two)]);
      await new CreateTags(fixture.work, new NodeRandom(), MAX).run(ann, [
        { name: 'tag', meta: {}, resources: [one, server!.id] },
      ]);
    }
    const asked: string[] = [];
    const queries = async (
      ask: () => Promise<{ readonly items: readonly unknown[] }>,
      items: number,
    ): Promise<number> => {
      asked.length = 0;
      expect((await ask()).items).toHaveLength(items);
      return asked.length;
    };
    const { depot, pools } = fixture;
    const lists: (() => Promise<{ readonly items: readonly unknown[] }>)[] = [
      async () => new ListServers(depot.work, new LongLists()).run(ann, EVERYTHING),
      async () => new ListDrives(depot.work, new LongLists(), pools).run(ann, EVERYTHING),
      async () => new ListTags(depot.work, new LongLists()).run(ann, EVERYTHING),
      async () => new ListLibrary(depot.work).run(ann, { conditions: [], limit: null, offset: 0 }),
    ];
    recordQueries(depot.pool, ({ text }) => asked.push(text));
    const measure = async (items: number): Promise<readonly number[]> => {
      const counts: number[] = [];
      for (const list of lists) counts.push(await queries(list, items));
      return counts;
    };
    await make();
    const few = await measure(1);
    for (let more = 0; more < 8; more += 1) await make();
    expect(await measure(9)).toEqual(few);
    expect(Math.max(...few)).toBeLessThan(12);
  });
});
