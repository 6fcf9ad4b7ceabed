import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { CloneOrder } from '../../../src/application/drives/clone-drive.ts';
import { Purge } from '../../../src/application/media/purge.ts';
import type { DriveView } from '../../../src/application/drives/drive-view.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sha256, sourceOf } from '../../support/files/byte-sources.ts';
import { openCloneFixture, type CloneFixture } from '../../support/fixtures/clone-fixture.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { ONE, openDepotFixture, orderOf, TWO, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(200_000);

describe('CloneDrive', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  let cloneFixture: CloneFixture;
  let ann: Caller;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
    cloneFixture = openCloneFixture(fixture);
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
  });
  afterEach(async () => fixture.close());

  async function upload(wanted: Partial<ReturnType<typeof orderOf>> = {}): Promise<MediaId> {
    const order = { ...orderOf(fixture, CONTENT.length), type: 'DISK', readOnly: false, ...wanted };
    return replica.upload.run(fixture.root, order, () => sourceOf(CONTENT), NEVER);
  }

  async function clone(source: MediaId, order: CloneOrder = {}): Promise<DriveView> {
    return cloneFixture.clone.run(ann, source, order);
  }

  async function stored(id: MediaId) {
    return fixture.depot.work.run(async (tx) => tx.media.findStored(id));
  }

  async function job(view: DriveView) {
    return fixture.depot.work.run(async (tx) => tx.jobs.find(view.jobs[0]!, ann.uuid));
  }

  async function writeInPlace(id: MediaId, text: string): Promise<void> {
    const file = await open(fixture.pathOf(id), 'r+');
    await file.write(text, 0);
    await file.close();
  }

  it('returns a charged clone with its job, which copies the bytes later', async () => {
    const source = await upload();
    const view = await clone(source, { label: 'mine' });
    expect(view).toMatchObject({ state: 'cloning', label: { text: 'mine' }, size: CONTENT.length, owner: ann.uuid });
    expect(view.jobs).toHaveLength(1);
    expect(await fixture.used()).toBe(2 * CONTENT.length);
    expect(await job(view)).toMatchObject({ state: 'started', source, target: view.id, copied: 0 });

    await cloneFixture.finishJobs();
    expect((await fixture.content(view.id)).equals(CONTENT)).toBe(true);
    expect(await stored(view.id)).toMatchObject({
      media: { state: 'ready', readOnly: false, name: 'mine' },
      blob: { storedBytes: CONTENT.length, sha256: sha256(CONTENT) },
    });
    expect(await job(view)).toMatchObject({ state: 'success', copied: CONTENT.length, total: CONTENT.length });
  });

  it('separates writes in place to a clone, to its source and to another clone', async () => {
    const source = await upload();
    const [one, two] = [await clone(source), await clone(source)];
    await cloneFixture.finishJobs();
    await writeInPlace(one.id, 'written into the first clone');
    expect((await fixture.content(source)).equals(CONTENT)).toBe(true);
    expect((await fixture.content(two.id)).equals(CONTENT)).toBe(true);
    await writeInPlace(source, 'written into the source');
    expect((await fixture.content(two.id)).equals(CONTENT)).toBe(true);
    expect((await fixture.content(one.id)).toString('latin1')).toContain('written into the first clone');
  });

  it('shares the bytes between read-only items, until the last of them is removed', async () => {
    const source = await upload({ type: 'ISO', readOnly: true });
    const [one, two] = [await clone(source), await clone(source)];
    await cloneFixture.finishJobs();
    expect(await fixture.files()).toEqual([source]);
    expect(await stored(one.id)).toMatchObject({ media: { blob: source, readOnly: true, state: 'ready' } });
    expect(await fixture.used()).toBe(3 * CONTENT.length);

    await replica.remove.run(fixture.root, source);
    await replica.remove.run(fixture.root, one.id);
    expect((await fixture.content(source)).equals(CONTENT)).toBe(true);
    expect(await fixture.used()).toBe(CONTENT.length);
    expect(await fixture.poolUsage()).toBe(CONTENT.length);
    await replica.remove.run(fixture.root, two.id);
    await fixture.expectNothing();
  });

  it('lets the last two items that share bytes be purged concurrently, and leaves nothing', async () => {
    for (let round = 0; round < 5; round += 1) {
      const source = await upload({ type: 'ISO', readOnly: true });
      const { id } = await clone(source);
      await cloneFixture.finishJobs();
      await Promise.all([source, id].map(async (one) => replica.remove.run(fixture.root, one)));
      await replica.sweep.run();
      expect(await fixture.files()).toEqual([]);
    }
  });

  it('copies an optical item into a writable disk, and a disk into an optical item', async () => {
    const [optical, disk] = [await upload({ type: 'ISO', readOnly: true }), await upload()];
    const [first, second] = [await clone(optical, { optical: false }), await clone(disk, { optical: true })];
    await cloneFixture.finishJobs();
    expect(await stored(first.id)).toMatchObject({ media: { type: 'DISK', readOnly: false, blob: first.id } });
    expect(await stored(second.id)).toMatchObject({ media: { type: 'ISO', readOnly: true, blob: second.id } });
  });

  it('can be larger than its source, with zeros behind the copy, and not smaller', async () => {
    const source = await upload();
    const size = bytes(CONTENT.length + 5000);
    const view = await clone(source, { size });
    await expect(clone(source, { size: bytes(CONTENT.length - 1) })).rejects.toMatchObject({
      code: 'clone-too-small',
      detail: { min: CONTENT.length },
    });
    await cloneFixture.finishJobs();
    expect((await fixture.content(view.id)).equals(Buffer.concat([CONTENT, Buffer.alloc(5000)]))).toBe(true);
    expect(await fixture.used()).toBe(CONTENT.length + size);
  });

  it('needs no space for a source that holds nothing but zeros, of any size', async () => {
    const size = bytes(1024 ** 4);
    const order = { name: 'huge', size, pool: ONE, group: fixture.group.id };
    const source = await replica.create.run(fixture.root, order, NEVER);
    const view = await clone(source);
    await cloneFixture.finishJobs();
    expect(await stored(view.id)).toMatchObject({ media: { size }, blob: { storedBytes: 0, sha256: null } });
  });

  it('copies bytes that were written in place into such a source', async () => {
    const order = { name: 'disk', size: bytes(300_000), pool: ONE, group: fixture.group.id };
    const source = await replica.create.run(fixture.root, order, NEVER);
    await writeInPlace(source, 'a guest was here');
    const view = await clone(source);
    await cloneFixture.finishJobs();
    expect((await fixture.content(view.id)).subarray(0, 16).toString()).toBe('a guest was here');
    expect((await stored(view.id))!.blob.sha256).toBeNull();
  });

  it('reads and writes through the ports from one pool to the other, and grows there', async () => {
    const source = await upload();
    await fixture.depot.work.run(async (tx) => {
      await tx.assignments.store(fixture.group.id, ONE, { write: true, manage: false });
    });
    const view = await clone(source, { size: bytes(CONTENT.length + 100) });
    await cloneFixture.finishJobs();
    const expected = Buffer.concat([CONTENT, Buffer.alloc(100)]);
    expect((await fixture.content(view.id, TWO)).equals(expected)).toBe(true);
    expect(await fixture.used(fixture.group.id, TWO)).toBe(CONTENT.length + 100);
  });

  it('is refused over quota, before any byte is copied', async () => {
    const source = await upload();
    await fixture.setQuota(fixture.group.id, bytes(CONTENT.length * 2 - 1));
    await expect(clone(source)).rejects.toMatchObject({ code: 'quota-exceeded' });
    expect(await fixture.states()).toEqual(['ready']);
    expect(await fixture.used()).toBe(CONTENT.length);
  });

  it('is refused to a caller who does not see the source, or may create media nowhere', async () => {
    const source = await upload();
    const bob = await makeUser(fixture.depot, 'bob', fixture.group.id, 'velocity.media.create');
    await expect(cloneFixture.clone.run(bob, source, {})).rejects.toMatchObject({ code: 'media-not-found' });
    const eve = await makeUser(fixture.depot, 'eve', fixture.group.id, 'velocity.media.list');
    await expect(cloneFixture.clone.run(eve, source, {})).rejects.toMatchObject({ code: 'home-group-missing' });
    await expect(clone(randomUUID() as MediaId)).rejects.toMatchObject({ code: 'media-not-found' });
    await expect(cloneFixture.clone.run(ann, source, {}, 'library')).rejects.toMatchObject({ code: 'media-not-found' });
  });

  it('is refused for a source that is being cloned itself', async () => {
    const source = await upload();
    const view = await clone(source);
    await expect(clone(view.id)).rejects.toMatchObject({ code: 'media-busy' });
    await cloneFixture.finishJobs();
    await clone(view.id);
    await cloneFixture.finishJobs();
  });

  it('is named as the profile of the caller says, and gets a unique file name', async () => {
    const source = await upload({ name: 'disk' });
    expect((await clone(source)).label.text).toBe('disk');
    await fixture.depot.work.run(async (tx) => tx.profiles.change(ann.id, { cloneNaming: 'COUNTER' }));
    expect((await clone(source)).label.text).toBe('disk_1');
    expect((await clone(source)).label.text).toBe('disk_1');
    await cloneFixture.finishJobs();
    expect(await fixture.states()).toEqual(Array.from({ length: 4 }, () => 'ready'));
  });

  it('clones one source many times at once', async () => {
    const source = await upload();
    const views = await Promise.all(Array.from({ length: 8 }, async () => clone(source)));
    await cloneFixture.finishJobs();
    for (const { id } of views) expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
    expect(await fixture.used()).toBe(9 * CONTENT.length);
  });

  it('continues when its source is removed meanwhile, whose bytes are deleted after it', async () => {
    const source = await upload();
    const view = await clone(source);
    await replica.remove.run(fixture.root, source);
    await replica.sweep.run();
    expect((await fixture.content(source)).equals(CONTENT)).toBe(true);
    await cloneFixture.finishJobs();
    expect((await fixture.content(view.id)).equals(CONTENT)).toBe(true);
    await replica.sweep.run();
    expect(await fixture.files()).toEqual([view.id]);
    expect(await fixture.poolUsage()).toBe(CONTENT.length);
  });

  it('leaves nothing when it is removed before its bytes are copied', async () => {
    const source = await upload();
    const view = await clone(source);
    await fixture.depot.work.run(async (tx) => {
      const group = (await tx.groups.lockShared(fixture.group.id))!;
      await tx.media.lock(view.id);
      await tx.media.beginRemoval(view.id);
      await tx.usage.refund(group.path, ONE, view.size, 1);
    });
    await new Purge(fixture.work, fixture.stores, fixture.pools).run(view.id);
    await cloneFixture.finishJobs();
    expect(await job(view)).toMatchObject({ state: 'error' });
    expect(await fixture.files()).toEqual([source]);
    expect(await fixture.used()).toBe(CONTENT.length);
  });
});
