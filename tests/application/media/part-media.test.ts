import { open } from 'node:fs/promises';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { EditLabelledMedia, type LabelledMediaChanges } from '../../../src/application/media/edit-labelled-media.ts';
import { ViewLabelledMedia } from '../../../src/application/media/view-labelled-media.ts';
import type { MediaView } from '../../../src/application/media/media-view.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sha256, sourceOf } from '../../support/byte-sources.ts';
import { openCloneShop, type CloneShop } from '../../support/clone-shop.ts';
import { modeOf, READ_ONLY, WRITABLE } from '../../support/mode-of.ts';
import { makeUser } from '../../support/people.ts';
import { rowsOf } from '../../support/postgres.ts';
import { startReplica, type Replica } from '../../support/replica.ts';
import { openYard, orderOf, type Yard } from '../../support/yard.ts';

const CONTENT = patterned(200_000);
const BUSY = { code: 'media-busy' };

describe('Media that become a disk', () => {
  let yard: Yard;
  let replica: Replica;
  let shop: CloneShop;
  let edit: EditLabelledMedia;
  let ann: Caller;
  beforeEach(async () => {
    yard = await openYard();
    replica = startReplica(yard);
    shop = openCloneShop(yard);
    const workers = { wake: () => undefined };
    edit = new EditLabelledMedia(yard.work, yard.stores, yard.pools, replica.resize, new NodeRandom(), workers);
    ann = await makeUser(yard.depot, 'ann', yard.group.id, 'velocity.media.list', 'velocity.media.create');
  });
  afterEach(async () => yard.close());

  /** Read-only media, and as many clones that share their bytes. */
  async function sharing(clones: number): Promise<readonly [MediaId, ...MediaId[]]> {
    const source = await replica.upload.run(yard.root, orderOf(yard, CONTENT.length), () => sourceOf(CONTENT), NEVER);
    const ids: MediaId[] = [];
    for (let made = 0; made < clones; made += 1) ids.push((await shop.clone.run(ann, source, {})).id);
    await shop.finishJobs();
    expect((await yard.files()).length).toBe(1);
    return [source, ...ids];
  }

  async function change(id: MediaId, changes: LabelledMediaChanges): Promise<MediaView> {
    return (await edit.run(ann, id, changes)).media;
  }

  async function writeInPlace(id: MediaId): Promise<void> {
    const file = await open(yard.pathOf(id), 'r+');
    await file.write('written in place', 0);
    await file.close();
  }

  /** The bytes of media that nobody writes to, wherever they lie. */
  async function expectUntouched(id: MediaId): Promise<void> {
    const stored = await yard.work.run(async (tx) => tx.media.findStored(id));
    expect(stored).toMatchObject({ media: { readOnly: true }, blob: { sha256: sha256(CONTENT) } });
    expect((await yard.content(stored!.media.blob)).equals(CONTENT)).toBe(true);
    expect(await modeOf(yard.pathOf(stored!.media.blob))).toBe(READ_ONLY);
  }

  async function expectOwn(id: MediaId): Promise<void> {
    const stored = await yard.work.run(async (tx) => tx.media.findStored(id));
    expect(stored).toMatchObject({
      media: { readOnly: false, type: 'DISK', blob: id, state: 'ready' },
      blob: { sha256: sha256(CONTENT) },
    });
    expect((await yard.content(id)).equals(CONTENT)).toBe(true);
    expect(await modeOf(yard.pathOf(id))).toBe(WRITABLE);
  }

  it.each([
    ['clones', 1],
    ['that were cloned', 0],
  ])('get a private copy first where they are %s, by a job', async (_what, at) => {
    const ids = await sharing(2);
    const [id, others] = [ids[at]!, ids.filter((_, index) => index !== at)];
    const view = await change(id, { optical: false, text: 'mine' });
    expect(view).toMatchObject({ optical: true, isRead: true, state: 'ready', label: { text: 'mine' } });
    expect(view.jobs).toHaveLength(1);
    expect(await yard.used()).toBe(3 * CONTENT.length);
    await shop.finishJobs();
    await expectOwn(id);
    const job = await yard.work.run(async (tx) => tx.jobs.find(view.jobs[0]!, ann.uuid));
    expect(job).toMatchObject({ state: 'success', operation: 'part', source: id, copied: CONTENT.length });

    await writeInPlace(id);
    for (const other of others) await expectUntouched(other);
    expect((await yard.files()).length).toBe(2);
    expect(await yard.states()).toEqual(['ready', 'ready', 'ready']);
    expect(await yard.used()).toBe(3 * CONTENT.length);
  });

  it('all of them at once, or one after the other, and leave nothing behind', async () => {
    const ids = await sharing(2);
    for (const id of ids) await change(id, { optical: false });
    await shop.finishJobs();
    for (const id of ids) await expectOwn(id);
    expect([...(await yard.files())].sort()).toEqual([...ids].sort());
  });

  it('are in a file of their own id, also where what they were cloned from is gone', async () => {
    const [source, id] = await sharing(1);
    await replica.remove.run(yard.root, source);
    await change(id!, { optical: false });
    await shop.finishJobs();
    await expectOwn(id!);
    expect(await yard.files()).toEqual([id]);
  });

  it('are not turned, resized or parted twice meanwhile, but renamed and cloned', async () => {
    const [, id] = await sharing(1);
    await change(id!, { optical: false });
    await expect(change(id!, { optical: false })).rejects.toMatchObject(BUSY);
    await expect(change(id!, { size: bytes(300_000) })).rejects.toMatchObject(BUSY);
    expect(await change(id!, { text: 'renamed', optical: true })).toMatchObject({ label: { text: 'renamed' } });
    const clone = await shop.clone.run(ann, id!, {});
    await shop.finishJobs();
    await expectOwn(id!);
    await expectUntouched(clone.id);
  });

  it('show the job to whoever asked for it, and to nobody else', async () => {
    const ben = await makeUser(yard.depot, 'ben', yard.group.id, 'velocity.media.list');
    const [, id] = await sharing(1);
    await change(id!, { optical: false });
    const clone = await shop.clone.run(ann, id!, { optical: false });
    const view = new ViewLabelledMedia(yard.work, yard.pools);
    expect((await view.run(ann, id!)).jobs).toHaveLength(2);
    expect((await view.run(ann, clone.id)).jobs).toEqual(clone.jobs);
    for (const one of [id!, clone.id]) expect((await view.run(ben, one)).jobs).toEqual([]);
    expect(await view.run(ben, id!)).toMatchObject({ isRead: true });
    await shop.finishJobs();
  });

  it('wait until nobody reads what becomes theirs', async () => {
    const [id, clone] = await sharing(1);
    await shop.clone.run(ann, clone!, { optical: false });
    await yard.depot.knex.raw(`update jobs set due_at = 'infinity' where state = 'started'`);
    await change(id, { optical: false });
    await shop.jobs.run();
    await shop.jobs.idle();
    const [waiting] = await rowsOf(yard.depot.url, `select failure from jobs where operation = 'part'`);
    expect(waiting).toEqual({ failure: 'media-busy' });
    await expectUntouched(id);
    await yard.depot.knex.raw(`update jobs set due_at = now()`);
    await shop.finishJobs();
    await expectOwn(id);
  });

  it('stay what they are where whoever asked may not do so any more', async () => {
    const [, id] = await sharing(1);
    await change(id!, { optical: false });
    await yard.depot.work.run(async (tx) =>
      tx.grants.take({ user: ann.id, group: yard.group.id, permission: 'velocity.media.create' }),
    );
    await shop.finishJobs();
    await expectUntouched(id!);
    expect(await yard.states()).toEqual(['ready', 'ready']);
    expect((await yard.files()).length).toBe(1);
  });

  it('leave nothing where they are removed meanwhile', async () => {
    const [source, id] = await sharing(1);
    await change(id!, { optical: false });
    for (const one of [source, id!]) await replica.remove.run(yard.root, one);
    await shop.finishJobs();
    await replica.sweep.run();
    await yard.expectNothing();
  });
});
