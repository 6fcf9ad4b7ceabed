import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type MediaId, type ServerId, type TagId, type UserUuid } from '../../src/domain/shared/ids.ts';
import type { Tag } from '../../src/domain/tags/tag.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { libraryEntry } from '../support/fixtures/library-drives.ts';
import { makeGroups, makeUser } from '../support/fixtures/users.ts';
import { insertReady, makePools, ONE } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const LIST = 'velocity.media.list';

describe.each(UNITS_OF_WORK)('TagRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let ann: Caller;
  let ben: Caller;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
    [ann, ben] = [await makeUser(depot, 'ann', ROOT_GROUP, LIST), await makeUser(depot, 'ben')];
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  async function insert(
    tx: Transaction,
    owner: Caller = ann,
    name = 'a tag',
    meta: Tag['meta'] = { key: '"text"' },
  ): Promise<Tag> {
    const tag = { id: randomUUID() as TagId, owner: owner.uuid, name, meta };
    await tx.tags.insert(tag);
    return tag;
  }

  async function server(tx: Transaction, owner: Caller = ann): Promise<ServerId> {
    const id = randomUUID() as ServerId;
    const definition = { name: 'server', cpu: 1, memory: bytes(1), screenPassword: '', meta: {}, otherFields: {} };
    await tx.servers.insert({ id, owner: owner.uuid, ...definition });
    return id;
  }

  async function idsOn(tx: Transaction, tag: TagId, caller = ann): Promise<ReadonlySet<string>> {
    const all = await tx.tags.resourcesOf([tag], caller.id);
    return new Set((all.get(tag) ?? []).map(({ id }) => id));
  }

  const media = (id: MediaId): { kind: 'media'; id: MediaId } => ({ kind: 'media', id });
  const host = (id: ServerId): { kind: 'server'; id: ServerId } => ({ kind: 'server', id });

  it('stores a tag, for its owner only', async () => {
    await run(async (tx) => {
      const tag = await insert(tx);
      for (const ask of ['find', 'lock'] as const) {
        expect(await tx.tags[ask](tag.id, ann.uuid)).toEqual(tag);
        expect(await tx.tags[ask](tag.id, ben.uuid)).toBeNull();
      }
      await tx.tags.write(tag.id, { name: 'other', meta: {} });
      expect(await tx.tags.find(tag.id, ann.uuid)).toEqual({ ...tag, name: 'other', meta: {} });
      await tx.tags.remove(tag.id);
      expect(await tx.tags.find(tag.id, ann.uuid)).toBeNull();
    });
  });

  it('refuses a tag whose owner was removed, and deletes the tags of a removed user', async () => {
    const nobody = { ...ann, uuid: randomUUID() as UserUuid };
    await expect(run(async (tx) => insert(tx, nobody))).rejects.toMatchObject({ code: 'user-not-found' });
    const tag = await run(async (tx) => insert(tx, ben));
    await run(async (tx) => tx.users.remove(ben.id));
    expect(await run(async (tx) => tx.tags.find(tag.id, ben.uuid))).toBeNull();
  });

  it('lists the tags of one user, newest last, in pages', async () => {
    for (const name of ['a', 'b', 'c']) await run(async (tx) => insert(tx, ann, name));
    await run(async (tx) => insert(tx, ben));
    const names = async (limit: number | null, offset: number): Promise<readonly [number, string[]]> => {
      const { total, items } = await run(async (tx) => tx.tags.list(ann.uuid, { limit, offset }));
      return [total, items.map(({ name }) => name)];
    };
    expect(await names(null, 0)).toEqual([3, ['a', 'b', 'c']]);
    expect(await names(1, 1)).toEqual([3, ['b']]);
  });

  it('lists in batches of about 1 MiB, each after the previous one', async () => {
    for (const name of ['a', 'b', 'c', 'd'])
      await run(async (tx) => insert(tx, ann, name, { text: 'x'.repeat(600_000) }));
    const first = await run(async (tx) => tx.tags.list(ann.uuid, { limit: null, offset: 0 }));
    expect([first.total, first.items.map(({ name }) => name)]).toEqual([4, ['a', 'b']]);
    const second = await run(async (tx) => tx.tags.listBehind(ann.uuid, first.last!, 500));
    expect(second.items.map(({ name }) => name)).toEqual(['c', 'd']);
    expect(await run(async (tx) => tx.tags.listBehind(ann.uuid, second.last!, 500))).toEqual({ items: [], last: null });
  });

  it('replaces the resources of a tag', async () => {
    await run(async (tx) => {
      const [tag, other] = [await insert(tx), await insert(tx)];
      const [one, two, own] = [await insertReady(tx), await insertReady(tx), await server(tx)];
      await tx.tags.putOn(other.id, [media(one)]);
      await tx.tags.putOn(tag.id, [media(one), media(two), host(own)]);
      expect(await idsOn(tx, tag.id)).toEqual(new Set([one, two, own]));
      await tx.tags.putOn(tag.id, [media(two), media(randomUUID() as MediaId)]);
      expect(await idsOn(tx, tag.id)).toEqual(new Set([two]));
      expect(await idsOn(tx, other.id)).toEqual(new Set([one]));
    });
  });

  it('replaces the tags of one user on a resource', async () => {
    await run(async (tx) => {
      const [a, b, his] = [await insert(tx), await insert(tx), await insert(tx, ben)];
      const [one, own] = [await insertReady(tx), await server(tx)];
      await tx.tags.put(ben.uuid, [his.id], media(one));
      await tx.tags.put(ann.uuid, [b.id, a.id, b.id], media(one));
      await tx.tags.put(ann.uuid, [a.id], host(own));
      expect(await tx.tags.of('media', [one], ann.uuid)).toEqual(new Map([[one, [a.id, b.id]]]));
      expect(await tx.tags.of('media', [one], ben.uuid)).toEqual(new Map([[one, [his.id]]]));
      expect(await tx.tags.of('server', [own], ann.uuid)).toEqual(new Map([[own, [a.id]]]));
      await tx.tags.put(ann.uuid, [], media(one));
      expect(await tx.tags.of('media', [one], ann.uuid)).toEqual(new Map());
      expect(await tx.tags.of('media', [one], ben.uuid)).toEqual(new Map([[one, [his.id]]]));
    });
  });

  it('distinguishes tags of one user from those of others and missing ones', async () => {
    const [own, his] = await run(async (tx) => [(await insert(tx)).id, (await insert(tx, ben)).id] as const);
    for (const id of [his, randomUUID() as TagId]) {
      expect(await run(async (tx) => tx.tags.lockShared(ann.uuid, [own, id]))).toBe(false);
    }
    expect(await run(async (tx) => tx.tags.lockShared(ann.uuid, [own, own]))).toBe(true);
    expect(await run(async (tx) => tx.tags.lockShared(ann.uuid, []))).toBe(true);
  });

  it('returns the resources that are visible to its owner', async () => {
    const [group] = await makeGroups(depot, 'group');
    const cleo = await makeUser(depot, 'cleo', group!.id, LIST);
    await run(async (tx) => {
      const tag = await insert(tx, cleo);
      const [seen, hidden, published] = [
        await insertReady(tx, { group: group!.id }),
        await insertReady(tx),
        await insertReady(tx),
      ];
      await tx.library.insert(published, libraryEntry());
      const [own, other] = [await server(tx, cleo), await server(tx)];
      const all = [seen, hidden, published, own, other, 'nonsense'];
      await tx.tags.putOn(tag.id, [media(seen), media(hidden), media(published), host(own)]);
      expect(await idsOn(tx, tag.id, cleo)).toEqual(new Set([own]));
      await tx.assignments.store(group!.id, ONE, { write: false, manage: false });
      expect(await idsOn(tx, tag.id, cleo)).toEqual(new Set([seen, own]));
      const found = await tx.tags.resources(all, cleo.id);
      expect(new Set(found.map(({ id }) => id))).toEqual(new Set([seen, own]));
      expect(found.find(({ kind }) => kind === 'server')!.owner).toBe(cleo.uuid);
      await tx.media.beginRemoval(seen);
      expect(await idsOn(tx, tag.id, cleo)).toEqual(new Set([own]));
    });
  });
});
