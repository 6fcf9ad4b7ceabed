import { open } from 'node:fs/promises';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { UpdateDrive, type DriveChanges } from '../../../src/application/drives/update-drive.ts';
import { ViewDrive } from '../../../src/application/drives/view-drive.ts';
import type { DriveView } from '../../../src/application/drives/drive-view.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sha256, sourceOf } from '../../support/files/byte-sources.ts';
import { openCloneFixture, type CloneFixture } from '../../support/fixtures/clone-fixture.ts';
import { modeOf, READ_ONLY, WRITABLE } from '../../support/files/mode-of.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { openDepotFixture, orderOf, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(200_000);
const BUSY = { code: 'media-busy' };

describe('Items that become a disk', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  let cloneFixture: CloneFixture;
  let edit: UpdateDrive;
  let ann: Caller;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
    cloneFixture = openCloneFixture(fixture);
    const workers = { wake: () => undefined };
    edit = new UpdateDrive({
      work: fixture.work,
      stores: fixture.stores,
      pools: fixture.pools,
      resize: replica.resize,
      random: new NodeRandom(),
      workers,
    });
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
  });
  afterEach(async () => fixture.close());

  /** Returns a read-only item and this many clones that share its bytes. */
  async function sharing(clones: number): Promise<readonly [MediaId, ...MediaId[]]> {
    const source = await replica.upload.run(
      fixture.root,
      orderOf(fixture, CONTENT.length),
      () => sourceOf(CONTENT),
      NEVER,
    );
    const ids: MediaId[] = [];
    for (let made = 0; made < clones; made += 1) ids.push((await cloneFixture.clone.run(ann, source, {})).id);
    await cloneFixture.finishJobs();
    expect((await fixture.files()).length).toBe(1);
    return [source, ...ids];
  }

  async function change(id: MediaId, changes: DriveChanges): Promise<DriveView> {
    return (await edit.run(ann, id, changes)).media;
  }

  async function writeInPlace(id: MediaId): Promise<void> {
    const file = await open(fixture.pathOf(id), 'r+');
    await file.write('written in place', 0);
    await file.close();
  }

  /** Expects that the bytes of the item are unchanged, in any location. */
  async function expectUntouched(id: MediaId): Promise<void> {
    const stored = await fixture.work.run(async (tx) => tx.media.findStored(id));
    expect(stored).toMatchObject({ media: { readOnly: true }, blob: { sha256: sha256(CONTENT) } });
    expect((await fixture.content(stored!.media.blob)).equals(CONTENT)).toBe(true);
    expect(await modeOf(fixture.pathOf(stored!.media.blob))).toBe(READ_ONLY);
  }

  async function expectOwn(id: MediaId): Promise<void> {
    const stored = await fixture.work.run(async (tx) => tx.media.findStored(id));
    expect(stored).toMatchObject({
      media: { readOnly: false, type: 'DISK', blob: id, state: 'ready' },
      blob: { sha256: sha256(CONTENT) },
    });
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
    expect(await modeOf(fixture.pathOf(id))).toBe(WRITABLE);
  }

  it.each([
    ['clones', 1],
    ['the source of clones', 0],
  ])('get a private copy first if they are %s, by a job', async (_what, at) => {
    const ids = await sharing(2);
    const [id, others] = [ids[at]!, ids.filter((_, index) => index !== at)];
    const view = await change(id, { optical: false, text: 'mine' });
    expect(view).toMatchObject({ optical: true, isRead: true, state: 'ready', label: { text: 'mine' } });
    expect(view.jobs).toHaveLength(1);
    expect(await fixture.used()).toBe(3 * CONTENT.length);
    await cloneFixture.finishJobs();
    await expectOwn(id);
    const job = await fixture.work.run(async (tx) => tx.jobs.find(view.jobs[0]!, ann.uuid));
    expect(job).toMatchObject({ state: 'success', operation: 'unshare', source: id, copied: CONTENT.length });

    await writeInPlace(id);
    for (const other of others) await expectUntouched(other);
    expect((await fixture.files()).length).toBe(2);
    expect(await fixture.states()).toEqual(['ready', 'ready', 'ready']);
    expect(await fixture.used()).toBe(3 * CONTENT.length);
  });

  it('get it all at once, or one after the other, and leave nothing behind', async () => {
    const ids = await sharing(2);
    for (const id of ids) await change(id, { optical: false });
    await cloneFixture.finishJobs();
    for (const id of ids) await expectOwn(id);
    expect([...(await fixture.files())].sort()).toEqual([...ids].sort());
  });

  it('own a file named like their id, also if the item that they were cloned from is removed', async () => {
    const [source, id] = await sharing(1);
    await replica.remove.run(fixture.root, source);
    await change(id!, { optical: false });
    await cloneFixture.finishJobs();
    await expectOwn(id!);
    expect(await fixture.files()).toEqual([id]);
  });

  it('are not changed to a disk, resized or unshared twice meanwhile, but renamed and cloned', async () => {
    const [, id] = await sharing(1);
    await change(id!, { optical: false });
    await expect(change(id!, { optical: false })).rejects.toMatchObject(BUSY);
    await expect(change(id!, { size: bytes(300_000) })).rejects.toMatchObject(BUSY);
    expect(await change(id!, { text: 'renamed', optical: true })).toMatchObject({ label: { text: 'renamed' } });
    const clone = await cloneFixture.clone.run(ann, id!, {});
    await cloneFixture.finishJobs();
    await expectOwn(id!);
    await expectUntouched(clone.id);
  });

  it('show the job to the user who started it only', async () => {
    const ben = await makeUser(fixture.depot, 'ben', fixture.group.id, 'velocity.media.list');
    const [, id] = await sharing(1);
    await change(id!, { optical: false });
    const clone = await cloneFixture.clone.run(ann, id!, { optical: false });
    const view = new ViewDrive(fixture.work, fixture.pools);
    expect((await view.run(ann, id!)).jobs).toHaveLength(2);
    expect((await view.run(ann, clone.id)).jobs).toEqual(clone.jobs);
    for (const one of [id!, clone.id]) expect((await view.run(ben, one)).jobs).toEqual([]);
    expect(await view.run(ben, id!)).toMatchObject({ isRead: true });
    await cloneFixture.finishJobs();
  });

  it('wait until no job reads the blob that becomes theirs', async () => {
    const [id, clone] = await sharing(1);
    await cloneFixture.clone.run(ann, clone!, { optical: false });
    await fixture.depot.knex.raw(`update jobs set due_at = 'infinity' where state = 'started'`);
    await change(id, { optical: false });
    await cloneFixture.jobs.run();
    await cloneFixture.jobs.idle();
    const [waiting] = await rowsOf(fixture.depot.url, `select failure from jobs where operation = 'part'`);
    expect(waiting).toEqual({ failure: 'media-busy' });
    await expectUntouched(id);
    await fixture.depot.knex.raw(`update jobs set due_at = now()`);
    await cloneFixture.finishJobs();
    await expectOwn(id);
  });

  it('stay unchanged if the user lost the right to change them', async () => {
    const [, id] = await sharing(1);
    await change(id!, { optical: false });
    await fixture.depot.work.run(async (tx) =>
      tx.grants.revoke({ user: ann.id, group: fixture.group.id, permission: 'velocity.media.create' }),
    );
    await cloneFixture.finishJobs();
    await expectUntouched(id!);
    expect(await fixture.states()).toEqual(['ready', 'ready']);
    expect((await fixture.files()).length).toBe(1);
  });

  it('leave nothing if they are removed meanwhile', async () => {
    const [source, id] = await sharing(1);
    await change(id!, { optical: false });
    for (const one of [source, id!]) await replica.remove.run(fixture.root, one);
    await cloneFixture.finishJobs();
    await replica.sweep.run();
    await fixture.expectNothing();
  });
});
