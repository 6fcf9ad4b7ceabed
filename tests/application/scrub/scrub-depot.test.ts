import { open, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { sentenceFor } from '../../../src/application/scrub/verdict.ts';
import type { Pace } from '../../../src/application/ports/pace.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId, PoolId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned } from '../../support/byte-sources.ts';
import { openFaultyProxy, type FaultyProxy } from '../../support/faulty-proxy.ts';
import { heldUp } from '../../support/held-pace.ts';
import { closeTestBuckets } from '../../support/s3.ts';
import { CONTENT, openScrubYard, SIZE, type ScrubYard } from '../../support/scrub-yard.ts';
import { coverFile, onMounts, uncoverFile, whereMountable } from '../../support/small-filesystem.ts';
import { watched } from '../../support/watched-store.ts';
import { ONE, orderOf, TWO } from '../../support/yard.ts';

const DAY = 24 * 60 * 60;
const NOTHING_READ = { compared: 0, measured: 0, writable: 0, bytesRead: 0 };

/** Pool ONE is on local disk, pool TWO in S3. */
describe('ScrubDepot', () => {
  let place: ScrubYard;
  let proxy: FaultyProxy;
  beforeEach(async () => {
    place = await openScrubYard(async (endpoint) => {
      proxy = await openFaultyProxy(endpoint);
      return proxy.url;
    });
  });
  afterEach(async () => {
    await place.yard.close();
    await proxy.close();
  });
  afterAll(closeTestBuckets);

  const pathOf = (id: MediaId): string => place.yard.pathOf(id);

  /**
   * Writes another byte into the middle of a file, without a trace but for that byte if `silently`.
   */
  async function flip(id: MediaId, silently = false): Promise<void> {
    const { atime, mtime } = await stat(pathOf(id));
    const file = await open(pathOf(id), 'r+');
    await file.write(Buffer.of(CONTENT[SIZE / 2]! ^ 1), 0, 1, SIZE / 2);
    await file.close();
    if (silently) await utimes(pathOf(id), atime, mtime);
  }

  async function putObject(id: MediaId, Body: Buffer): Promise<void> {
    await place.bucket.client.send(new PutObjectCommand({ Bucket: place.bucket.place.bucket, Key: id, Body }));
  }

  const damaged = (pool: PoolId, id: MediaId, damage: string) => ({
    kind: 'bytes-damaged',
    pool,
    blob: id,
    media: id,
    damage,
  });

  it('compares what nobody may change, and everything in S3, and leaves the rest alone', async () => {
    for (const pool of [ONE, TWO]) {
      for (const readOnly of [true, false]) await place.upload(pool, { readOnly });
      await place.replica.create.run(place.yard.root, { ...orderOf(place.yard, SIZE), pool, size: bytes(SIZE) }, NEVER);
    }
    const order = { ...orderOf(place.yard, SIZE), size: bytes(SIZE) };
    const zeros = await place.replica.create.run(place.yard.root, order, NEVER);
    await place.yard.work.run(async (tx) => tx.changes.changeKind(zeros, { type: 'ISO', readOnly: true }, null));
    expect(await place.scrub()).toEqual({
      pools: [
        { id: ONE, name: 'pool 1', compared: 1, measured: 1, writable: 2, bytesRead: SIZE },
        { id: TWO, name: 'pool 2', compared: 2, measured: 1, writable: 0, bytesRead: 2 * SIZE },
      ],
      unlooked: [],
      stopped: false,
      verdicts: [],
    });
    expect(await place.marks()).toEqual({});
  });

  it('marks what is damaged on a disk, whether its times tell of it or not', async () => {
    const ids = [];
    for (let made = 0; made < 6; made += 1) ids.push(await place.upload());
    const [sound, touched, silent, cut, gone, grown] = ids as [MediaId, MediaId, MediaId, MediaId, MediaId, MediaId];
    await flip(touched);
    await flip(silent, true);
    await truncate(pathOf(cut), SIZE - 1);
    await rm(pathOf(gone));
    // What is behind the bytes that came in is never read.
    await truncate(pathOf(grown), SIZE + 1);
    const { verdicts, unlooked } = await place.scrub();
    const expected = { [touched]: 'different', [silent]: 'different', [cut]: 'too-few', [gone]: 'missing' };
    expect(await place.marks()).toEqual(expected);
    expect(unlooked).toEqual([]);
    const told = Object.entries(expected).map(([id, damage]) => damaged(ONE, id as MediaId, damage));
    expect(new Set(verdicts)).toEqual(new Set(told));
    expect(verdicts.map(sentenceFor)).toContain(`pool 1: the bytes of media ${gone} (blob ${gone}) are not there`);
    expect((await place.scrub()).verdicts).toHaveLength(4);
    expect(Object.keys(await place.marks())).not.toContain(sound);
  });

  it('marks what is damaged in S3, writable or not', async () => {
    const readOnly = false;
    const ids = [await place.upload(TWO), await place.upload(TWO, { readOnly }), await place.upload(TWO)];
    const [other, short, long] = ids as [MediaId, MediaId, MediaId];
    const gone = await place.upload(TWO);
    await putObject(other, Buffer.alloc(SIZE, 'other'));
    await putObject(short, CONTENT.subarray(1));
    await putObject(long, Buffer.concat([CONTENT, CONTENT]));
    await place.bucket.delete(gone);
    await place.scrub();
    expect(await place.marks()).toEqual({
      [other]: 'different',
      [short]: 'too-few',
      [long]: 'too-many',
      [gone]: 'missing',
    });
  });

  it(
    whereMountable('marks what the disk can not give any more, and tells that from a pool that is away'),
    onMounts(async () => {
      const id = await place.upload();
      let isCovered = false;
      const cover = async (wanted: boolean): Promise<void> => {
        if (isCovered === wanted) return;
        isCovered = wanted;
        // The first page of a process is never mapped: to read it fails with EIO, as a broken
        // sector does.
        await (wanted ? coverFile(pathOf(id), `/proc/${process.pid}/mem`) : uncoverFile(pathOf(id)));
      };
      const failing = watched(place.stores, {
        beforeStanding: async () => cover(false),
        beforeRead: async () => cover(true),
      });
      const { unlooked } = await place.scrub({ stores: failing });
      await cover(false);
      expect([unlooked, await place.marks()]).toEqual([[], { [id]: 'unreadable' }]);
      expect((await place.scrub()).verdicts).toEqual([{ kind: 'bytes-restored', pool: ONE, blob: id, media: id }]);
    }),
  );

  it('takes the mark away once the bytes are right again, reading only what is marked if told to', async () => {
    const [one, two] = [await place.upload(), await place.upload(TWO)];
    await place.upload();
    await flip(one);
    await place.bucket.delete(two);
    await place.scrub();
    await writeFile(pathOf(one), CONTENT);
    await putObject(two, CONTENT);
    const { verdicts, pools } = await place.scrub({ markedOnly: true });
    expect(new Set(verdicts)).toEqual(
      new Set([
        { kind: 'bytes-restored', pool: ONE, blob: one, media: one },
        { kind: 'bytes-restored', pool: TWO, blob: two, media: two },
      ]),
    );
    expect(pools.map(({ compared }) => compared)).toEqual([1, 1]);
    expect([await place.marks(), (await place.scrub()).verdicts]).toEqual([{}, []]);
  });

  it('goes on where it was stopped, and then has nothing to do until time has passed', async () => {
    for (let made = 0; made < 4; made += 1) await place.upload(made % 2 === 0 ? ONE : TWO);
    const stop = new AbortController();
    let taken = 0;
    const pace: Pace = {
      take: async (_moved, signal) => {
        taken += 1;
        if (taken === 2) stop.abort();
        signal.throwIfAborted();
        return Promise.resolve();
      },
    };
    const first = await place.scrub({ pace, signal: stop.signal });
    expect([first.stopped, first.unlooked]).toEqual([true, []]);
    const read = ({ pools }: typeof first): number => pools.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    const second = await place.scrub({ olderThanSeconds: DAY });
    expect([second.stopped, read(second)]).toEqual([false, 3 * SIZE]);
    expect(read(await place.scrub({ olderThanSeconds: DAY }))).toBe(0);
    expect(read(await place.scrub())).toBe(4 * SIZE);
  });

  it('is done by one at a time', async () => {
    await place.upload();
    const { pace, reached, through } = heldUp();
    const first = place.scrub({ pace });
    await reached;
    const second = await place.scrub();
    expect(second).toMatchObject({ pools: [], unlooked: [{ pool: null, reason: 'another scrub is under way' }] });
    through.open();
    expect(await first).toMatchObject({ pools: [{ compared: 1 }], unlooked: [] });
  });

  it('keeps the pace with every byte that it reads, a bounded part at a time', async () => {
    const size = 3_000_000;
    await place.upload(ONE, { content: patterned(size) });
    const flipped = await place.upload(TWO);
    await putObject(flipped, Buffer.alloc(SIZE));
    const takes: number[] = [];
    const pace: Pace = {
      take: async (moved) => {
        takes.push(moved);
        return Promise.resolve();
      },
    };
    await place.scrub({ pace });
    // What is wrong is read twice.
    expect(takes.reduce((sum, taken) => sum + taken, 0)).toBe(size + 2 * SIZE);
    expect(Math.max(...takes)).toBeLessThanOrEqual(1024 * 1024);
  });

  it('takes nothing for damaged that was removed, or opened to writers, while it was read', async () => {
    const { yard, stores, replica } = place;
    for (const change of [
      async (id: MediaId) => replica.remove.run(yard.root, id),
      async (id: MediaId) => {
        await yard.work.run(async (tx) => tx.changes.changeKind(id, { type: 'DISK', readOnly: false }, null));
        await flip(id);
      },
    ]) {
      const id = await place.upload();
      let changing: Promise<unknown> | null = null;
      const beforeRead = async (): Promise<unknown> => (changing ??= change(id));
      const { verdicts, unlooked } = await place.scrub({ stores: watched(stores, { beforeRead }) });
      expect([changing, verdicts, unlooked, await place.marks()]).toEqual([expect.anything(), [], [], {}]);
    }
  });

  it('never takes a pool that is away for damaged, and reads the others', async () => {
    const one = await place.upload();
    await place.upload(TWO);
    const marker = join(dirname(pathOf(one)), '.platter-pool.json');
    const unmount = async (): Promise<() => Promise<void>> => place.yard.unmount(ONE);
    const unmark = async (): Promise<() => Promise<void>> => {
      await rm(pathOf(one));
      await rename(marker, `${marker}-away`);
      return async () => {
        await rename(`${marker}-away`, marker);
        await writeFile(pathOf(one), CONTENT);
      };
    };
    for (const takeAway of [unmount, unmark]) {
      const bringBack = await takeAway();
      const { pools, unlooked } = await place.scrub();
      expect(unlooked).toEqual([{ pool: ONE, reason: expect.stringMatching(/./) as string }]);
      expect(pools.map(({ id, compared }) => [id, compared])).toEqual([[TWO, 1]]);
      await bringBack();

      // While it is read.
      const taken: (() => Promise<void>)[] = [];
      const beforeRead = async (): Promise<void> => {
        if (taken.length === 0) taken.push(await takeAway());
      };
      const during = await place.scrub({ pool: ONE, stores: watched(place.stores, { beforeRead }) });
      expect(during.unlooked).toEqual([{ pool: ONE, reason: expect.stringMatching(/./) as string }]);
      await taken[0]!();
      expect(await place.marks()).toEqual({});
    }
    // What could not be looked at is still to be.
    expect((await place.scrub({ olderThanSeconds: DAY })).pools[0]).toMatchObject({ compared: 1 });
  });

  it('says which blob it could not read, bears a hiccup, and reads the others', async () => {
    const [one, two] = [await place.upload(TWO), await place.upload(TWO)];
    proxy.break('cut-answer', 'GET', new RegExp(one), 1);
    expect((await place.scrub()).unlooked).toEqual([]);
    proxy.break('denied', 'GET', new RegExp(two), 2);
    const { unlooked, pools } = await place.scrub();
    const reason = expect.stringContaining(`blob ${two} can not be read`) as string;
    expect(unlooked).toEqual([{ pool: TWO, blob: two, reason }]);
    expect(pools).toMatchObject([{ id: TWO, compared: 2, bytesRead: SIZE }]);
    expect((await place.scrub({ olderThanSeconds: DAY })).pools).toMatchObject([{ compared: 0 }]);
    expect(await place.marks()).toEqual({});
  });

  it('says that the database does not answer', async () => {
    place.yard.wire.cut();
    expect(await place.scrub()).toMatchObject({ pools: [], unlooked: [{ pool: null }], stopped: false });
    place.yard.wire.mend();
  });

  it('goes through one pool if told to, and says which pool is not configured', async () => {
    for (const pool of [ONE, TWO]) await place.upload(pool);
    expect((await place.scrub({ pool: TWO })).pools).toEqual([
      { ...NOTHING_READ, id: TWO, name: 'pool 2', compared: 1, bytesRead: SIZE },
    ]);
    Object.assign(place.yard, { pools: place.yard.pools.filter(({ id }) => id === ONE) });
    expect((await place.scrub()).unlooked).toMatchObject([{ pool: TWO }]);
  });
});
