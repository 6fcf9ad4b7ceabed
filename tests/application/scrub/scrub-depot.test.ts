import { open, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { sentenceFor } from '../../../src/application/scrub/verdict.ts';
import type { RateLimiter } from '../../../src/application/ports/rate-limiter.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId, PoolId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned } from '../../support/files/byte-sources.ts';
import { openFaultyProxy, type FaultyProxy } from '../../support/s3/faulty-proxy.ts';
import { gatedRateLimiter } from '../../support/fixtures/gated-rate-limiter.ts';
import { closeTestBuckets } from '../../support/s3/test-bucket.ts';
import { CONTENT, openScrubFixture, SIZE, type ScrubFixture } from '../../support/fixtures/scrub-fixture.ts';
import { coverFile, onMounts, uncoverFile, titleWithMount } from '../../support/files/small-filesystem.ts';
import { withHooks } from '../../support/fixtures/store-hooks.ts';
import { ONE, orderOf, TWO } from '../../support/fixtures/depot-fixture.ts';

const DAY = 24 * 60 * 60;
const NOTHING_READ = { compared: 0, measured: 0, writable: 0, bytesRead: 0 };

/** Pool ONE is on local disk, pool TWO in S3. */
describe('ScrubDepot', () => {
  let location: ScrubFixture;
  let proxy: FaultyProxy;
  beforeEach(async () => {
    location = await openScrubFixture(async (endpoint) => {
      proxy = await openFaultyProxy(endpoint);
      return proxy.url;
    });
  });
  afterEach(async () => {
    await location.fixture.close();
    await proxy.close();
  });
  afterAll(closeTestBuckets);

  const pathOf = (id: MediaId): string => location.fixture.pathOf(id);

  /** Changes one byte in the middle of a file; with `silently`, keeps its times. */
  async function corrupt(id: MediaId, silently = false): Promise<void> {
    const { atime, mtime } = await stat(pathOf(id));
    const file = await open(pathOf(id), 'r+');
    await file.write(Buffer.of(CONTENT[SIZE / 2]! ^ 1), 0, 1, SIZE / 2);
    await file.close();
    if (silently) await utimes(pathOf(id), atime, mtime);
  }

  async function putObject(id: MediaId, Body: Buffer): Promise<void> {
    await location.bucket.client.send(new PutObjectCommand({ Bucket: location.bucket.location.bucket, Key: id, Body }));
  }

  const damaged = (pool: PoolId, id: MediaId, damage: string) => ({
    kind: 'bytes-damaged',
    pool,
    blob: id,
    media: id,
    damage,
  });

  it('checks read-only items, and all items in S3, and skips the others', async () => {
    for (const pool of [ONE, TWO]) {
      for (const readOnly of [true, false]) await location.upload(pool, { readOnly });
      await location.replica.create.run(
        location.fixture.root,
        { ...orderOf(location.fixture, SIZE), pool, size: bytes(SIZE) },
        NEVER,
      );
    }
    const order = { ...orderOf(location.fixture, SIZE), size: bytes(SIZE) };
    const zeros = await location.replica.create.run(location.fixture.root, order, NEVER);
    await location.fixture.work.run(async (tx) => tx.changes.changeKind(zeros, { type: 'ISO', readOnly: true }, null));
    expect(await location.scrub()).toEqual({
      pools: [
        { id: ONE, name: 'pool 1', compared: 1, measured: 1, writable: 2, bytesRead: SIZE },
        { id: TWO, name: 'pool 2', compared: 2, measured: 1, writable: 0, bytesRead: 2 * SIZE },
      ],
      unchecked: [],
      stopped: false,
      verdicts: [],
    });
    expect(await location.marks()).toEqual({});
  });

  it('marks damaged files, with or without changed times', async () => {
    const ids = [];
    for (let made = 0; made < 6; made += 1) ids.push(await location.upload());
    const [sound, touched, silent, cut, gone, grown] = ids as [MediaId, MediaId, MediaId, MediaId, MediaId, MediaId];
    // Items in the trash are checked like all others.
    await location.fixture.work.run(async (tx) => tx.trash.add(silent, location.fixture.root.uuid));
    await corrupt(touched);
    await corrupt(silent, true);
    await truncate(pathOf(cut), SIZE - 1);
    await rm(pathOf(gone));
    // Bytes behind the recorded ones are never read.
    await truncate(pathOf(grown), SIZE + 1);
    const { verdicts, unchecked } = await location.scrub();
    const expected = { [touched]: 'different', [silent]: 'different', [cut]: 'too-few', [gone]: 'missing' };
    expect(await location.marks()).toEqual(expected);
    expect(unchecked).toEqual([]);
    const reported = Object.entries(expected).map(([id, damage]) => damaged(ONE, id as MediaId, damage));
    expect(new Set(verdicts)).toEqual(new Set(reported));
    expect(verdicts.map(sentenceFor)).toContain(`pool 1: the bytes of media ${gone} (blob ${gone}) are not there`);
    expect((await location.scrub()).verdicts).toHaveLength(4);
    expect(Object.keys(await location.marks())).not.toContain(sound);
  });

  it('marks damaged items in S3, writable or not', async () => {
    const readOnly = false;
    const ids = [await location.upload(TWO), await location.upload(TWO, { readOnly }), await location.upload(TWO)];
    const [other, short, long] = ids as [MediaId, MediaId, MediaId];
    const gone = await location.upload(TWO);
    await putObject(other, Buffer.alloc(SIZE, 'other'));
    await putObject(short, CONTENT.subarray(1));
    await putObject(long, Buffer.concat([CONTENT, CONTENT]));
    await location.bucket.delete(gone);
    await location.scrub();
    expect(await location.marks()).toEqual({
      [other]: 'different',
      [short]: 'too-few',
      [long]: 'too-many',
      [gone]: 'missing',
    });
  });

  it(
    titleWithMount('marks blobs that the disk cannot read any more, but not those of an unreachable pool'),
    onMounts(async () => {
      const id = await location.upload();
      let isCovered = false;
      const cover = async (wanted: boolean): Promise<void> => {
        if (isCovered === wanted) return;
        isCovered = wanted;
        // The first page of a process is never mapped: reading it fails with EIO, like a broken
        // sector.
        await (wanted ? coverFile(pathOf(id), `/proc/${process.pid}/mem`) : uncoverFile(pathOf(id)));
      };
      const failing = withHooks(location.stores, {
        beforeStat: async () => cover(false),
        beforeRead: async () => cover(true),
      });
      const { unchecked } = await location.scrub({ stores: failing });
      await cover(false);
      expect([unchecked, await location.marks()]).toEqual([[], { [id]: 'unreadable' }]);
      expect((await location.scrub()).verdicts).toEqual([{ kind: 'bytes-restored', pool: ONE, blob: id, media: id }]);
    }),
  );

  it('removes the mark when the bytes are intact again, reading only marked blobs if requested', async () => {
    const [one, two] = [await location.upload(), await location.upload(TWO)];
    await location.upload();
    await corrupt(one);
    await location.bucket.delete(two);
    await location.scrub();
    await writeFile(pathOf(one), CONTENT);
    await putObject(two, CONTENT);
    const { verdicts, pools } = await location.scrub({ markedOnly: true });
    expect(new Set(verdicts)).toEqual(
      new Set([
        { kind: 'bytes-restored', pool: ONE, blob: one, media: one },
        { kind: 'bytes-restored', pool: TWO, blob: two, media: two },
      ]),
    );
    expect(pools.map(({ compared }) => compared)).toEqual([1, 1]);
    expect([await location.marks(), (await location.scrub()).verdicts]).toEqual([{}, []]);
  });

  it('continues where it was stopped, and then has nothing to do until time has passed', async () => {
    for (let made = 0; made < 4; made += 1) await location.upload(made % 2 === 0 ? ONE : TWO);
    const stop = new AbortController();
    let taken = 0;
    const rateLimiter: RateLimiter = {
      waitFor: async (_moved, signal) => {
        taken += 1;
        if (taken === 2) stop.abort();
        signal.throwIfAborted();
        return Promise.resolve();
      },
    };
    const first = await location.scrub({ rateLimiter, signal: stop.signal });
    expect([first.stopped, first.unchecked]).toEqual([true, []]);
    const read = ({ pools }: typeof first): number => pools.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    const second = await location.scrub({ olderThanSeconds: DAY });
    expect([second.stopped, read(second)]).toEqual([false, 3 * SIZE]);
    expect(read(await location.scrub({ olderThanSeconds: DAY }))).toBe(0);
    expect(read(await location.scrub())).toBe(4 * SIZE);
  });

  it('runs once at a time', async () => {
    await location.upload();
    const { rateLimiter, reached, through } = gatedRateLimiter();
    const first = location.scrub({ rateLimiter });
    await reached;
    const second = await location.scrub();
    expect(second).toMatchObject({ pools: [], unchecked: [{ pool: null, reason: 'another scrub is under way' }] });
    through.open();
    expect(await first).toMatchObject({ pools: [{ compared: 1 }], unchecked: [] });
  });

  it('limits the rate of all bytes that it reads, in bounded chunks', async () => {
    const size = 3_000_000;
    await location.upload(ONE, { content: patterned(size) });
    const flipped = await location.upload(TWO);
    await putObject(flipped, Buffer.alloc(SIZE));
    const takes: number[] = [];
    const rateLimiter: RateLimiter = {
      waitFor: async (moved) => {
        takes.push(moved);
        return Promise.resolve();
      },
    };
    await location.scrub({ rateLimiter });
    // Damaged bytes are read twice.
    expect(takes.reduce((sum, taken) => sum + taken, 0)).toBe(size + 2 * SIZE);
    expect(Math.max(...takes)).toBeLessThanOrEqual(1024 * 1024);
  });

  it('marks nothing that was removed, or became writable, while it was read', async () => {
    const { fixture, stores, replica } = location;
    for (const change of [
      async (id: MediaId) => replica.remove.run(fixture.root, id),
      async (id: MediaId) => {
        await fixture.work.run(async (tx) => tx.changes.changeKind(id, { type: 'DISK', readOnly: false }, null));
        await corrupt(id);
      },
    ]) {
      const id = await location.upload();
      let changing: Promise<unknown> | null = null;
      const beforeRead = async (): Promise<unknown> => (changing ??= change(id));
      const { verdicts, unchecked } = await location.scrub({ stores: withHooks(stores, { beforeRead }) });
      expect([changing, verdicts, unchecked, await location.marks()]).toEqual([expect.anything(), [], [], {}]);
    }
  });

  it('never marks blobs of an unreachable pool, and checks the others', async () => {
    const one = await location.upload();
    await location.upload(TWO);
    const marker = join(dirname(pathOf(one)), '.platter-pool.json');
    const unmount = async (): Promise<() => Promise<void>> => location.fixture.unmount(ONE);
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
      const { pools, unchecked } = await location.scrub();
      expect(unchecked).toEqual([{ pool: ONE, reason: expect.stringMatching(/./) as string }]);
      expect(pools.map(({ id, compared }) => [id, compared])).toEqual([[TWO, 1]]);
      await bringBack();

      // Run while the blob is read.
      const taken: (() => Promise<void>)[] = [];
      const beforeRead = async (): Promise<void> => {
        if (taken.length === 0) taken.push(await takeAway());
      };
      const during = await location.scrub({ pool: ONE, stores: withHooks(location.stores, { beforeRead }) });
      expect(during.unchecked).toEqual([{ pool: ONE, reason: expect.stringMatching(/./) as string }]);
      await taken[0]!();
      expect(await location.marks()).toEqual({});
    }
    // A blob that could not be read is still due.
    expect((await location.scrub({ olderThanSeconds: DAY })).pools[0]).toMatchObject({ compared: 1 });
  });

  it('reports a blob that it could not read, tolerates a single failure, and checks the others', async () => {
    const [one, two] = [await location.upload(TWO), await location.upload(TWO)];
    proxy.break('cut-answer', 'GET', new RegExp(one), 1);
    expect((await location.scrub()).unchecked).toEqual([]);
    proxy.break('denied', 'GET', new RegExp(two), 2);
    const { unchecked, pools } = await location.scrub();
    const reason = expect.stringContaining(`blob ${two} cannot be read`) as string;
    expect(unchecked).toEqual([{ pool: TWO, blob: two, reason }]);
    expect(pools).toMatchObject([{ id: TWO, compared: 2, bytesRead: SIZE }]);
    expect((await location.scrub({ olderThanSeconds: DAY })).pools).toMatchObject([{ compared: 0 }]);
    expect(await location.marks()).toEqual({});
  });

  it('reports that the database does not respond', async () => {
    location.fixture.wire.cut();
    expect(await location.scrub()).toMatchObject({ pools: [], unchecked: [{ pool: null }], stopped: false });
    location.fixture.wire.mend();
  });

  it('checks one pool if requested, and reports a pool that is not configured', async () => {
    for (const pool of [ONE, TWO]) await location.upload(pool);
    expect((await location.scrub({ pool: TWO })).pools).toEqual([
      { ...NOTHING_READ, id: TWO, name: 'pool 2', compared: 1, bytesRead: SIZE },
    ]);
    Object.assign(location.fixture, { pools: location.fixture.pools.filter(({ id }) => id === ONE) });
    expect((await location.scrub()).unchecked).toMatchObject([{ pool: TWO }]);
  });
});
