import { ProcessClock } from '../../../src/adapters/clock/process-clock.ts';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { CloneDrive } from '../../../src/application/drives/clone-drive.ts';
import { DownloadMedia } from '../../../src/application/media/download-media.ts';
import { UpdateDrive } from '../../../src/application/drives/update-drive.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { openCloneFixture, type CloneFixture } from '../../support/fixtures/clone-fixture.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { closeTestBuckets } from '../../support/s3/test-bucket.ts';
import { CONTENT, openScrubFixture, SIZE, type ScrubFixture } from '../../support/fixtures/scrub-fixture.ts';
import { NEVER } from '../../support/files/byte-sources.ts';
import { ONE, TWO } from '../../support/fixtures/depot-fixture.ts';
import { unlimitedDownloads } from '../../support/fixtures/unlimited-downloads.ts';

const REFUSED = { code: 'bytes-damaged' };
const WORKERS = { wake: () => undefined };

/** Pool ONE is on local disk, pool TWO in S3. */
describe('Items marked as damaged', () => {
  let location: ScrubFixture;
  let cloneFixture: CloneFixture;
  let ann: Caller;
  beforeEach(async () => {
    location = await openScrubFixture();
    cloneFixture = openCloneFixture(location.fixture, { stores: location.stores });
    const { id } = location.fixture.group;
    ann = await makeUser(location.fixture.depot, 'ann', id, 'velocity.media.list', 'velocity.media.create');
  });
  afterEach(async () => location.fixture.close());
  afterAll(closeTestBuckets);

  async function mark(id: MediaId): Promise<void> {
    await location.fixture.depot.knex.raw(`update blobs set damaged_at = now(), damage = 'different' where id = ?`, [
      id,
    ]);
  }

  it.each([
    ['on a disk', ONE],
    ['in S3', TWO],
  ])('%s are not served, unless configured, and then without digest or version', async (_where, pool) => {
    const { work } = location.fixture;
    const id = await location.upload(pool);
    const usual = new DownloadMedia({
      work,
      stores: location.stores,
      slots: unlimitedDownloads(),
      servesDamaged: false,
    });
    const before = await usual.run(ann, id);
    expect([before.damaged, (await before.link()) !== null]).toEqual([false, pool === TWO]);
    await mark(id);
    await expect(usual.run(ann, id)).rejects.toMatchObject(REFUSED);
    const content = await new DownloadMedia({
      work,
      stores: location.stores,
      slots: unlimitedDownloads(),
      servesDamaged: true,
    }).run(ann, id);
    expect(content).toMatchObject({ damaged: true, size: SIZE, sha256: null, version: null });
    expect(await content.link()).toBeNull();
    const read = [];
    for await (const chunk of await content.open({ from: 0, to: SIZE }, NEVER)) read.push(chunk);
    expect(Buffer.concat(read).equals(CONTENT)).toBe(true);
  });

  it('are not cloned, and no earlier clone of them is finished', async () => {
    const [one, two] = [await location.upload(), await location.upload(TWO)];
    // By a copy and by shared bytes.
    const asked = [
      await cloneFixture.clone.run(ann, one, { optical: false }),
      await cloneFixture.clone.run(ann, two, {}),
    ];
    for (const id of [one, two]) {
      await mark(id);
      await expect(cloneFixture.clone.run(ann, id, {})).rejects.toMatchObject(REFUSED);
    }
    await cloneFixture.finishJobs();
    for (const { id, jobs } of asked) {
      const job = await location.fixture.work.run(async (tx) => tx.jobs.find(jobs[0]!, ann.uuid));
      expect(job).toMatchObject({ state: 'error' });
      expect(await location.fixture.work.run(async (tx) => tx.media.find(id))).toBeNull();
    }
    expect(cloneFixture.recorded).toEqual(['job failed', 'job failed']);
    expect([await location.fixture.used(), await location.fixture.files()]).toEqual([SIZE, [one]]);
  });

  it('fail a clone that was being copied when they were marked', async () => {
    const id = await location.upload();
    const marking = openCloneFixture(location.fixture, {
      stores: location.stores,
      rateLimiter: { waitFor: async () => mark(id) },
    });
    await marking.clone.run(ann, id, { optical: false });
    await marking.finishJobs();
    expect(marking.recorded).toEqual(['job failed']);
    expect(await location.fixture.files()).toEqual([id]);
  });

  it('do not become writable in place', async () => {
    const { fixture, stores, replica } = location;
    const edit = new UpdateDrive({
      work: fixture.work,
      stores,
      pools: fixture.pools,
      resize: replica.resize,
      random: new NodeRandom(),
      workers: WORKERS,
    });
    const [one, two] = [await location.upload(), await location.upload(TWO)];
    for (const id of [one, two]) await mark(id);
    await expect(edit.run(ann, one, { optical: false })).rejects.toMatchObject(REFUSED);
    expect(await edit.run(ann, two, { optical: false })).toMatchObject({ media: { optical: false } });
    expect(await edit.run(ann, one, { text: 'renamed' })).toMatchObject({
      media: { optical: true, label: { text: 'renamed' } },
    });
  });

  it('share the mark with clones that share their bytes', async () => {
    const id = await location.upload();
    const clone = await cloneFixture.clone.run(ann, id, {});
    await cloneFixture.finishJobs();
    await mark(id);
    const clones = new CloneDrive({
      work: location.fixture.work,
      stores: location.stores,
      pools: location.fixture.pools,
      random: new NodeRandom(),
      clock: new ProcessClock(),
      workers: WORKERS,
    });
    await expect(clones.run(ann, clone.id, {})).rejects.toMatchObject(REFUSED);
    const download = new DownloadMedia({
      work: location.fixture.work,
      stores: location.stores,
      slots: unlimitedDownloads(),
      servesDamaged: false,
    });
    await expect(download.run(ann, clone.id)).rejects.toMatchObject(REFUSED);
  });
});
