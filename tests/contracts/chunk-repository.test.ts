import { randomUUID } from 'node:crypto';
import type { ByteRange } from '../../src/application/ports/blob-chunks.ts';
import type { ChunkLeaseId, RecordedChunk } from '../../src/application/ports/chunk-repository.ts';
import type { LeaseTerms } from '../../src/application/ports/media-repository.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import { bytes, type Bytes } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type InstanceId, type UserUuid } from '../../src/domain/shared/ids.ts';
import { chunkAt, type Chunk } from '../../src/domain/uploads/chunks.ts';
import { kindBefore, type UploadId } from '../../src/domain/uploads/upload.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { untilBlocked } from '../support/waiting/gate.ts';
import { HOLDER, LEASE, makePools, ONE } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const OTHER = { holder: randomUUID() as InstanceId, seconds: 60 };
const ENDED = { holder: OTHER.holder, seconds: -1 };
const DAY_SECONDS = 86_400;
const [LENGTH, SIZE] = [bytes(43), bytes(10)];

function chunk(number: number): Chunk {
  return chunkAt(LENGTH, SIZE, number)!;
}

function newLease(): ChunkLeaseId {
  return randomUUID() as ChunkLeaseId;
}

describe.each(UNITS_OF_WORK)('ChunkRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  async function insert(length = LENGTH, expirySeconds = DAY_SECONDS): Promise<UploadId> {
    const id = randomUUID() as UploadId;
    const terms = {
      group: ROOT_GROUP,
      pool: ONE,
      name: id,
      type: 'DISK',
      readOnly: false,
      length,
      sha256: null,
      metadata: null,
    };
    const upload = { ...terms, id, metadata: null, creator: randomUUID() as UserUuid };
    await run(async (tx) => {
      await tx.uploads.insert(upload, kindBefore(upload), expirySeconds);
      await tx.chunks.begin(id);
    });
    // Usage is no matter of this repository.
    await depot.rows('update media set size = 0');
    return id;
  }

  async function acquire(id: UploadId, one: Chunk, terms: LeaseTerms = LEASE): Promise<ChunkLeaseId | null> {
    const lease = newLease();
    return (await run(async (tx) => tx.chunks.acquire(lease, id, one, terms))) ? lease : null;
  }

  async function record(id: UploadId, one: Chunk): Promise<RecordedChunk | null> {
    const lease = (await acquire(id, one))!;
    return run(async (tx) => tx.chunks.record(lease, id, one, DAY_SECONDS));
  }

  async function rangesOf(id: UploadId): Promise<readonly ByteRange[]> {
    return run(async (tx) => tx.chunks.rangesOf(id));
  }

  it('knows uploads that take chunks, and no others', async () => {
    const id = await insert();
    expect(await run(async (tx) => tx.chunks.find(id))).toMatchObject({
      id,
      chunked: true,
      chunkSize: null,
      offset: 0,
    });
    await run(async (tx) => tx.chunks.setChunkSize(id, SIZE));
    expect(await run(async (tx) => tx.chunks.find(id))).toMatchObject({ chunkSize: SIZE });
    await depot.rows('update uploads set chunked = false, chunk_size = null');
    expect(await run(async (tx) => tx.chunks.find(id))).toBeNull();
    expect(await run(async (tx) => tx.chunks.stateOf(id, chunk(0)))).toBeNull();
  });

  it('merges what is durable, in any order, and tells how long the prefix is', async () => {
    const id = await insert();
    expect(await record(id, chunk(2))).toEqual({ state: 'open', prefix: 0 });
    expect(await record(id, chunk(0))).toEqual({ state: 'open', prefix: 10 });
    expect(await rangesOf(id)).toEqual([
      { from: 0, to: 10 },
      { from: 20, to: 30 },
    ]);
    expect(await run(async (tx) => tx.chunks.stateOf(id, chunk(2)))).toMatchObject({
      ranges: 2,
      isUntouched: false,
      isStored: true,
    });
    expect(await record(id, chunk(1))).toEqual({ state: 'open', prefix: 30 });
    expect(await rangesOf(id)).toEqual([{ from: 0, to: 30 }]);
    expect(await run(async (tx) => tx.chunks.prefixOf(id))).toBe(30);
    expect(await run(async (tx) => tx.uploads.open())).toEqual({ uploads: 1, bytes: 30 });
    expect(await record(id, chunk(3))).toEqual({ state: 'verifying', prefix: LENGTH });
  });

  it('delays the purge of the item of an upload to which another process sends a chunk', async () => {
    const [strange, own] = [await insert(), await insert()];
    await acquire(strange, chunk(0), OTHER);
    await acquire(own, chunk(0));
    const delayed = async (id: UploadId): Promise<boolean> =>
      run(async (tx) => {
        await tx.media.beginRemoval(id);
        await tx.uploads.end(id, HOLDER, DAY_SECONDS);
        return tx.media.delayPurge(id, 60);
      });
    expect([await delayed(strange), await delayed(own)]).toEqual([true, false]);
  });

  it('knows which chunks are durable', async () => {
    const id = await insert();
    await record(id, chunk(1));
    const stored = async (one: Chunk): Promise<boolean> => run(async (tx) => tx.chunks.isStored(id, one));
    expect([await stored(chunk(0)), await stored(chunk(1)), await stored(chunk(2))]).toEqual([false, true, false]);
    const empty = await insert(bytes(0));
    const none = { number: 0, from: bytes(0), to: bytes(0) };
    expect(await run(async (tx) => tx.chunks.isStored(empty, none))).toBe(false);
    expect(await record(empty, none)).toEqual({ state: 'verifying', prefix: 0 });
    expect(await run(async (tx) => tx.chunks.isStored(empty, none))).toBe(true);
  });

  it('gives no chunk of another size than the upload has', async () => {
    const id = await insert();
    const acquireOf = async (chunkSize: Bytes): Promise<boolean> =>
      run(async (tx) => tx.chunks.acquire(newLease(), id, { from: bytes(0), chunkSize }, LEASE));
    expect(await acquireOf(SIZE)).toBe(false);
    await run(async (tx) => tx.chunks.setChunkSize(id, SIZE));
    expect(await acquireOf(bytes(SIZE + 1))).toBe(false);
    expect(await acquireOf(SIZE)).toBe(true);
  });

  it('tells the state of a chunk with the rights of a user on the upload', async () => {
    const id = await insert();
    const { id: user } = await run(async (tx) => tx.users.insert('ann', 'hash'));
    const rights = async (): Promise<unknown> =>
      (await run(async (tx) => tx.chunks.stateFor(user, id, chunk(0))))?.rights;
    const group = { id: ROOT_GROUP, path: [ROOT_GROUP] };
    expect(await rights()).toEqual({ group, holds: false, assigned: null });
    await run(async (tx) => {
      await tx.grants.grant({ user, group: ROOT_GROUP, permission: 'velocity.media.create' });
      await tx.assignments.store(ROOT_GROUP, ONE, { write: false, manage: true });
    });
    expect(await rights()).toEqual({ group, holds: true, assigned: { write: false, manage: true } });
    await depot.rows('update uploads set chunked = false');
    expect(await rights()).toBeUndefined();
  });

  it('gives a chunk to one process at a time, and its neighbour to another', async () => {
    const id = await insert();
    expect(await run(async (tx) => tx.chunks.stateOf(id, chunk(0)))).toMatchObject({ isUntouched: true });
    const lease = (await acquire(id, chunk(0)))!;
    expect(await run(async (tx) => tx.chunks.stateOf(id, chunk(0)))).toMatchObject({ isUntouched: false });
    expect(await acquire(id, chunk(0), OTHER)).toBeNull();
    expect(await acquire(id, chunk(1), OTHER)).not.toBeNull();
    await run(async (tx) => tx.chunks.release(HOLDER, lease));
    expect(await acquire(id, chunk(0), OTHER)).not.toBeNull();
    await run(async (tx) => tx.chunks.release(OTHER.holder));
    expect(await acquire(id, chunk(1))).not.toBeNull();
  });

  it('gives no chunk of an upload that is complete or has ended', async () => {
    const [complete, ended] = [await insert(bytes(0)), await insert()];
    const none = { number: 0, from: bytes(0), to: bytes(0) };
    await record(complete, none);
    expect(await acquire(complete, none)).toBeNull();
    expect(await run(async (tx) => tx.chunks.stateOf(complete, none))).toMatchObject({ isStored: true });
    await run(async (tx) => {
      await tx.media.beginRemoval(ended);
      await tx.uploads.end(ended, HOLDER, DAY_SECONDS);
    });
    expect(await acquire(ended, chunk(0))).toBeNull();
    expect(await run(async (tx) => tx.chunks.stateOf(ended, chunk(0)))).toMatchObject({ isStored: false });
  });

  it('keeps the size of the chunks while a lease is being acquired', async () => {
    const id = await insert();
    const order: string[] = [];
    let locked = Promise.resolve();
    await run(async (tx) => {
      await tx.chunks.acquire(newLease(), id, chunk(0), LEASE);
      locked = run(async (other) => {
        await other.chunks.lock(id);
        const state = await other.chunks.stateOf(id, chunk(0));
        order.push(`locked: ${state?.isUntouched}`);
      });
      await untilBlocked(depot.url);
      order.push('acquired');
    });
    await locked;
    expect(order).toEqual(['acquired', 'locked: false']);
  });

  it('acquires and records other chunks while one is being recorded', async () => {
    const id = await insert();
    const [first, second] = [(await acquire(id, chunk(0)))!, (await acquire(id, chunk(1)))!];
    await run(async (tx) => {
      await tx.chunks.record(first, id, chunk(0), DAY_SECONDS);
      expect(await acquire(id, chunk(2))).not.toBeNull();
    });
    expect(await run(async (tx) => tx.chunks.record(second, id, chunk(1), DAY_SECONDS))).toMatchObject({ prefix: 20 });
  });

  it('sees a chunk that was recorded while its lease was wanted', async () => {
    const id = await insert();
    const lease = (await acquire(id, chunk(0)))!;
    let wanted = Promise.resolve<unknown>(null);
    await run(async (tx) => {
      await tx.chunks.record(lease, id, chunk(0), DAY_SECONDS);
      wanted = run(async (other) =>
        Promise.all([other.chunks.acquire(newLease(), id, chunk(0), LEASE), other.chunks.stateOf(id, chunk(0))]),
      );
      await untilBlocked(depot.url);
    });
    expect(await wanted).toMatchObject([true, { isStored: true }]);
  });

  it('records nothing for a lease that another request took over', async () => {
    const id = await insert();
    const late = (await acquire(id, chunk(0), ENDED))!;
    const lease = (await acquire(id, chunk(0)))!;
    expect(await run(async (tx) => tx.chunks.record(late, id, chunk(0), DAY_SECONDS))).toBeNull();
    expect(await run(async (tx) => tx.chunks.renew([late, lease], ENDED))).toEqual([]);
    expect(await rangesOf(id)).toEqual([]);
    expect(await run(async (tx) => tx.chunks.record(lease, id, chunk(0), DAY_SECONDS))).not.toBeNull();
  });

  it('tells a holder what others want, and whether the item is still there', async () => {
    const id = await insert();
    const lease = (await acquire(id, chunk(0)))!;
    const renewed = async (): Promise<unknown> => run(async (tx) => tx.chunks.renew([lease], LEASE));
    expect(await renewed()).toEqual([{ id: lease, isOpen: true, releaseWanted: false }]);
    await run(async (tx) => tx.chunks.wantRelease(id, chunk(0)));
    expect(await renewed()).toEqual([{ id: lease, isOpen: true, releaseWanted: true }]);
    await run(async (tx) => tx.media.beginRemoval(id));
    expect(await renewed()).toEqual([{ id: lease, isOpen: false, releaseWanted: true }]);
    expect(await run(async (tx) => tx.chunks.record(lease, id, chunk(0), DAY_SECONDS))).toBeNull();
  });

  it('lets an upload expire only while no chunk is under way', async () => {
    const id = await insert(LENGTH, -1);
    const expired = async (): Promise<unknown> => run(async (tx) => tx.uploads.expired(10));
    expect(await expired()).toEqual([id]);
    const lease = await acquire(id, chunk(0));
    expect(await expired()).toEqual([]);
    expect(await run(async (tx) => tx.uploads.isExpired(id))).toBe(false);
    await run(async (tx) => tx.chunks.record(lease!, id, chunk(0), DAY_SECONDS));
    expect(await expired()).toEqual([]);
  });

  it('forgets the chunks with the upload', async () => {
    const id = await insert();
    await record(id, chunk(0));
    await acquire(id, chunk(1));
    await run(async (tx) => {
      await tx.media.beginRemoval(id);
      await tx.uploads.end(id, HOLDER, -1);
    });
    expect(await run(async (tx) => tx.uploads.forget(10))).toBe(1);
    expect(await rangesOf(id)).toEqual([]);
  });
});
