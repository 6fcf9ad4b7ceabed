import { randomUUID } from 'node:crypto';
import { PostgresUnitOfWork } from '../../src/adapters/postgres/unit-of-work.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { MediaId, ServerId, TagId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { makeUser } from '../support/fixtures/users.ts';
import { insertReady, makePools } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const MAX = 100;
const SERVER = {
  name: 'é',
  cpu: 1,
  memory: bytes(1),
  screenPassword: 'pw',
  meta: { a: 'b' },
  otherFields: { nics: [1] },
};
/** `{"a": "b"}` and `{"nics": [1]}`, as PostgreSQL writes JSON, with the name and the password. */
const SERVER_BYTES = 2 + 2 + 10 + 13;
const LABEL = { text: 'called', meta: {}, shareable: false, affinities: ['ssd'] };
/** `{}` and `["ssd"]`. */
const LABEL_BYTES = 6 + 2 + 7;

describe.each(UNITS_OF_WORK)('DefinitionRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let limited: PostgresUnitOfWork;
  let ann: Caller;
  let ben: Caller;
  beforeEach(async () => {
    depot = await open();
    limited = new PostgresUnitOfWork(depot.pool, { maxDefinitionBytes: MAX });
    await makePools(depot);
    [ann, ben] = [await makeUser(depot, 'ann'), await makeUser(depot, 'ben')];
  });
  afterEach(async () => depot.close());

  const bytesOf = async (user: Caller): Promise<number> =>
    depot.work.read(async (tx) => tx.definitions.bytesOf(user.uuid));

  /** A tag of this size in bytes. */
  async function insertTag(tx: Transaction, size: number, owner = ann): Promise<TagId> {
    const id = randomUUID() as TagId;
    await tx.tags.insert({ id, owner: owner.uuid, name: 'x'.repeat(size - '{}'.length), meta: {} });
    return id;
  }

  /** Creates a tag as a use case does, and returns whether it passed. */
  async function passes(size: number, owner = ann, halfway = async (): Promise<void> => undefined): Promise<boolean> {
    const done = limited.run(async (tx) => {
      await tx.definitions.lock(owner.uuid);
      await insertTag(tx, size, owner);
      await halfway();
      await tx.definitions.requireRoom(owner.uuid);
    });
    return done.then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'definitions-too-large', detail: { max: MAX } });
        return false;
      },
    );
  }

  it('counts the bytes of servers, tags, labels and the profile of one user, without removed ones', async () => {
    const media = await depot.work.run(async (tx) => {
      const server = { ...SERVER, id: randomUUID() as ServerId, owner: ann.uuid };
      await tx.servers.insert(server);
      expect(await tx.definitions.bytesOf(ann.uuid)).toBe(SERVER_BYTES);
      await tx.servers.define(server.id, { ...SERVER, meta: { a: 'b'.repeat(1_000_000) } });
      expect(await tx.definitions.bytesOf(ann.uuid)).toBe(SERVER_BYTES + 999_999);
      await tx.servers.remove(server.id);
      expect(await tx.definitions.bytesOf(ann.uuid)).toBe(0);

      const tag = await insertTag(tx, 10);
      await tx.tags.write(tag, { name: 'tag', meta: {} });
      expect(await tx.definitions.bytesOf(ann.uuid)).toBe(5);
      await tx.tags.remove(tag);

      await tx.profiles.change(ann.id, { firstName: 'Ann', lastName: 'É' });
      expect(await tx.definitions.bytesOf(ann.uuid)).toBe(5);
      await tx.profiles.change(ann.id, { firstName: '', lastName: '' });

      const id = await insertReady(tx, { createdBy: ann.uuid });
      await tx.labels.store(id, LABEL, ann.uuid);
      return id;
    });
    expect([await bytesOf(ann), await bytesOf(ben)]).toEqual([LABEL_BYTES, 0]);
    await depot.knex('media').where({ id: media }).delete();
    expect(await bytesOf(ann)).toBe(0);
  });

  it('counts a label for its last writer only', async () => {
    const id: MediaId = await depot.work.run(async (tx) => insertReady(tx, { createdBy: ann.uuid }));
    await depot.work.run(async (tx) => tx.labels.store(id, LABEL, ann.uuid));
    await depot.work.run(async (tx) => tx.labels.store(id, LABEL, ben.uuid));
    expect([await bytesOf(ann), await bytesOf(ben)]).toEqual([0, LABEL_BYTES]);
  });

  it('counts nothing for a user that does not exist', async () => {
    expect(await bytesOf({ ...ann, uuid: randomUUID() as Caller['uuid'] })).toBe(0);
  });

  it('allows exactly the limit, for each user separately', async () => {
    expect(await passes(MAX)).toBe(true);
    expect(await passes(3)).toBe(false);
    expect(await passes(MAX + 1, ben)).toBe(false);
    expect(await passes(MAX, ben)).toBe(true);
    expect([await bytesOf(ann), await bytesOf(ben)]).toEqual([MAX, MAX]);
  });

  it('lets a user above the limit shorten definitions, but not lengthen them', async () => {
    const tag = await depot.work.run(async (tx) => insertTag(tx, 3 * MAX));
    const rewrite = async (size: number): Promise<void> =>
      limited.run(async (tx) => {
        await tx.definitions.lock(ann.uuid);
        const before = await tx.definitions.bytesOf(ann.uuid);
        await tx.tags.write(tag, { name: 'y'.repeat(size - '{}'.length), meta: {} });
        await tx.definitions.requireRoom(ann.uuid, before);
      });
    await expect(rewrite(3 * MAX + 1)).rejects.toMatchObject({ code: 'definitions-too-large' });
    await rewrite(3 * MAX);
    await rewrite(2 * MAX);
    expect(await bytesOf(ann)).toBe(2 * MAX);
  });

  it('lets one of two concurrent changes pass if both exceed the limit, without blocking other users', async () => {
    const [begun, go] = [gate(), gate()];
    const first = passes(60, ann, async () => {
      begun.open();
      await go.opened;
    });
    await begun.opened;
    const second = passes(60);
    await untilBlocked(depot.url);
    expect(await passes(60, ben)).toBe(true);
    go.open();
    expect([await first, await second]).toEqual([true, false]);
    expect(await bytesOf(ann)).toBe(60);
  });

  it('blocks concurrent counts of possessions', async () => {
    const [begun, go] = [gate(), gate()];
    const first = depot.work.run(async (tx) => {
      await tx.definitions.lock(ann.uuid);
      await insertTag(tx, 10);
      begun.open();
      await go.opened;
    });
    await begun.opened;
    const count = depot.work.run(async (tx) => tx.users.countPossessions(ann, 'tags'));
    await untilBlocked(depot.url);
    go.open();
    await first;
    expect(await count).toBe(1);
  });
});
