import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type InstanceId, type UserUuid } from '../../src/domain/shared/ids.ts';
import { kindBefore, type Upload, type UploadId, type UploadTerms } from '../../src/domain/uploads/upload.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { FACTS, HOLDER, LEASE, makePools, ONE, TWO } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const OTHER = { holder: randomUUID() as InstanceId, seconds: 60 };
const ENDED = { holder: OTHER.holder, seconds: -1 };
const DAY_SECONDS = 86_400;
const UNKNOWN = randomUUID() as UploadId;
const NO_BYTES = { storedBytes: bytes(0), sha256: null, fingerprint: null };
const LENGTH = bytes(7);
const KIND = { type: 'ISO', readOnly: true };

function terms(wanted: Partial<UploadTerms> = {}): UploadTerms {
  const id = randomUUID() as UploadId;
  return {
    id,
    creator: randomUUID() as UserUuid,
    group: ROOT_GROUP,
    pool: ONE,
    name: id,
    type: null,
    readOnly: null,
    length: LENGTH,
    sha256: null,
    metadata: null,
    ...wanted,
  };
}

describe.each(UNITS_OF_WORK)('UploadRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  async function insert(wanted: Partial<UploadTerms> = {}, expirySeconds = DAY_SECONDS): Promise<UploadTerms> {
    const upload = terms(wanted);
    await run(async (tx) => tx.uploads.insert(upload, kindBefore(upload), expirySeconds));
    // Usage is no matter of this repository.
    await depot.rows('update media set size = 0');
    return upload;
  }

  async function find(id: UploadId): Promise<Upload | null> {
    return run(async (tx) => tx.uploads.find(id));
  }

  async function age(id: UploadId, seconds: number): Promise<void> {
    await depot.rows(`update uploads set expires_at = clock_timestamp() - interval '${seconds} s' where id = '${id}'`);
  }

  it('stores an upload with an item that is uploading, without a lease', async () => {
    const upload = await insert({ type: 'ISO', sha256: 'ab'.repeat(32), metadata: 'é'.repeat(16_384) });
    const found = await find(upload.id);
    expect(found).toMatchObject({ ...upload, offset: 0, state: 'open', location: 0 });
    expect(found!.expiresAt.getTime()).toBeGreaterThan(Date.now() + (DAY_SECONDS - 60) * 1000);
    expect(await run(async (tx) => tx.media.find(upload.id))).toMatchObject({
      state: 'uploading',
      type: 'ISO',
      readOnly: true,
    });
    expect(await run(async (tx) => tx.media.abandoned(-DAY_SECONDS, 10))).toEqual([]);
    expect(await find(UNKNOWN)).toBeNull();
  });

  it('refuses a name that is taken in the pool', async () => {
    const { name } = await insert();
    await expect(insert({ name })).rejects.toMatchObject({ code: 'media-name-taken' });
    await insert({ name, pool: TWO });
  });

  it('finds the twin of an order only while it is open at offset 0', async () => {
    const upload = await insert({ sha256: 'cd'.repeat(32) });
    const twin = async (wanted: Partial<UploadTerms> = {}): Promise<UploadId | undefined> =>
      (await run(async (tx) => tx.uploads.findTwin({ ...upload, ...wanted })))?.id;
    expect(await twin()).toBe(upload.id);
    for (const other of [{ creator: randomUUID() as UserUuid }, { pool: TWO }, { name: 'x' }, { length: bytes(1) }])
      expect(await twin(other)).toBeUndefined();
    expect(await twin({ sha256: null })).toBeUndefined();
    await run(async (tx) => tx.uploads.acquire(upload.id, LEASE));
    await run(async (tx) => tx.uploads.record(upload.id, HOLDER, bytes(1), DAY_SECONDS));
    expect(await twin()).toBeUndefined();
  });

  it('counts what a user has open, and what is open in all', async () => {
    const { creator, id } = await insert();
    const other = await insert({ creator });
    await insert();
    expect(await run(async (tx) => tx.uploads.countOpen(creator))).toBe(2);
    await run(async (tx) => tx.uploads.acquire(id, LEASE));
    await run(async (tx) => tx.uploads.record(id, HOLDER, bytes(5), DAY_SECONDS));
    expect(await run(async (tx) => tx.uploads.open())).toEqual({ uploads: 3, bytes: 5 });
    await run(async (tx) => tx.media.beginRemoval(id));
    await run(async (tx) => tx.uploads.end(other.id, HOLDER, 1));
    expect(await run(async (tx) => tx.uploads.countOpen(creator))).toBe(0);
  });

  describe('gives the lease', () => {
    it('to one process at a time, and says which one wrote last', async () => {
      const { id } = await insert();
      expect(await run(async (tx) => tx.uploads.acquire(id, LEASE))).toMatchObject({
        upload: { id, offset: 0 },
        formerHolder: null,
      });
      expect(await run(async (tx) => tx.uploads.acquire(id, OTHER))).toBeNull();
      expect(await run(async (tx) => tx.uploads.acquire(id, LEASE))).toMatchObject({ formerHolder: HOLDER });
      await run(async (tx) => tx.uploads.release(HOLDER, [id]));
      expect(await run(async (tx) => tx.uploads.acquire(id, OTHER))).toMatchObject({ formerHolder: HOLDER });
    });

    it('to another process once it ended, whose records are refused from then on', async () => {
      const { id } = await insert();
      await run(async (tx) => tx.uploads.acquire(id, ENDED));
      expect(await run(async (tx) => tx.uploads.record(id, ENDED.holder, bytes(5), DAY_SECONDS))).toBe(true);
      expect(await run(async (tx) => tx.uploads.acquire(id, LEASE))).toMatchObject({ upload: { offset: 5 } });
      expect(await run(async (tx) => tx.uploads.record(id, ENDED.holder, bytes(6), DAY_SECONDS))).toBe(false);
      expect(await run(async (tx) => tx.uploads.renew([id], ENDED))).toEqual([]);
      await run(async (tx) => tx.uploads.release(ENDED.holder));
      expect(await run(async (tx) => tx.uploads.renew([id], LEASE))).toHaveLength(1);
    });

    it('of nothing that ended, was deleted or does not exist', async () => {
      const [ended, deleted] = [await insert(), await insert()];
      await run(async (tx) => tx.uploads.end(ended.id, HOLDER, 1));
      await run(async (tx) => tx.media.beginRemoval(deleted.id));
      for (const id of [ended.id, deleted.id, UNKNOWN])
        expect(await run(async (tx) => tx.uploads.acquire(id, LEASE))).toBeNull();
    });

    it('and tells its holder, when it renews it, what others want and whether the item is still there', async () => {
      const { id } = await insert();
      await run(async (tx) => tx.uploads.acquire(id, LEASE));
      const renewed = async (): Promise<unknown> => run(async (tx) => tx.uploads.renew([id, UNKNOWN], LEASE));
      expect(await renewed()).toEqual([{ id, isOpen: true, releaseWanted: false }]);
      await run(async (tx) => tx.uploads.wantRelease(id));
      expect(await renewed()).toEqual([{ id, isOpen: true, releaseWanted: true }]);
      await run(async (tx) => tx.media.beginRemoval(id));
      expect(await renewed()).toEqual([{ id, isOpen: false, releaseWanted: true }]);
    });

    it('to the holder of no two at once: all leases of a process end together', async () => {
      const ids = [(await insert()).id, (await insert()).id];
      for (const id of ids) await run(async (tx) => tx.uploads.acquire(id, LEASE));
      await run(async (tx) => tx.uploads.release(HOLDER));
      for (const id of ids) expect(await run(async (tx) => tx.uploads.acquire(id, OTHER))).not.toBeNull();
    });
  });

  it('records offsets that grow, and is verifying when all bytes are there', async () => {
    const { id } = await insert();
    const record = async (offset: number): Promise<boolean> =>
      run(async (tx) => tx.uploads.record(id, HOLDER, bytes(offset), DAY_SECONDS));
    expect(await record(0)).toBe(false);
    await run(async (tx) => tx.uploads.acquire(id, LEASE));
    expect(await record(3)).toBe(true);
    expect(await record(2)).toBe(false);
    expect(await find(id)).toMatchObject({ offset: 3, state: 'open' });
    expect(await record(LENGTH)).toBe(true);
    expect(await find(id)).toMatchObject({ offset: LENGTH, state: 'verifying' });
    expect(await record(LENGTH)).toBe(false);
  });

  it('puts the expiry off with each record', async () => {
    const { id } = await insert();
    await age(id, 10);
    await run(async (tx) => tx.uploads.acquire(id, LEASE));
    await run(async (tx) => tx.uploads.record(id, HOLDER, bytes(1), DAY_SECONDS));
    expect((await find(id))!.expiresAt.getTime()).toBeGreaterThan(Date.now());
  });

  it('gives an open upload its whole expiry again, and no other', async () => {
    const [open, verifying] = [await insert(), await insert()];
    await run(async (tx) => tx.uploads.acquire(verifying.id, LEASE));
    await run(async (tx) => tx.uploads.record(verifying.id, HOLDER, LENGTH, DAY_SECONDS));
    for (const { id } of [open, verifying]) {
      await age(id, 10);
      await run(async (tx) => tx.uploads.postponeExpiry(id, DAY_SECONDS));
    }
    expect((await find(open.id))!.expiresAt.getTime()).toBeGreaterThan(Date.now());
    expect((await find(verifying.id))!.expiresAt.getTime()).toBeLessThan(Date.now());
  });

  describe('finishes', () => {
    const finish = async (id: UploadId, holder = HOLDER): Promise<boolean> =>
      run(async (tx) => tx.uploads.finish(id, holder, { kind: KIND, blob: NO_BYTES, facts: FACTS }, DAY_SECONDS));

    it('a verifying upload of the holder with its item, which is ready and of its kind then', async () => {
      const { id } = await insert();
      expect(await finish(id)).toBe(false);
      await run(async (tx) => tx.uploads.acquire(id, LEASE));
      expect(await finish(id)).toBe(false);
      await run(async (tx) => tx.uploads.record(id, HOLDER, LENGTH, DAY_SECONDS));
      expect(await finish(id, OTHER.holder)).toBe(false);
      expect(await finish(id)).toBe(true);
      expect(await find(id)).toMatchObject({ state: 'finished' });
      expect(await run(async (tx) => tx.media.findStored(id))).toMatchObject({
        media: { state: 'ready', ...KIND },
        facts: FACTS,
        blob: NO_BYTES,
      });
      expect(await run(async (tx) => tx.uploads.acquire(id, LEASE))).toBeNull();
    });

    it('nothing whose item was deleted, and forgets what it finished with the item', async () => {
      const [deleted, finished] = [await insert(), await insert()];
      for (const { id } of [deleted, finished]) {
        await run(async (tx) => tx.uploads.acquire(id, LEASE));
        await run(async (tx) => tx.uploads.record(id, HOLDER, LENGTH, DAY_SECONDS));
      }
      await run(async (tx) => tx.media.beginRemoval(deleted.id));
      expect(await finish(deleted.id)).toBe(false);
      expect(await finish(finished.id)).toBe(true);
      await run(async (tx) => tx.media.beginRemoval(finished.id));
      expect(await find(finished.id)).toMatchObject({ state: 'ended' });
    });
  });

  it('names what expired and to which no process writes', async () => {
    const [expired, held, young, verifying] = [await insert(), await insert(), await insert(), await insert()];
    for (const { id } of [held, verifying]) await run(async (tx) => tx.uploads.acquire(id, LEASE));
    await run(async (tx) => tx.uploads.record(verifying.id, HOLDER, LENGTH, DAY_SECONDS));
    await run(async (tx) => tx.uploads.release(HOLDER, [verifying.id]));
    for (const { id } of [expired, held, verifying]) await age(id, 1);
    expect(await run(async (tx) => tx.uploads.expired(10))).toEqual([expired.id]);
    for (const { id } of [held, young, verifying])
      expect(await run(async (tx) => tx.uploads.isExpired(id))).toBe(false);
    expect(await run(async (tx) => tx.uploads.isExpired(expired.id))).toBe(true);
  });

  it('names what is complete and which no process finishes', async () => {
    const [free, held, open] = [await insert(), await insert(), await insert()];
    for (const { id } of [free, held]) {
      await run(async (tx) => tx.uploads.acquire(id, LEASE));
      await run(async (tx) => tx.uploads.record(id, HOLDER, LENGTH, DAY_SECONDS));
    }
    await run(async (tx) => tx.uploads.release(HOLDER, [free.id, open.id]));
    expect(await run(async (tx) => tx.uploads.unverified(10))).toEqual([free.id]);
  });

  it('delays the purge of the item of an upload that another process has not given up', async () => {
    const [own, strange, released] = [await insert(), await insert(), await insert()];
    const other = { holder: randomUUID() as InstanceId, seconds: 60 };
    const delayed = async (id: UploadId): Promise<boolean> =>
      run(async (tx) => {
        await tx.media.beginRemoval(id);
        await tx.uploads.end(id, HOLDER, DAY_SECONDS);
        return tx.media.delayPurge(id, 60);
      });
    await run(async (tx) => tx.uploads.acquire(own.id, LEASE));
    for (const { id } of [strange, released]) await run(async (tx) => tx.uploads.acquire(id, other));
    await run(async (tx) => tx.uploads.release(other.holder, [released.id]));
    expect([await delayed(own.id), await delayed(strange.id), await delayed(released.id)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('remembers what ended until its time is over, and never forgets what is open', async () => {
    const [ended, open, deleted] = [await insert(), await insert({}, -1), await insert({}, -1)];
    await run(async (tx) => tx.uploads.end(ended.id, HOLDER, DAY_SECONDS));
    await run(async (tx) => tx.media.beginRemoval(ended.id));
    await run(async (tx) => tx.media.beginRemoval(deleted.id));
    expect(await run(async (tx) => tx.uploads.forget(10))).toBe(1);
    expect(await find(ended.id)).toMatchObject({ state: 'ended' });
    await age(ended.id, 1);
    const other = await insert({}, -1);
    await run(async (tx) => tx.media.beginRemoval(other.id));
    for (const forgotten of [1, 1, 0]) expect(await run(async (tx) => tx.uploads.forget(1))).toBe(forgotten);
    expect([await find(ended.id), await find(deleted.id)]).toEqual([null, null]);
    expect(await find(open.id)).toMatchObject({ state: 'open' });
  });
});
