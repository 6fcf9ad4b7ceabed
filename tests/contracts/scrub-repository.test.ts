import type { StoredBlob } from '../../src/domain/media/media.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { BlobId, MediaId, PoolId } from '../../src/domain/shared/ids.ts';
import type { ScrubRecord, ScrubSelection } from '../../src/application/ports/scrub-repository.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { FACTS, HOLDER, insert, insertReady, makePools, newMedia, ONE, TWO } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const SHA256 = 'ab'.repeat(32);
const STORED: StoredBlob = { storedBytes: bytes(7), sha256: SHA256, fingerprint: null };
const DISK = { type: 'DISK', readOnly: false };

describe.each(UNITS_OF_WORK)('ScrubRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  async function make(wanted: { readonly pool?: PoolId; readonly readOnly?: boolean } = {}): Promise<BlobId> {
    return run(async (tx) => {
      const id = await insert(tx, wanted);
      await tx.media.finish(id, HOLDER, STORED, FACTS);
      return id as string as BlobId;
    });
  }

  async function due(wanted: Partial<ScrubSelection> = {}): Promise<readonly BlobId[]> {
    return run(async (tx) => {
      const before = await tx.scrub.momentAgo(0);
      const usual = { pools: [ONE, TWO], before, markedOnly: false, excluded: [], max: 10 };
      return (await tx.scrub.due({ ...usual, ...wanted })).map(({ id }) => id);
    });
  }

  const find = async (id: BlobId): Promise<ScrubRecord> => (await run(async (tx) => tx.scrub.find(id)))!;

  it('returns the least recently visited blobs first, over all requested pools', async () => {
    const ids = [await make(), await make({ pool: TWO }), await make()];
    await run(async (tx) => insert(tx));
    expect(new Set(await due())).toEqual(new Set(ids));
    for (const id of ids) await run(async (tx) => tx.scrub.skip([id]));
    expect(await due()).toEqual(ids);
    expect(await due({ max: 2 })).toEqual(ids.slice(0, 2));
    expect(await due({ pools: [TWO] })).toEqual([ids[1]]);
    expect(await due({ excluded: [ids[0]!] })).toEqual(ids.slice(1));
    expect(await due({ before: await run(async (tx) => tx.scrub.momentAgo(3600)) })).toEqual([]);
    const never = await make();
    expect((await due())[0]).toBe(never);
  });

  it('returns a finished blob with its expected bytes, and no unfinished one', async () => {
    const id = await make({ pool: TWO, readOnly: false });
    expect(await find(id)).toEqual({
      id,
      pool: TWO,
      location: 0,
      media: id,
      storedBytes: 7,
      digested: true,
      sha256: SHA256,
      resizing: false,
      readOnly: false,
      largest: 0,
      damage: null,
    });
    await run(async (tx) => {
      const coming = await insert(tx);
      expect(await tx.scrub.find(coming as string as BlobId)).toBeNull();
    });
  });

  it('marks damage, and removes marks', async () => {
    const [one, two] = [await make(), await make()];
    const marked = async () => [
      await run(async (tx) => tx.scrub.countMarked([ONE, TWO])),
      await due({ markedOnly: true }),
    ];
    for (const damage of ['missing', 'different'] as const) {
      expect(await run(async (tx) => tx.scrub.record((await tx.scrub.find(one))!, damage, false))).toBe(true);
      expect((await find(one)).damage).toBe(damage);
    }
    expect(await run(async (tx) => [await tx.scrub.isMarked(one), await tx.scrub.isMarked(two)])).toEqual([
      true,
      false,
    ]);
    expect(await marked()).toEqual([
      new Map([
        [ONE, 1],
        [TWO, 0],
      ]),
      [one],
    ]);
    const found = await run(async (tx) => tx.media.findStored(one as string as MediaId));
    expect(found).toMatchObject({ damaged: true });
    expect(await run(async (tx) => tx.scrub.record((await tx.scrub.find(one))!, null, false))).toBe(true);
    expect(await marked()).toEqual([
      new Map([
        [ONE, 0],
        [TWO, 0],
      ]),
      [],
    ]);

    await run(async (tx) => tx.scrub.record((await tx.scrub.find(two))!, 'too-few', false));
    await run(async (tx) => tx.scrub.skip([two]));
    expect((await find(two)).damage).toBeNull();
  });

  it('marks no blob that was replaced, moved, is not needed, or may be written to', async () => {
    const store = async (record: ScrubRecord, immutable = false): Promise<boolean> =>
      run(async (tx) => tx.scrub.record(record, 'different', immutable));
    const id = await make();
    const record = await find(id);
    expect(await store({ ...record, sha256: null })).toBe(false);
    expect(await store({ ...record, storedBytes: bytes(8) })).toBe(false);
    expect(await store({ ...record, location: 1 })).toBe(false);

    await run(async (tx) => tx.changes.changeKind(id as string as MediaId, DISK, null));
    expect(await store(record)).toBe(false);
    expect((await find(id)).damage).toBeNull();
    // In an immutable store, writable items do not matter.
    expect(await store(record, true)).toBe(true);

    const going = await make();
    const before = await find(going);
    await run(async (tx) => tx.media.beginRemoval(going as string as MediaId));
    expect(await store(before)).toBe(false);
    const shared = await make();
    await run(async (tx) => {
      await tx.media.insertClone(newMedia({ state: 'cloning' }), FACTS, shared);
      await tx.media.beginRemoval(shared as string as MediaId);
    });
    expect(await store(await find(shared))).toBe(true);
  });

  it('waits for a change that makes an item writable', async () => {
    const id = await make();
    const record = await find(id);
    const [turned, go] = [gate(), gate()];
    const turning = run(async (tx) => {
      await tx.media.lock(id as string as MediaId);
      await tx.changes.changeKind(id as string as MediaId, DISK, null);
      turned.open();
      await go.opened;
    });
    await turned.opened;
    const storing = run(async (tx) => tx.scrub.record(record, 'different', false));
    await untilBlocked(depot.url);
    go.open();
    await turning;
    expect(await storing).toBe(false);
  });

  it('returns only the length of items without a digest', async () => {
    const id = await run(async (tx) => insertReady(tx));
    const record = await find(id as string as BlobId);
    expect(record).toMatchObject({ sha256: null, digested: false, storedBytes: 0 });
    expect(await run(async (tx) => tx.scrub.record(record, null, false))).toBe(true);
  });
});
