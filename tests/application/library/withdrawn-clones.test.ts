import type { Caller } from '../../../src/domain/access/caller.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { ReadLabelledMedia } from '../../../src/application/media/read-labelled-media.ts';
import { RemoveLabelledMedia } from '../../../src/application/media/remove-labelled-media.ts';
import { ViewLabelledMedia } from '../../../src/application/media/view-labelled-media.ts';
import { DownloadMedia } from '../../../src/application/media/download-media.ts';
import { Purge } from '../../../src/application/media/purge.ts';
import { NEVER, patterned } from '../../support/byte-sources.ts';
import { openCloneShop, type CloneShop } from '../../support/clone-shop.ts';
import { openLibraryDesk, type LibraryDesk } from '../../support/library-desk.ts';
import { makeUser } from '../../support/people.ts';
import { openYard, type Yard } from '../../support/yard.ts';
import { anyDownloads } from '../../support/any-downloads.ts';

const CONTENT = patterned(100_000);
const NOT_FOUND = { code: 'media-not-found' };

describe('A library drive that is withdrawn', () => {
  let yard: Yard;
  let desk: LibraryDesk;
  let shop: CloneShop;
  let ann: Caller;
  let id: MediaId;
  beforeEach(async () => {
    yard = await openYard();
    desk = await openLibraryDesk(yard);
    shop = openCloneShop(yard);
    ann = await makeUser(yard.depot, 'ann', yard.group.id, 'velocity.media.list', 'velocity.media.create');
    await desk.sync.run({ licences: [], entries: [await desk.declare(CONTENT)] }, () => undefined, NEVER);
    id = (await desk.shown())[0]!.id;
  });
  afterEach(async () => yard.close());

  async function withdraw(): Promise<void> {
    await desk.sync.run({ licences: [], entries: [] }, () => undefined, NEVER);
    expect(await desk.shown()).toEqual([]);
  }

  it.each([
    ['a disk, which copies its bytes', false],
    ['a cdrom, which shares them', true],
  ])('lets clones under way come to their end: %s', async (_what, optical) => {
    const clone = await shop.clone.run(ann, id, { optical }, 'library');
    await withdraw();
    await desk.release.run();
    expect((await yard.content(id)).equals(CONTENT)).toBe(true);

    await shop.finishJobs();
    await desk.release.run();
    const stored = await yard.work.run(async (tx) => tx.media.findStored(clone.id));
    expect((await yard.content(stored!.media.blob)).equals(CONTENT)).toBe(true);
    expect(await yard.states()).toEqual(['ready']);
    expect(await yard.files()).toEqual([stored!.media.blob]);
  });

  it('is there for nobody who only cloned it, in no way', async () => {
    await shop.clone.run(ann, id, {}, 'library');
    await withdraw();
    const purge = new Purge(yard.work, yard.stores, yard.pools);
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const remove = new RemoveLabelledMedia(yard.work, purge, { wake: () => undefined }, quiet);
    const read = new ReadLabelledMedia(yard.work, new DownloadMedia(yard.work, yard.stores, anyDownloads(), false));
    for (const caller of [ann, yard.root]) {
      for (const from of ['library', 'anywhere'] as const)
        await expect(shop.clone.run(caller, id, {}, from)).rejects.toMatchObject(NOT_FOUND);
      await expect(new ViewLabelledMedia(yard.work, yard.pools).run(caller, id)).rejects.toMatchObject(NOT_FOUND);
      await expect(read.run(caller, id)).rejects.toMatchObject(NOT_FOUND);
      await expect(remove.run(caller, [id])).rejects.toMatchObject(NOT_FOUND);
    }
    await shop.finishJobs();
  });
});
