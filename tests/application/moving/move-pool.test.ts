import { copyFile, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { openCloneShop } from '../../support/clone-shop.ts';
import { DownloadMedia } from '../../../src/application/media/download-media.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sha256, sourceOf } from '../../support/byte-sources.ts';
import { gate } from '../../support/gate.ts';
import { modeOf, READ_ONLY, WRITABLE } from '../../support/mode-of.ts';
import { makeUser } from '../../support/people.ts';
import { startReplica } from '../../support/replica.ts';
import { closeTestBuckets } from '../../support/s3.ts';
import { attachTo, openTwoPlaces, otherBucket, otherFolder, type TwoPlaces } from '../../support/two-places.ts';
import { ONE, openYard, orderOf, type Yard } from '../../support/yard.ts';
import { anyDownloads } from '../../support/any-downloads.ts';

const CONTENT = patterned(700_000);
const HUGE = bytes(2 ** 40);

describe('MovePool', () => {
  let yard: Yard;
  beforeEach(async () => {
    yard = await openYard();
  });
  afterEach(async () => yard.close());
  afterAll(closeTestBuckets);

  async function upload(places: TwoPlaces, readOnly = true): Promise<MediaId> {
    const order = { ...orderOf(yard, CONTENT.length), type: 'DISK', readOnly };
    return startReplica(yard, { stores: places.stores }).upload.run(yard.root, order, () => sourceOf(CONTENT), NEVER);
  }

  async function create(places: TwoPlaces, size = HUGE): Promise<MediaId> {
    const { pool, group, name } = orderOf(yard, 0);
    const { create: make } = startReplica(yard, { stores: places.stores });
    return make.run(yard.root, { pool, group, name, size }, NEVER);
  }

  async function contentOf(places: TwoPlaces, id: MediaId): Promise<Buffer> {
    const content = await new DownloadMedia(yard.work, places.stores, anyDownloads(), false).run(yard.root, id);
    const chunks: Uint8Array[] = [];
    for await (const chunk of await content.open({ from: 0, to: content.size }, NEVER)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async function clone(places: TwoPlaces, of: MediaId, optical: boolean): Promise<MediaId> {
    const shop = openCloneShop(yard, { stores: places.stores });
    const ann = await makeUser(
      yard.depot,
      `ann-${of}-${optical}`,
      yard.group.id,
      'velocity.media.list',
      'velocity.media.create',
    );
    const { id } = await shop.clone.run(ann, of, { optical });
    await shop.finishJobs();
    return id;
  }

  async function writeInPlace(path: string, text: string): Promise<void> {
    const file = await open(path, 'r+');
    await file.write(text, 0);
    await file.close();
  }

  it('moves everything to another folder, with holes and digests, and leaves nothing behind', async () => {
    const other = await otherFolder();
    const places = await openTwoPlaces(yard, [
      [0, yard.stores.of(ONE, 0)],
      [1, other.store],
    ]);
    const [image, disk, empty] = [await upload(places), await upload(places, false), await create(places)];
    const sharing = await clone(places, image, true);
    const sparse = await create(places, bytes(30_000_000));
    await writeInPlace(yard.pathOf(sparse), 'guest');
    // What a run that was killed leaves: a copy half made, one that is not needed, and what nobody
    // has taken away.
    await writeFile(other.pathOf(`.partial-${image}`), 'half');
    await copyFile(yard.pathOf(image), other.pathOf(disk));
    const used = await yard.used();
    expect(await places.findings()).toEqual([]);

    expect(await places.move()).toMatchObject({ from: 0, to: 1, moved: 4, left: 0, unowned: 0, stayed: {} });
    expect([await yard.files(), await yard.used(), await places.findings()]).toEqual([[], used, []]);
    expect(await modeOf(other.pathOf(image))).toBe(READ_ONLY);
    for (const id of [disk, empty, sparse]) expect(await modeOf(other.pathOf(id))).toBe(WRITABLE);
    for (const id of [image, disk, sharing]) expect((await contentOf(places, id)).equals(CONTENT)).toBe(true);
    const content = await new DownloadMedia(yard.work, places.stores, anyDownloads(), false).run(yard.root, disk);
    expect(content.sha256).toBe(sha256(CONTENT));
    expect((await readFile(other.pathOf(sparse))).subarray(0, 6).toString()).toBe('guest\0');
    for (const [id, size] of [
      [empty, HUGE],
      [sparse, 30_000_000],
    ] as const) {
      const file = await stat(other.pathOf(id));
      expect([file.size, file.blocks * 512 < 1_000_000]).toEqual([size, true]);
    }
    const late = await upload(places);
    expect((await readFile(other.pathOf(late))).equals(CONTENT)).toBe(true);

    await copyFile(other.pathOf(image), yard.pathOf(image));
    expect(await places.findings()).toEqual([]);
    expect(await places.move()).toMatchObject({ moved: 0, left: 0 });
    expect(await yard.files()).toEqual([]);
  });

  it('leaves what is attached, written to, damaged or gone where it is, says so, and takes it along the next time', async () => {
    const other = await otherFolder();
    const places = await openTwoPlaces(yard, [
      [0, yard.stores.of(ONE, 0)],
      [1, other.store],
    ]);
    const [attached, written, damaged, gone] = [
      await upload(places, false),
      await upload(places, false),
      await upload(places),
      await upload(places),
    ];
    await attachTo(yard, attached);
    await writeInPlace(yard.pathOf(damaged), 'x');
    await truncate(yard.pathOf(gone), 5);
    let writes = 0;
    const report = await places.move(async () => {
      writes += 1;
      await writeInPlace(yard.pathOf(written), `write ${writes}`);
    });
    const reasons = { [attached]: 'attached', [written]: 'changed', [damaged]: 'damaged', [gone]: 'bytes-missing' };
    expect(report).toMatchObject({ moved: 0, left: 4, stayed: reasons });
    expect((await contentOf(places, written)).subarray(0, 6).toString()).toBe('write ');

    await attachTo(yard, null);
    await writeFile(yard.pathOf(damaged), CONTENT);
    await writeFile(yard.pathOf(gone), CONTENT);
    expect(await places.move()).toMatchObject({ moved: 4, left: 0, stayed: {} });
    expect([await yard.files(), await places.findings()]).toEqual([[], []]);
    expect((await contentOf(places, written)).subarray(0, 7).toString()).toBe(`write ${writes}`.slice(0, 7));
  });

  it('carries what is removed, resized or downloaded meanwhile as if nothing moved, and waits for what comes in', async () => {
    const other = await otherFolder();
    const places = await openTwoPlaces(yard, [
      [0, yard.stores.of(ONE, 0)],
      [1, other.store],
    ]);
    const replica = startReplica(yard, { stores: places.stores });
    const [removed, resized, read] = [await upload(places), await upload(places, false), await upload(places)];
    const going = gate();
    const coming = gate();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield CONTENT.subarray(0, 9);
      coming.open();
      await going.opened;
      yield CONTENT.subarray(9);
    }
    const order = orderOf(yard, CONTENT.length);
    const late = replica.upload.run(yard.root, order, slow, NEVER);
    await coming.opened;
    const seen = await new DownloadMedia(yard.work, places.stores, anyDownloads(), false).run(yard.root, read);

    let isFirst = true;
    const report = await places.move(async () => {
      if (!isFirst) return;
      isFirst = false;
      await replica.remove.run(yard.root, removed);
      await replica.resize.run(yard.root, resized, bytes(CONTENT.length + 1000));
      going.open();
      await late;
    });
    expect(report).toMatchObject({ moved: 3, left: 0, stayed: {} });
    const chunks: Uint8Array[] = [];
    for await (const chunk of await seen.open({ from: 0, to: seen.size }, NEVER)) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(CONTENT)).toBe(true);
    expect((await contentOf(places, await late)).equals(CONTENT)).toBe(true);
    expect((await stat(other.pathOf(resized))).size).toBe(CONTENT.length + 1000);
    await expect(stat(other.pathOf(removed))).rejects.toThrow('ENOENT');
    expect([await yard.files(), await places.findings()]).toEqual([[], []]);
  });

  it('moves to S3, where writable media share their bytes, and back, where each has its own file again', async () => {
    const { store, bucket } = await otherBucket();
    const disks = yard.stores.of(ONE, 0);
    const away = await openTwoPlaces(yard, [
      [0, disks],
      [1, store],
    ]);
    const [image, disk, empty] = [await upload(away), await upload(away, false), await create(away)];
    await writeInPlace(yard.pathOf(disk), 'guest');
    expect(await away.move()).toMatchObject({ moved: 3, left: 0 });
    expect([await yard.files(), await away.findings()]).toEqual([[], []]);
    const written = Buffer.concat([Buffer.from('guest'), CONTENT.subarray(5)]);
    expect((await contentOf(away, disk)).equals(written)).toBe(true);
    const there = await new DownloadMedia(yard.work, away.stores, anyDownloads(), false).run(yard.root, disk);
    expect([there.sha256, there.version]).toEqual([sha256(written), `${sha256(written)}-${written.length}`]);
    expect((await bucket.blobs()).map(([key]) => key).sort()).toEqual([image, disk].sort());

    const inS3 = await openTwoPlaces(yard, [[1, store]]);
    const sharing = [await clone(inS3, disk, false), await clone(inS3, image, false), await clone(inS3, disk, true)];
    expect(await bucket.blobs()).toHaveLength(2);
    const back = await openTwoPlaces(yard, [
      [1, store],
      [0, disks],
    ]);
    expect(await back.move()).toMatchObject({ moved: 3, left: 0, stayed: {} });
    expect([await bucket.blobs(), await back.findings()]).toEqual([[], []]);
    const files = [image, disk, empty, ...sharing].sort();
    expect([...(await yard.files())].sort()).toEqual(files);
    for (const id of [disk, sharing[0], sharing[2]]) expect((await contentOf(back, id!)).equals(written)).toBe(true);
    await writeInPlace(yard.pathOf(disk), 'again');
    await writeInPlace(yard.pathOf(sharing[1]!), 'other');
    expect((await contentOf(back, sharing[0]!)).equals(written)).toBe(true);
    expect((await contentOf(back, image)).equals(CONTENT)).toBe(true);
  });

  it('does not begin where nobody said where to, and says which places are missing', async () => {
    const other = await otherFolder();
    const alone = await openTwoPlaces(yard, [[0, yard.stores.of(ONE, 0)]]);
    await upload(alone);
    await expect(alone.move()).rejects.toThrow('moving_to');
    await (
      await openTwoPlaces(yard, [
        [0, yard.stores.of(ONE, 0)],
        [1, other.store],
      ])
    ).move();
    await expect(openTwoPlaces(yard, [[0, yard.stores.of(ONE, 0)]])).rejects.toThrow('bytes of it lie in place 1');
    await expect(openTwoPlaces(yard, [[2, other.store]])).rejects.toThrow('place 1');
    await openTwoPlaces(yard, [[1, other.store]]);
  });
});
