import { ExpireTrash } from '../../../src/application/trash/expire-trash.ts';
import { DeleteMedia } from '../../../src/application/trash/delete-media.ts';
import { EmptyTrash } from '../../../src/application/trash/empty-trash.ts';
import { RestoreMedia } from '../../../src/application/trash/restore-media.ts';
import { RemoveGroup } from '../../../src/application/access/remove-group.ts';
import { YieldingUnitOfWork } from '../../../src/application/trash/yielding-unit-of-work.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { Group } from '../../../src/domain/access/group.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type GroupId, type MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { openDepotFixture, ONE, orderOf, TWO, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { makeGroups, makeUser } from '../../support/fixtures/users.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';

const CONTENT = patterned(1000);
const MISSING = { code: 'media-not-found' };
const EVERYWHERE = { group: null, subtree: false };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('The trash', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  let removals: { wake: () => void };
  let woken: number;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
    woken = 0;
    removals = { wake: () => (woken += 1) };
  });
  afterEach(async () => fixture.close());

  async function upload(name?: string, group: GroupId = fixture.group.id): Promise<MediaId> {
    const order = { ...orderOf(fixture, CONTENT.length, name), group };
    return replica.upload.run(fixture.root, order, () => sourceOf(CONTENT), NEVER);
  }

  function deletion(trashDays = 7): DeleteMedia {
    return new DeleteMedia({ work: fixture.work, purge: replica.purge, removals, log: quiet, trashDays });
  }

  async function trash(id: MediaId, caller: Caller = fixture.root): Promise<void> {
    await deletion().run(caller, id, { permanent: false, dryRun: false });
  }

  async function restore(id: MediaId, name?: string, caller: Caller = fixture.root): Promise<void> {
    await new RestoreMedia(fixture.work).run(caller, id, name);
  }

  function emptying(): EmptyTrash {
    return new EmptyTrash({ work: fixture.work, pools: fixture.pools, removals });
  }

  async function expire(trashDays: number): Promise<void> {
    await new ExpireTrash({ work: fixture.work, pools: fixture.pools, removals, trashDays }).run();
  }

  async function makeOlder(id: MediaId, days: number): Promise<void> {
    await fixture.depot.rows(`update media set trashed_at = trashed_at - interval '${days} days' where id = '${id}'`);
  }

  it('hides the item, frees its name and keeps its bytes and its charge', async () => {
    const id = await upload('name');
    await trash(id);
    expect(await fixture.states()).toEqual(['trashed']);
    expect(await fixture.used()).toBe(CONTENT.length);
    expect(await fixture.files()).toEqual([id]);
    await fixture.work.read(async (tx) => {
      expect(await tx.media.listOf(fixture.group.id)).toMatchObject({ items: [] });
      expect(await tx.labels.findAll([id])).toEqual([]);
      expect(await tx.labels.namesTaken(ONE, ['name'])).toEqual(new Set());
      expect(await tx.media.findStored(id)).toBeNull();
      expect(await tx.media.unfinished(10, null)).toEqual([]);
      expect(await tx.examination.drift()).toEqual([]);
    });
    await expect(replica.remove.run(fixture.root, id)).rejects.toMatchObject(MISSING);
    await expect(trash(id)).rejects.toMatchObject(MISSING);
    await upload('name');
    await replica.sweep.run();
    expect(await fixture.states()).toEqual(['trashed', 'ready']);
  });

  it('gives the item back as it was, or under another name when its own is taken', async () => {
    const [id, other] = [await upload('name'), await upload('other')];
    await trash(id);
    await restore(id);
    await trash(id);
    await replica.upload.run(fixture.root, orderOf(fixture, CONTENT.length, 'name'), () => sourceOf(CONTENT), NEVER);
    await expect(restore(id)).rejects.toMatchObject({ code: 'media-name-taken' });
    await expect(restore(id, 'other')).rejects.toMatchObject({ code: 'media-name-taken' });
    await expect(restore(id, '')).rejects.toMatchObject({ code: 'name-invalid' });
    await restore(id, 'another');
    const found = await fixture.work.read(async (tx) => tx.media.find(id));
    expect(found).toMatchObject({ state: 'ready', name: 'another', group: fixture.group.id });
    expect(await fixture.content(id)).toEqual(CONTENT);
    await expect(restore(id)).rejects.toMatchObject(MISSING);
    await expect(restore(other)).rejects.toMatchObject(MISSING);
  });

  it('is passed by for permanent deletions, and without days to keep', async () => {
    await deletion().run(fixture.root, await upload(), { permanent: true, dryRun: false });
    await fixture.expectNothing();
    await deletion(0).run(fixture.root, await upload(), { permanent: false, dryRun: false });
    await fixture.expectNothing();
  });

  it('changes nothing in a dry run, which is refused as the deletion is', async () => {
    const id = await upload();
    for (const permanent of [false, true]) await deletion().run(fixture.root, id, { permanent, dryRun: true });
    expect(await fixture.states()).toEqual(['ready']);
    await fixture.work.run(async (tx) => tx.protections.set(id, true));
    for (const dryRun of [true, false]) {
      const refused = deletion().run(fixture.root, id, { permanent: false, dryRun });
      await expect(refused).rejects.toMatchObject({ code: 'media-protected' });
    }
    await fixture.work.run(async (tx) => tx.protections.set(id, false));
    await trash(id);
    await emptying().one(fixture.root, id, true);
    expect(await emptying().all(fixture.root, EVERYWHERE, true)).toBe(1);
    expect(await fixture.states()).toEqual(['trashed']);
  });

  it('requires the permissions on the group, and reveals nothing to others', async () => {
    const id = await upload();
    const { depot, group } = fixture;
    const stranger = await makeUser(depot, 'stranger', ROOT_GROUP);
    const reader = await makeUser(depot, 'reader', group.id, 'velocity.media.list');
    const remover = await makeUser(depot, 'remover', group.id, 'velocity.media.list', 'velocity.media.remove');
    await expect(trash(id, stranger)).rejects.toMatchObject(MISSING);
    await expect(trash(id, reader)).rejects.toMatchObject({ code: 'permission-missing' });
    await trash(id, remover);
    for (const act of [restore.bind(null, id, undefined), async (by: Caller) => emptying().one(by, id, false)]) {
      await expect(act(stranger)).rejects.toMatchObject(MISSING);
      await expect(act(reader)).rejects.toMatchObject({ code: 'permission-missing' });
    }
    expect(await emptying().all(reader, EVERYWHERE, false)).toBe(0);
    await depot.work.run(async (tx) => tx.assignments.store(group.id, ONE, { write: true, manage: false }));
    await expect(restore(id)).rejects.toMatchObject({ code: 'not-manager' });
    expect(await emptying().all(remover, EVERYWHERE, false)).toBe(0);
    await depot.work.run(async (tx) => tx.assignments.store(group.id, ONE, { write: true, manage: true }));
    expect(await emptying().all(remover, EVERYWHERE, false)).toBe(1);
  });

  it('is emptied by hand, item by item or with all groups below one', async () => {
    const [first, second] = [await upload(), await upload()];
    const [beside] = (await makeGroups(fixture.depot, 'beside')) as [Group];
    await fixture.depot.work.run(async (tx) => tx.assignments.store(beside.id, ONE, { write: true, manage: true }));
    const third = await upload(undefined, beside.id);
    for (const id of [first, second, third]) await trash(id);
    await emptying().one(fixture.root, first, false);
    expect(await fixture.used()).toBe(CONTENT.length);
    expect(await emptying().all(fixture.root, { group: fixture.top.id, subtree: true }, false)).toBe(1);
    expect(woken).toBe(2);
    await replica.sweep.run();
    expect(await fixture.states()).toEqual(['trashed']);
    expect(await fixture.used(beside.id)).toBe(CONTENT.length);
  });

  it('loses what its time is over for, also on two replicas at once', async () => {
    const [old, young] = [await upload(), await upload()];
    for (const id of [old, young]) await trash(id);
    await makeOlder(old, 8);
    await Promise.all([expire(7), expire(7)]);
    await replica.sweep.run();
    expect(await fixture.states()).toEqual(['trashed']);
    expect(await fixture.used()).toBe(CONTENT.length);
    await restore(young);
    await trash(young);
    await expire(0);
    await replica.sweep.run();
    await fixture.expectNothing();
  });

  it('goes with its group', async () => {
    await trash(await upload());
    await new RemoveGroup(fixture.work, removals).run(fixture.root, fixture.top.id);
    await replica.sweep.run();
    await fixture.expectNothing();
  });

  describe('under a full quota', () => {
    let yielding: Replica;
    beforeEach(() => {
      yielding = startReplica({ ...fixture, work: new YieldingUnitOfWork(fixture.work, removals) });
    });

    async function ingest(group: GroupId = fixture.group.id, size = CONTENT.length): Promise<MediaId> {
      const order = { ...orderOf(fixture, size), group };
      return yielding.create.run(fixture.root, order, NEVER);
    }

    it('gives up its oldest items, as many as needed', async () => {
      const ids = [await upload(), await upload(), await upload()];
      for (const id of ids) await trash(id);
      await fixture.setQuota(fixture.group.id, bytes(3 * CONTENT.length + 10));
      await ingest(fixture.group.id, CONTENT.length + 20);
      expect(await fixture.states()).toEqual(['removing', 'removing', 'trashed', 'ready']);
      expect(woken).toBe(1);
      await replica.sweep.run();
    });

    it('stays whole when all of it would not suffice, or the pool refuses', async () => {
      await trash(await upload());
      await fixture.setQuota(fixture.group.id, bytes(CONTENT.length));
      const refused = { code: 'quota-exceeded', detail: { limitedBy: 'group', group: fixture.group.id, pool: ONE } };
      await expect(ingest(fixture.group.id, CONTENT.length + 1)).rejects.toMatchObject(refused);
      await fixture.setQuota(fixture.group.id, null);
      await fixture.depot.rows(`update pools set capacity = ${CONTENT.length} where id = 1`);
      await expect(ingest()).rejects.toMatchObject({ code: 'quota-exceeded', detail: { limitedBy: 'pool' } });
      expect(await fixture.states()).toEqual(['trashed']);
    });

    it('keeps the trash of other groups and of other pools', async () => {
      await trash(await upload());
      await fixture.setQuota(fixture.top.id, bytes(CONTENT.length));
      await expect(ingest()).rejects.toMatchObject({ detail: { group: fixture.top.id } });
      await fixture.setQuota(fixture.top.id, null);
      await fixture.depot.work.run(async (tx) => tx.usage.setQuota(fixture.group.id, TWO, bytes(1)));
      const order = { ...orderOf(fixture, 2), pool: TWO };
      await expect(yielding.create.run(fixture.root, order, NEVER)).rejects.toMatchObject({ code: 'quota-exceeded' });
      expect(await fixture.states()).toEqual(['trashed']);
    });

    it('makes room for two charges at once', async () => {
      for (const id of [await upload(), await upload()]) await trash(id);
      await fixture.setQuota(fixture.group.id, bytes(2 * CONTENT.length));
      await Promise.all([ingest(), ingest()]);
      expect((await fixture.states()).map(String).sort()).toEqual(['ready', 'ready', 'removing', 'removing']);
      expect(await fixture.used()).toBe(2 * CONTENT.length);
    });

    it('gives up nothing more than the charges need', async () => {
      for (const id of [await upload(), await upload(), await upload()]) await trash(id);
      await fixture.setQuota(fixture.group.id, bytes(3 * CONTENT.length));
      await Promise.all([ingest(), ingest()]);
      expect((await fixture.states()).map(String).sort()).toEqual([
        'ready',
        'ready',
        'removing',
        'removing',
        'trashed',
      ]);
    });
  });
});
