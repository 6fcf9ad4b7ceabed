import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Permission } from '../../src/domain/access/permission.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import type { Attachment, Server } from '../../src/domain/servers/server.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import {
  ROOT_GROUP,
  type GroupId,
  type MediaId,
  type ServerId,
  type TagId,
  type UserUuid,
} from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { libraryEntry } from '../support/fixtures/library-drives.ts';
import { makeGroups, makeUser } from '../support/fixtures/users.ts';
import { insertReady, makePools, ONE, TWO } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const ALL = { ids: [], names: [], tags: [], limit: null, offset: 0 };

describe.each(UNITS_OF_WORK)('ServerRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let ann: Caller;
  let ben: Caller;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
    [ann, ben] = [await makeUser(depot, 'ann'), await makeUser(depot, 'ben')];
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  function newServer(owner: Caller = ann, wanted: Partial<Server> = {}): Omit<Server, 'attachments'> {
    return {
      id: randomUUID() as ServerId,
      owner: owner.uuid,
      name: 'Ünïcode ☃ "quoted"',
      cpu: 1000,
      memory: bytes(Number.MAX_SAFE_INTEGER),
      screenPassword: '{secret},',
      meta: { 'a key': 'a "text"' },
      otherFields: { nics: [{ mac: 'x', vlan: null }], smp: 1, cpu_model: null },
      ...wanted,
    };
  }

  async function insert(tx: Transaction, owner = ann, wanted: Partial<Server> = {}): Promise<ServerId> {
    const server = newServer(owner, wanted);
    await tx.servers.insert(server);
    return server.id;
  }

  const on = (media: MediaId, unit = 0, wanted: Partial<Attachment> = {}): Attachment => ({
    media,
    device: 'virtio',
    controller: 0,
    unit,
    bootOrder: null,
    ...wanted,
  });

  it('stores the definition of a server, for its owner only', async () => {
    const server = newServer();
    await run(async (tx) => {
      await tx.servers.insert(server);
      for (const ask of ['find', 'lock'] as const) {
        expect(await tx.servers[ask](server.id, ann.uuid)).toEqual({ ...server, attachments: [] });
        expect(await tx.servers[ask](server.id, ben.uuid)).toBeNull();
      }
      const changed = { ...newServer(ann, { id: server.id, name: 'other', cpu: 0, meta: {}, otherFields: {} }) };
      await tx.servers.define(server.id, changed);
      expect(await tx.servers.find(server.id, ann.uuid)).toEqual({ ...changed, attachments: [] });
    });
  });

  it('refuses a server whose owner was removed', async () => {
    const nobody = { ...ann, uuid: randomUUID() as UserUuid };
    await expect(run(async (tx) => insert(tx, nobody))).rejects.toMatchObject({ code: 'user-not-found' });
  });

  it('replaces the attachments, in the order of their slots', async () => {
    await run(async (tx) => {
      const [id, one, two] = [await insert(tx), await insertReady(tx), await insertReady(tx)];
      const attached = [
        on(two, 1, { device: 'ide', bootOrder: 3 }),
        on(one, 2),
        on(one, 10),
        on(two, 0, { controller: 1 }),
      ];
      await tx.servers.attach(id, attached.toReversed());
      expect((await tx.servers.find(id, ann.uuid))!.attachments).toEqual(attached);
      await tx.servers.attach(id, [on(two, 2)]);
      expect((await tx.servers.find(id, ann.uuid))!.attachments).toEqual([on(two, 2)]);
      await tx.servers.attach(id, []);
      expect((await tx.servers.find(id, ann.uuid))!.attachments).toEqual([]);
    });
  });

  it('returns the uses of items: all servers, and those of one user', async () => {
    await run(async (tx) => {
      const [mine, older, his] = [await insert(tx), await insert(tx), await insert(tx, ben)];
      const [shared, his1, free] = [await insertReady(tx), await insertReady(tx), await insertReady(tx)];
      await tx.servers.attach(mine, [on(shared, 0), on(shared, 1)]);
      await tx.servers.attach(older, [on(shared)]);
      await tx.servers.attach(his, [on(shared), on(his1, 1)]);
      expect(await tx.servers.usesOf([shared, his1, free], ann.uuid)).toEqual(
        new Map([
          [shared, { isAttached: true, servers: [mine, older] }],
          [his1, { isAttached: true, servers: [] }],
        ]),
      );
      expect(await tx.servers.usesOf([], ann.uuid)).toEqual(new Map());
      expect(new Set(await tx.servers.having(shared))).toEqual(new Set([mine, older, his]));
      expect(await tx.servers.having(free)).toEqual([]);
      const { count, oldest } = await tx.servers.holdersOf(shared, 2);
      expect(count).toBe(3);
      expect(oldest).toHaveLength(2);
      const all = (await tx.servers.holdersOf(shared, 5)).oldest;
      expect(all.find(({ server }) => server === his)).toEqual({ server: his, name: newServer().name, owner: 'ben' });
      expect(await tx.servers.holdersOf(free, 5)).toEqual({ count: 0, oldest: [] });
      await tx.servers.remove(his);
      expect(await tx.servers.having(his1)).toEqual([]);
      expect(await tx.media.find(his1)).not.toBeNull();
    });
  });

  it('detaches items that are removed, one by one or with their group', async () => {
    const [group] = await makeGroups(depot, 'going');
    await run(async (tx) => {
      const [id, one, staying] = [await insert(tx), await insertReady(tx), await insertReady(tx)];
      const grouped = await insertReady(tx, { group: group!.id });
      await tx.servers.attach(id, [on(one), on(grouped, 1), on(staying, 2)]);
      await tx.media.beginRemoval(one);
      expect((await tx.servers.find(id, ann.uuid))!.attachments).toEqual([on(grouped, 1), on(staying, 2)]);
      await tx.media.beginRemovalOf([group!.id]);
      expect((await tx.servers.find(id, ann.uuid))!.attachments).toEqual([on(staying, 2)]);
    });
  });

  it('keeps withdrawn library drives attached, visible to the owners of the servers', async () => {
    await run(async (tx) => {
      const [id, media] = [await insert(tx), await insertReady(tx, { type: 'DISK' })];
      await tx.library.insert(media, libraryEntry());
      await tx.library.publish(media, libraryEntry());
      await tx.servers.attach(id, [on(media)]);
      expect(await tx.library.findAttached(media, ann.uuid)).toBeNull();
      const published = await tx.library.find(media, ann.uuid);
      expect(published!.servers).toEqual([id]);
      expect((await tx.library.find(media, ben.uuid))!.servers).toEqual([]);
      expect((await tx.library.find(media))!.servers).toEqual([]);
      expect((await tx.library.search({ conditions: [], limit: 1, offset: 0 }, ann.uuid)).items).toEqual([published]);
      await tx.library.withdraw(media);
      expect(await tx.library.findAttached(media, ann.uuid)).toEqual(published);
      expect(await tx.library.findAttached(media, ben.uuid)).toBeNull();
      expect(await tx.library.isReleasable(media)).toBe(false);
      await tx.servers.remove(id);
      expect(await tx.library.findAttached(media, ann.uuid)).toBeNull();
      expect(await tx.library.releasable()).toEqual([media]);
    });
  });

  it('deletes the servers of a removed user', async () => {
    const [server, media] = await run(async (tx) => {
      const [id, media] = [await insert(tx, ben), await insertReady(tx)];
      await tx.servers.attach(id, [on(media)]);
      return [id, media];
    });
    await run(async (tx) => tx.users.remove(ben.id));
    await run(async (tx) => {
      expect(await tx.servers.find(server, ben.uuid)).toBeNull();
      expect(await tx.servers.having(media)).toEqual([]);
    });
  });

  describe('detaches items that their owner lost the right to', () => {
    let owner: Caller;
    let upper: GroupId;
    let lower: GroupId;
    let server: ServerId;
    let cdrom: MediaId;
    let disk: MediaId;
    const held: readonly Permission[] = ['velocity.media.list', 'velocity.media.create', 'velocity.vm.alter'];
    beforeEach(async () => {
      [upper, lower] = (await makeGroups(depot, 'upper', 'lower')).map(({ id }) => id) as [GroupId, GroupId];
      owner = await makeUser(depot, 'owner', upper, ...held);
      await run(async (tx) => {
        for (const pool of [ONE, TWO]) await tx.assignments.store(lower, pool, { write: true, manage: true });
        cdrom = await insertReady(tx, { group: lower });
        disk = await insertReady(tx, { group: lower, type: 'DISK', readOnly: false });
        server = await insert(tx, owner);
        await tx.servers.attach(server, [on(cdrom), on(cdrom, 1), on(disk, 2)]);
      });
    });

    const took = (...media: readonly MediaId[]): readonly object[] =>
      media.toSorted().map((one) => ({ server, media: one }));

    it('by fewer grants, also on an ancestor, once no grant gives the right', async () => {
      await run(async (tx) => {
        const lost = { user: owner.id, group: upper };
        expect(await tx.servers.detachUnentitled(lost)).toEqual([]);
        await tx.grants.revoke({ ...lost, permission: 'velocity.media.create' });
        expect(await tx.servers.detachUnentitled(lost)).toEqual([]);
        await tx.grants.revoke({ ...lost, permission: 'velocity.vm.alter' });
        expect(await tx.servers.detachUnentitled({ user: ben.id, group: upper })).toEqual([]);
        expect(await tx.servers.detachUnentitled(lost)).toEqual(took(cdrom, disk));
        expect(await tx.servers.having(disk)).toEqual([]);
      });
    });

    it('by losing the permission to list', async () => {
      await run(async (tx) => {
        await tx.grants.revoke({ user: owner.id, group: upper, permission: 'velocity.media.list' });
        expect(await tx.servers.detachUnentitled({ user: owner.id, group: upper })).toEqual(took(cdrom, disk));
      });
    });

    it('by a pool that its group may no longer write to, or was revoked', async () => {
      await run(async (tx) => {
        const lost = { group: lower, pool: ONE };
        await tx.assignments.store(lower, ONE, { write: false, manage: false });
        expect(await tx.servers.detachUnentitled({ ...lost, pool: TWO })).toEqual([]);
        expect(await tx.servers.detachUnentitled(lost)).toEqual(took(disk));
        await tx.assignments.remove(lower, ONE);
        expect(await tx.servers.detachUnentitled(lost)).toEqual(took(cdrom));
      });
    });

    it('but never library drives, nor items of group 0, which has every pool', async () => {
      await run(async (tx) => {
        const [published, own] = [await insertReady(tx), await insertReady(tx, { type: 'DISK' })];
        await tx.library.insert(published, libraryEntry());
        const host = await insert(tx, ann);
        for (const permission of held) await tx.grants.grant({ user: ann.id, group: ROOT_GROUP, permission });
        await tx.servers.attach(host, [on(published), on(own, 1)]);
        expect(await tx.servers.detachUnentitled({ group: ROOT_GROUP, pool: ONE })).toEqual([]);
        for (const permission of held) await tx.grants.revoke({ user: ann.id, group: ROOT_GROUP, permission });
        const lost = { user: ann.id, group: ROOT_GROUP };
        expect(await tx.servers.detachUnentitled(lost)).toEqual([{ server: host, media: own }]);
      });
    });
  });

  it('finds the servers of one user, newest last, in pages', async () => {
    const ids: ServerId[] = [];
    for (const name of ['a', 'b', 'a']) ids.push(await run(async (tx) => insert(tx, ann, { name })));
    const tag = { id: randomUUID() as TagId, owner: ann.uuid, name: 'tag', meta: {} };
    const media = await run(async (tx) => {
      await insert(tx, ben);
      await tx.tags.insert(tag);
      await tx.tags.put(ann.uuid, [tag.id], { kind: 'server', id: ids[1]! });
      const media = await insertReady(tx);
      await tx.servers.attach(ids[2]!, [on(media)]);
      return media;
    });
    const found = async (search: Partial<typeof ALL> | object): Promise<readonly [number, ServerId[]]> => {
      const { total, items } = await run(async (tx) => tx.servers.search(ann.uuid, { ...ALL, ...search }));
      return [total, items.map(({ id }) => id)];
    };
    expect(await found({})).toEqual([3, ids]);
    expect(await found({ limit: 1, offset: 1 })).toEqual([3, [ids[1]]]);
    expect(await found({ names: [['a', 'c']] })).toEqual([2, [ids[0], ids[2]]]);
    expect(await found({ names: [['a'], ['b']] })).toEqual([0, []]);
    expect(await found({ names: [['\0']] })).toEqual([0, []]);
    expect(await found({ ids: [[ids[2]!, 'nonsense']], names: [['a']] })).toEqual([1, [ids[2]]]);
    expect(await found({ tags: [[tag.id, 'nonsense']] })).toEqual([1, [ids[1]]]);
    expect(await found({ tags: [[]] })).toEqual([0, []]);
    const { items } = await run(async (tx) => tx.servers.search(ann.uuid, ALL));
    expect(items.map(({ attachments }) => attachments)).toEqual([[], [], [on(media)]]);
  });
});
