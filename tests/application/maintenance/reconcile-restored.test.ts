import { randomUUID } from 'node:crypto';
import { rm, stat, truncate, writeFile } from 'node:fs/promises';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { ReconcileRestored } from '../../../src/application/maintenance/reconcile-restored.ts';
import { admit } from '../../../src/application/media/admit.ts';
import { UpdateDrive } from '../../../src/application/drives/update-drive.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { InstanceId, MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { openCloneFixture, type CloneFixture } from '../../support/fixtures/clone-fixture.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { ONE, openDepotFixture, orderOf, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(10_000);
const LATER = 'what somebody wrote after the backup';
const DAY_SECONDS = 86_400;
const SAVED_BY = randomUUID() as InstanceId;

// In each test the database is that of the backup, and the bytes are those of a later time.
describe('ReconcileRestored', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  let cloneFixture: CloneFixture;
  let ann: Caller;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture, { leaseSeconds: 0 });
    cloneFixture = openCloneFixture(fixture);
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
  });
  afterEach(async () => fixture.close());

  async function upload(readOnly = true): Promise<MediaId> {
    const order = { ...orderOf(fixture, CONTENT.length), readOnly, type: readOnly ? 'ISO' : 'DISK' };
    return replica.upload.run(fixture.root, order, () => sourceOf(CONTENT), NEVER);
  }

  async function reconcile(): Promise<readonly [MediaId, string][]> {
    const reported: [MediaId, string][] = [];
    const reconcileRestored = new ReconcileRestored(
      fixture.work,
      fixture.stores,
      randomUUID() as InstanceId,
      DAY_SECONDS,
    );
    await reconcileRestored.run(({ id, state }) => reported.push([id, state]));
    return reported;
  }

  /** Runs all background work of a service. */
  async function serve(): Promise<void> {
    const sweeper = startReplica(fixture, { leaseSeconds: 0 });
    await sweeper.sweep.run();
    await sweeper.sweep.run();
    await cloneFixture.finishJobs();
  }

  /**
   * Expects that the bytes are unchanged and not charged; then deletes them, as an operator would.
   */
  async function expectKept(id: MediaId, media: number): Promise<void> {
    await serve();
    expect((await fixture.content(id)).toString()).toBe(LATER);
    expect(await fixture.states()).toEqual(Array.from({ length: media }, () => 'ready'));
    expect(await fixture.used()).toBe(media * CONTENT.length);
    expect(await fixture.poolUsage()).toBe(media * CONTENT.length);
    await rm(fixture.pathOf(id));
  }

  it.each([3600, -3600])(
    'keeps the bytes of an unfinished upload, with %i seconds of its lease left',
    async (seconds) => {
      const id = randomUUID() as MediaId;
      await fixture.depot.work.run(async (tx) =>
        admit(tx, fixture.pools, fixture.root, id, orderOf(fixture, 5000), 'uploading', { holder: SAVED_BY, seconds }),
      );
      await writeFile(fixture.pathOf(id), LATER);
      expect(await reconcile()).toEqual([[id, 'uploading']]);
      expect(await reconcile()).toEqual([]);
      await expectKept(id, 0);
    },
  );

  it('keeps the bytes of an unfinished clone, and writes to it since the backup', async () => {
    const source = await upload(false);
    const { id } = await cloneFixture.clone.run(ann, source, {});
    await writeFile(fixture.pathOf(id), LATER);
    expect(await reconcile()).toEqual([[id, 'cloning']]);
    await expectKept(id, 1);
  });

  it('lets a clone that shares its bytes finish', async () => {
    const source = await upload();
    await cloneFixture.clone.run(ann, source, {});
    expect(await reconcile()).toEqual([]);
    await serve();
    expect(await fixture.states()).toEqual(['ready', 'ready']);
    expect(await fixture.files()).toEqual([source]);
  });

  it('keeps the private copy of an item that was unsharing, and the item as it was', async () => {
    const source = await upload();
    const { id } = await cloneFixture.clone.run(ann, source, {});
    await cloneFixture.finishJobs();
    const workers = { wake: () => undefined };
    const edit = new UpdateDrive({
      work: fixture.work,
      stores: fixture.stores,
      pools: fixture.pools,
      resize: replica.resize,
      random: new NodeRandom(),
      workers,
    });
    await edit.run(ann, id, { optical: false });
    await writeFile(fixture.pathOf(id), LATER);
    expect((await reconcile()).map(([, state]) => state)).toEqual(['unsharing']);
    await expectKept(id, 2);
    const clone = await fixture.work.run((tx) => tx.media.find(id));
    expect(clone).toMatchObject({ readOnly: true, blob: source });
  });

  it.each([
    ['truncates nothing of', 30_000, 30_000],
    ['extends', 10_000, 20_000],
  ])('%s a disk that was resizing', async (_what, there, then) => {
    const id = await upload(false);
    await fixture.work.run(async (tx) => {
      await tx.changes.beginResizing(id, bytes(20_000), { holder: SAVED_BY, seconds: -3600 });
      await tx.usage.charge(fixture.group, ONE, bytes(10_000));
      await tx.pools.charge(ONE, bytes(10_000));
    });
    await truncate(fixture.pathOf(id), there);
    expect(await reconcile()).toEqual([[id, 'resizing']]);
    await serve();
    expect((await stat(fixture.pathOf(id))).size).toBe(then);
    expect(await fixture.states()).toEqual(['ready']);
    expect(await fixture.used()).toBe(20_000);
  });

  it('deletes items that were removed before the backup', async () => {
    const id = await upload();
    await fixture.work.run(async (tx) => {
      const group = (await tx.groups.lockShared(fixture.group.id))!;
      const media = (await tx.media.lock(id))!;
      await tx.media.beginRemoval(id);
      await tx.usage.refund(group.path, ONE, media.size, 1);
    });
    expect(await reconcile()).toEqual([]);
    await serve();
    await fixture.expectNothing();
  });
});
