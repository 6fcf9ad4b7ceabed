import { copyFile, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { openCloneFixture } from '../support/fixtures/clone-fixture.ts';
import { DownloadMedia } from '../../src/application/media/download-media.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../src/domain/shared/ids.ts';
import { NEVER, patterned, sha256, sourceOf } from '../support/files/byte-sources.ts';
import { gate } from '../support/waiting/gate.ts';
import { modeOf, READ_ONLY, WRITABLE } from '../support/files/mode-of.ts';
import { makeUser } from '../support/fixtures/users.ts';
import { startReplica } from '../support/program/replica.ts';
import { closeTestBuckets } from '../support/s3/test-bucket.ts';
import {
  attachTo,
  openTwoLocations,
  otherBucket,
  otherFolder,
  type TwoLocations,
} from '../support/fixtures/two-locations.ts';
import { ONE, openDepotFixture, orderOf, type DepotFixture } from '../support/fixtures/depot-fixture.ts';
import { unlimitedDownloads } from '../support/fixtures/unlimited-downloads.ts';

const CONTENT = patterned(700_000);
const HUGE = bytes(2 ** 40);

describe('MovePool', () => {
  let fixture: DepotFixture;
  beforeEach(async () => {
    fixture = await openDepotFixture();
  });
  afterEach(async () => fixture.close());
  afterAll(closeTestBuckets);

  async function upload(locations: TwoLocations, readOnly = true): Promise<MediaId> {
    const order = { ...orderOf(fixture, CONTENT.length), type: 'DISK', readOnly };
    return startReplica(fixture, { stores: locations.stores }).upload.run(
      fixture.root,
      order,
      () => sourceOf(CONTENT),
      NEVER,
    );
  }

  async function create(locations: TwoLocations, size = HUGE): Promise<MediaId> {
    const { pool, group, name } = orderOf(fixture, 0);
    const { create: make } = startReplica(fixture, { stores: locations.stores });
    return make.run(fixture.root, { pool, group, name, size }, NEVER);
  }

  async function contentOf(locations: TwoLocations, id: MediaId): Promise<Buffer> {
    const content = await new DownloadMedia({
      work: fixture.work,
      stores: locations.stores,
      slots: unlimitedDownloads(),
      servesDamaged: false,
    }).run(fixture.root, id);
    const chunks: Uint8Array[] = [];
    for await (const chunk of await content.open({ from: 0, to: content.size }, NEVER)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async function clone(locations: TwoLocations, of: MediaId, optical: boolean): Promise<MediaId> {
    const cloneFixture = openCloneFixture(fixture, { stores: locations.stores });
    const ann = await makeUser(
      fixture.depot,
      `ann-${of}-${optical}`,
      fixture.group.id,
      'velocity.media.list',
      'velocity.media.create',
    );
    const { id } = await cloneFixture.clone.run(ann, of, { optical });
    await cloneFixture.finishJobs();
    return id;
  }

  async function writeInPlace(path: string, text: string): Promise<void> {
    const file = await open(path, 'r+');
    await file.write(text, 0);
    await file.close();
  }

  it('moves all blobs to another folder, with holes and digests, and leaves nothing behind', async () => {
    const other = await otherFolder();
    const locations = await openTwoLocations(fixture, [
      [0, fixture.stores.of(ONE, 0)],
      [1, other.store],
    ]);
    const [image, disk, empty] = [await upload(locations), await upload(locations, false), await create(locations)];
    const sharing = await clone(locations, image, true);
    const sparse = await create(locations, bytes(30_000_000));
    const trashed = await upload(locations);
    await fixture.work.run(async (tx) => tx.trash.add(trashed, fixture.root.uuid));
    await writeInPlace(fixture.pathOf(sparse), 'guest');
    // The remains of a killed run: an incomplete copy, a surplus copy, and old bytes.
    await writeFile(other.pathOf(`.partial-${image}`), 'half');
    await copyFile(fixture.pathOf(image), other.pathOf(disk));
    const used = await fixture.used();
    expect(await locations.findings()).toEqual([]);

    expect(await locations.move()).toMatchObject({ from: 0, to: 1, moved: 5, left: 0, unowned: 0, stayed: {} });
    expect([await fixture.files(), await fixture.used(), await locations.findings()]).toEqual([[], used, []]);
    expect(await modeOf(other.pathOf(image))).toBe(READ_ONLY);
    for (const id of [disk, empty, sparse]) expect(await modeOf(other.pathOf(id))).toBe(WRITABLE);
    await fixture.work.run(async (tx) => tx.trash.restore(trashed, trashed));
    for (const id of [image, disk, sharing, trashed])
      expect((await contentOf(locations, id)).equals(CONTENT)).toBe(true);
    const content = await new DownloadMedia({
      work: fixture.work,
      stores: locations.stores,
      slots: unlimitedDownloads(),
      servesDamaged: false,
    }).run(fixture.root, disk);
    expect(content.sha256).toBe(sha256(CONTENT));
    expect((await readFile(other.pathOf(sparse))).subarray(0, 6).toString()).toBe('guest\0');
    for (const [id, size] of [
      [empty, HUGE],
      [sparse, 30_000_000],
    ] as const) {
      const file = await stat(other.pathOf(id));
      expect([file.size, file.blocks * 512 < 1_000_000]).toEqual([size, true]);
    }
    const late = await upload(locations);
    expect((await readFile(other.pathOf(late))).equals(CONTENT)).toBe(true);

    await copyFile(other.pathOf(image), fixture.pathOf(image));
    expect(await locations.findings()).toEqual([]);
    expect(await locations.move()).toMatchObject({ moved: 0, left: 0 });
    expect(await fixture.files()).toEqual([]);
  });

  it('leaves attached, written, damaged and missing blobs, reports them, and moves them in the next run', async () => {
    const other = await otherFolder();
    const locations = await openTwoLocations(fixture, [
      [0, fixture.stores.of(ONE, 0)],
      [1, other.store],
    ]);
    const [attached, written, damaged, gone] = [
      await upload(locations, false),
      await upload(locations, false),
      await upload(locations),
      await upload(locations),
    ];
    await attachTo(fixture, attached);
    await writeInPlace(fixture.pathOf(damaged), 'x');
    await truncate(fixture.pathOf(gone), 5);
    let writes = 0;
    const report = await locations.move(async () => {
      writes += 1;
      await writeInPlace(fixture.pathOf(written), `write ${writes}`);
    });
    const reasons = { [attached]: 'attached', [written]: 'changed', [damaged]: 'damaged', [gone]: 'bytes-missing' };
    expect(report).toMatchObject({ moved: 0, left: 4, stayed: reasons });
    expect((await contentOf(locations, written)).subarray(0, 6).toString()).toBe('write ');

    await attachTo(fixture, null);
    await writeFile(fixture.pathOf(damaged), CONTENT);
    await writeFile(fixture.pathOf(gone), CONTENT);
    expect(await locations.move()).toMatchObject({ moved: 4, left: 0, stayed: {} });
    expect([await fixture.files(), await locations.findings()]).toEqual([[], []]);
    expect((await contentOf(locations, written)).subarray(0, 7).toString()).toBe(`write ${writes}`.slice(0, 7));
  });

  it('does not disturb removals, resizing and downloads, and waits for uploads', async () => {
    const other = await otherFolder();
    const locations = await openTwoLocations(fixture, [
      [0, fixture.stores.of(ONE, 0)],
      [1, other.store],
    ]);
    const replica = startReplica(fixture, { stores: locations.stores });
    const [removed, resized, read] = [await upload(locations), await upload(locations, false), await upload(locations)];
    const going = gate();
    const coming = gate();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield CONTENT.subarray(0, 9);
      coming.open();
      await going.opened;
      yield CONTENT.subarray(9);
    }
    const order = orderOf(fixture, CONTENT.length);
    const late = replica.upload.run(fixture.root, order, slow, NEVER);
    await coming.opened;
    const seen = await new DownloadMedia({
      work: fixture.work,
      stores: locations.stores,
      slots: unlimitedDownloads(),
      servesDamaged: false,
    }).run(fixture.root, read);

    let isFirst = true;
    const report = await locations.move(async () => {
      if (!isFirst) return;
      isFirst = false;
      await replica.remove.run(fixture.root, removed);
      await replica.resize.run(fixture.root, resized, bytes(CONTENT.length + 1000));
      going.open();
      await late;
    });
    expect(report).toMatchObject({ moved: 3, left: 0, stayed: {} });
    const chunks: Uint8Array[] = [];
    for await (const chunk of await seen.open({ from: 0, to: seen.size }, NEVER)) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(CONTENT)).toBe(true);
    expect((await contentOf(locations, await late)).equals(CONTENT)).toBe(true);
    expect((await stat(other.pathOf(resized))).size).toBe(CONTENT.length + 1000);
    await expect(stat(other.pathOf(removed))).rejects.toThrow('ENOENT');
    expect([await fixture.files(), await locations.findings()]).toEqual([[], []]);
  });

  it('moves to S3, where writable items share their bytes, and back, where each has its own file again', async () => {
    const { store, bucket } = await otherBucket();
    const disks = fixture.stores.of(ONE, 0);
    const away = await openTwoLocations(fixture, [
      [0, disks],
      [1, store],
    ]);
    const [image, disk, empty] = [await upload(away), await upload(away, false), await create(away)];
    await writeInPlace(fixture.pathOf(disk), 'guest');
    expect(await away.move()).toMatchObject({ moved: 3, left: 0 });
    expect([await fixture.files(), await away.findings()]).toEqual([[], []]);
    const written = Buffer.concat([Buffer.from('guest'), CONTENT.subarray(5)]);
    expect((await contentOf(away, disk)).equals(written)).toBe(true);
    const there = await new DownloadMedia({
      work: fixture.work,
      stores: away.stores,
      slots: unlimitedDownloads(),
      servesDamaged: false,
    }).run(fixture.root, disk);
    expect([there.sha256, there.version]).toEqual([sha256(written), `${sha256(written)}-${written.length}`]);
    expect((await bucket.blobs()).map(([key]) => key).sort()).toEqual([image, disk].sort());

    const inS3 = await openTwoLocations(fixture, [[1, store]]);
    const sharing = [await clone(inS3, disk, false), await clone(inS3, image, false), await clone(inS3, disk, true)];
    expect(await bucket.blobs()).toHaveLength(2);
    const back = await openTwoLocations(fixture, [
      [1, store],
      [0, disks],
    ]);
    expect(await back.move()).toMatchObject({ moved: 3, left: 0, stayed: {} });
    expect([await bucket.blobs(), await back.findings()]).toEqual([[], []]);
    const files = [image, disk, empty, ...sharing].sort();
    expect([...(await fixture.files())].sort()).toEqual(files);
    for (const id of [disk, sharing[0], sharing[2]]) expect((await contentOf(back, id!)).equals(written)).toBe(true);
    await writeInPlace(fixture.pathOf(disk), 'again');
    await writeInPlace(fixture.pathOf(sharing[1]!), 'other');
    expect((await contentOf(back, sharing[0]!)).equals(written)).toBe(true);
    expect((await contentOf(back, image)).equals(CONTENT)).toBe(true);
  });

  it('does not start without a second location, and names the missing locations', async () => {
    const other = await otherFolder();
    const alone = await openTwoLocations(fixture, [[0, fixture.stores.of(ONE, 0)]]);
    await upload(alone);
    await expect(alone.move()).rejects.toThrow('moving_to');
    await (
      await openTwoLocations(fixture, [
        [0, fixture.stores.of(ONE, 0)],
        [1, other.store],
      ])
    ).move();
    await expect(openTwoLocations(fixture, [[0, fixture.stores.of(ONE, 0)]])).rejects.toThrow(
      'bytes of it lie in location 1',
    );
    await expect(openTwoLocations(fixture, [[2, other.store]])).rejects.toThrow('location 1');
    await openTwoLocations(fixture, [[1, other.store]]);
  });
});
