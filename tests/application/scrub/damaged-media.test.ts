import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { CloneMedia } from '../../../src/application/media/clone-media.ts';
import { DownloadMedia } from '../../../src/application/media/download-media.ts';
import { EditLabelledMedia } from '../../../src/application/media/edit-labelled-media.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { openCloneShop, type CloneShop } from '../../support/clone-shop.ts';
import { makeUser } from '../../support/people.ts';
import { closeTestBuckets } from '../../support/s3.ts';
import { CONTENT, openScrubYard, SIZE, type ScrubYard } from '../../support/scrub-yard.ts';
import { NEVER } from '../../support/byte-sources.ts';
import { ONE, TWO } from '../../support/yard.ts';
import { anyDownloads } from '../../support/any-downloads.ts';

const REFUSED = { code: 'bytes-damaged' };
const WORKERS = { wake: () => undefined };

/** Pool ONE is on local disk, pool TWO in S3. */
describe('Media that are marked as damaged', () => {
  let place: ScrubYard;
  let shop: CloneShop;
  let ann: Caller;
  beforeEach(async () => {
    place = await openScrubYard();
    shop = openCloneShop(place.yard, { stores: place.stores });
    const { id } = place.yard.group;
    ann = await makeUser(place.yard.depot, 'ann', id, 'velocity.media.list', 'velocity.media.create');
  });
  afterEach(async () => place.yard.close());
  afterAll(closeTestBuckets);

  async function mark(id: MediaId): Promise<void> {
    await place.yard.depot.knex.raw(`update blobs set damaged_at = now(), damage = 'different' where id = ?`, [id]);
  }

  it.each([
    ['on a disk', ONE],
    ['in S3', TWO],
  ])('%s are not handed out, unless that is wished, and then not by any name of what came in', async (_where, pool) => {
    const { work } = place.yard;
    const id = await place.upload(pool);
    const usual = new DownloadMedia(work, place.stores, anyDownloads(), false);
    const before = await usual.run(ann, id);
    expect([before.damaged, (await before.link()) !== null]).toEqual([false, pool === TWO]);
    await mark(id);
    await expect(usual.run(ann, id)).rejects.toMatchObject(REFUSED);
    const content = await new DownloadMedia(work, place.stores, anyDownloads(), true).run(ann, id);
    expect(content).toMatchObject({ damaged: true, size: SIZE, sha256: null, version: null });
    expect(await content.link()).toBeNull();
    const read = [];
    for await (const chunk of await content.open({ from: 0, to: SIZE }, NEVER)) read.push(chunk);
    expect(Buffer.concat(read).equals(CONTENT)).toBe(true);
  });

  it('are not cloned, nor is a clone of them finished that was asked for before', async () => {
    const [one, two] = [await place.upload(), await place.upload(TWO)];
    // By a copy and by the same bytes.
    const asked = [await shop.clone.run(ann, one, { optical: false }), await shop.clone.run(ann, two, {})];
    for (const id of [one, two]) {
      await mark(id);
      await expect(shop.clone.run(ann, id, {})).rejects.toMatchObject(REFUSED);
    }
    await shop.finishJobs();
    for (const { id, jobs } of asked) {
      const job = await place.yard.work.run(async (tx) => tx.jobs.find(jobs[0]!, ann.uuid));
      expect(job).toMatchObject({ state: 'error' });
      expect(await place.yard.work.run(async (tx) => tx.media.find(id))).toBeNull();
    }
    expect(shop.heard).toEqual(['job failed', 'job failed']);
    expect([await place.yard.used(), await place.yard.files()]).toEqual([SIZE, [one]]);
  });

  it('are no source of a clone that was being copied when they were marked', async () => {
    const id = await place.upload();
    const marking = openCloneShop(place.yard, { stores: place.stores, pace: { take: async () => mark(id) } });
    await marking.clone.run(ann, id, { optical: false });
    await marking.finishJobs();
    expect(marking.heard).toEqual(['job failed']);
    expect(await place.yard.files()).toEqual([id]);
  });

  it('are not opened to writers where those write in place', async () => {
    const { yard, stores, replica } = place;
    const edit = new EditLabelledMedia(yard.work, stores, yard.pools, replica.resize, new NodeRandom(), WORKERS);
    const [one, two] = [await place.upload(), await place.upload(TWO)];
    for (const id of [one, two]) await mark(id);
    await expect(edit.run(ann, one, { optical: false })).rejects.toMatchObject(REFUSED);
    expect(await edit.run(ann, two, { optical: false })).toMatchObject({ media: { optical: false } });
    expect(await edit.run(ann, one, { text: 'renamed' })).toMatchObject({
      media: { optical: true, label: { text: 'renamed' } },
    });
  });

  it('share their fate with the clones that share their bytes', async () => {
    const id = await place.upload();
    const clone = await shop.clone.run(ann, id, {});
    await shop.finishJobs();
    await mark(id);
    const clones = new CloneMedia(place.yard.work, place.stores, place.yard.pools, new NodeRandom(), WORKERS);
    await expect(clones.run(ann, clone.id, {})).rejects.toMatchObject(REFUSED);
    const download = new DownloadMedia(place.yard.work, place.stores, anyDownloads(), false);
    await expect(download.run(ann, clone.id)).rejects.toMatchObject(REFUSED);
  });
});
