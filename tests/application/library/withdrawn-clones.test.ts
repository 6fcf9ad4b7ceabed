import type { Caller } from '../../../src/domain/access/caller.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { DownloadDrive } from '../../../src/application/drives/download-drive.ts';
import { RemoveDrives } from '../../../src/application/drives/remove-drives.ts';
import { ViewDrive } from '../../../src/application/drives/view-drive.ts';
import { DownloadMedia } from '../../../src/application/media/download-media.ts';
import { Purge } from '../../../src/application/media/purge.ts';
import { NEVER, patterned } from '../../support/files/byte-sources.ts';
import { openCloneFixture, type CloneFixture } from '../../support/fixtures/clone-fixture.ts';
import { openLibraryFixture, type LibraryFixture } from '../../support/fixtures/library-fixture.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { unlimitedDownloads } from '../../support/fixtures/unlimited-downloads.ts';

const CONTENT = patterned(100_000);
const NOT_FOUND = { code: 'media-not-found' };

describe('A withdrawn library drive', () => {
  let fixture: DepotFixture;
  let libraryFixture: LibraryFixture;
  let cloneFixture: CloneFixture;
  let ann: Caller;
  let id: MediaId;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    libraryFixture = await openLibraryFixture(fixture);
    cloneFixture = openCloneFixture(fixture);
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
    await libraryFixture.sync.run(
      { licences: [], entries: [await libraryFixture.declare(CONTENT)] },
      () => undefined,
      NEVER,
    );
    id = (await libraryFixture.published())[0]!.id;
  });
  afterEach(async () => fixture.close());

  async function withdraw(): Promise<void> {
    await libraryFixture.sync.run({ licences: [], entries: [] }, () => undefined, NEVER);
    expect(await libraryFixture.published()).toEqual([]);
  }

  it.each([
    ['a disk, which copies its bytes', false],
    ['a cdrom, which shares them', true],
  ])('lets unfinished clones end: %s', async (_what, optical) => {
    const clone = await cloneFixture.clone.run(ann, id, { optical }, 'library');
    await withdraw();
    await libraryFixture.release.run();
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);

    await cloneFixture.finishJobs();
    await libraryFixture.release.run();
    const stored = await fixture.work.run(async (tx) => tx.media.findStored(clone.id));
    expect((await fixture.content(stored!.media.blob)).equals(CONTENT)).toBe(true);
    expect(await fixture.states()).toEqual(['ready']);
    expect(await fixture.files()).toEqual([stored!.media.blob]);
  });

  it('is invisible to a user who only cloned it', async () => {
    await cloneFixture.clone.run(ann, id, {}, 'library');
    await withdraw();
    const purge = new Purge(fixture.work, fixture.stores, fixture.pools);
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const remove = new RemoveDrives({ work: fixture.work, purge, removals: { wake: () => undefined }, log: quiet });
    const read = new DownloadDrive(
      fixture.work,
      new DownloadMedia({
        work: fixture.work,
        stores: fixture.stores,
        slots: unlimitedDownloads(),
        servesDamaged: false,
      }),
    );
    for (const caller of [ann, fixture.root]) {
      for (const from of ['library', 'anywhere'] as const)
        await expect(cloneFixture.clone.run(caller, id, {}, from)).rejects.toMatchObject(NOT_FOUND);
      await expect(new ViewDrive(fixture.work, fixture.pools).run(caller, id)).rejects.toMatchObject(NOT_FOUND);
      await expect(read.run(caller, id)).rejects.toMatchObject(NOT_FOUND);
      await expect(remove.run(caller, [id])).rejects.toMatchObject(NOT_FOUND);
    }
    await cloneFixture.finishJobs();
  });
});
