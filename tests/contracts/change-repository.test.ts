import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { InstanceId, MediaId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { FACTS, HOLDER, insert, insertReady, LEASE, makePools, newMedia } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const OTHER = randomUUID() as InstanceId;
/** 0 bytes, so that these tests need no usage. */
const NOTHING = bytes(0);

describe.each(UNITS_OF_WORK)('ChangeRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  /** Items that share the blob of another one. */
  async function insertSharing(tx: Transaction, with_: MediaId): Promise<MediaId> {
    const media = newMedia({ state: 'cloning' });
    await tx.media.insertClone(media, FACTS, (await tx.media.find(with_))!.blob);
    return media.id;
  }

  /** An item in `resizing` whose lease ended so many seconds ago. */
  async function stuckFor(tx: Transaction, seconds: number, holder = HOLDER): Promise<MediaId> {
    const id = await insertReady(tx);
    await tx.changes.beginResizing(id, NOTHING, { holder, seconds: -seconds });
    return id;
  }

  it('distinguishes items that share a blob from those that do not', async () => {
    await run(async (tx) => {
      const [one, other] = [await insertReady(tx), await insertReady(tx)];
      const sharing = await insertSharing(tx, one);
      expect(await tx.changes.sharesBytes(one)).toBe(true);
      expect(await tx.changes.sharesBytes(sharing)).toBe(true);
      expect(await tx.changes.sharesBytes(other)).toBe(false);
      expect(await tx.changes.sharesBytes(randomUUID() as MediaId)).toBe(false);
    });
  });

  it('lets no item share a blob that was just found to be private', async () => {
    const id = await run(async (tx) => insertReady(tx));
    const found = gate();
    const goOn = gate();
    const asking = run(async (tx) => {
      expect(await tx.changes.sharesBytes(id)).toBe(false);
      found.open();
      await goOn.opened;
      expect(await tx.changes.sharesBytes(id)).toBe(false);
    });
    await found.opened;
    const sharing = run(async (tx) => insertSharing(tx, id));
    await untilBlocked(depot.url, 1);
    goOn.open();
    await asking;
    await sharing;
    expect(await run(async (tx) => tx.changes.sharesBytes(id))).toBe(true);
  });

  it('changes the kind of an item, with or without its blob', async () => {
    await run(async (tx) => {
      const [id, other] = [await insertReady(tx), await insertReady(tx)];
      await tx.changes.changeKind(id, { type: 'DISK', readOnly: false }, null);
      const { blob: before, media } = (await tx.media.findStored(id))!;
      expect(media).toMatchObject({ type: 'DISK', readOnly: false });
      expect(before).toEqual({ storedBytes: NOTHING, sha256: null, fingerprint: null });
      const blob = { storedBytes: bytes(12), sha256: 'ab'.repeat(32), fingerprint: 'as it is' };
      await tx.changes.changeKind(id, { type: 'ISO', readOnly: true }, blob);
      expect(await tx.media.findStored(id)).toEqual({
        blob,
        media: { ...media, type: 'ISO', readOnly: true },
        facts: FACTS,
        damaged: false,
      });
      expect(await tx.media.findStored(other)).toMatchObject({ blob: before, media: { type: 'ISO', readOnly: true } });
    });
  });

  it('changes a size, and the virtual size of raw images only', async () => {
    const seen = async (tx: Transaction, format: 'raw' | 'qcow2'): Promise<unknown> => {
      const id = await insert(tx);
      const facts = { format, virtualSize: bytes(700), label: null, encrypted: false };
      await tx.media.finish(id, HOLDER, { storedBytes: NOTHING, sha256: null, fingerprint: null }, facts);
      await tx.changes.changeSize(id, bytes(5000));
      const kept = (await tx.media.lockStoredShared(id))!;
      await tx.changes.changeSize(id, NOTHING);
      return [kept.media.size, kept.facts.virtualSize, kept.media.state];
    };
    expect(await run(async (tx) => seen(tx, 'raw'))).toEqual([5000, 5000, 'ready']);
    expect(await run(async (tx) => seen(tx, 'qcow2'))).toEqual([5000, 700, 'ready']);
  });

  it('begins and ends resizing, for the holder of the lease', async () => {
    await run(async (tx) => {
      const id = await insertReady(tx);
      await tx.changes.beginResizing(id, bytes(5000), LEASE);
      expect(await tx.media.find(id)).toMatchObject({ state: 'resizing', size: 5000 });
      await tx.changes.changeSize(id, NOTHING);
      expect(await tx.changes.endResizing(id, OTHER, 'of others')).toBe(false);
      expect(await tx.media.find(id)).toMatchObject({ state: 'resizing' });
      expect(await tx.changes.endResizing(id, HOLDER, 'as it is')).toBe(true);
      expect(await tx.media.findStored(id)).toMatchObject({
        media: { state: 'ready', size: 0 },
        blob: { fingerprint: 'as it is' },
      });
      expect(await tx.changes.endResizing(id, HOLDER, 'again')).toBe(false);
      await tx.changes.beginResizing(id, NOTHING, LEASE);
      expect(await tx.changes.endResizing(id, HOLDER, null)).toBe(true);
      expect((await tx.media.findStored(id))!.blob.fingerprint).toBe('as it is');
      expect(await tx.changes.endResizing(randomUUID() as MediaId, HOLDER, null)).toBe(false);
    });
  });

  it('does not end the resizing of an item that was removed since', async () => {
    await run(async (tx) => {
      const id = await insertReady(tx);
      await tx.changes.beginResizing(id, NOTHING, LEASE);
      await tx.media.beginRemoval(id);
      expect(await tx.changes.endResizing(id, HOLDER, null)).toBe(false);
    });
  });

  it('finds stuck items, the oldest first, and neither live ones nor other states', async () => {
    const [later, sooner] = await run(async (tx) => {
      await insert(tx, {}, { holder: HOLDER, seconds: -500 });
      await stuckFor(tx, -100);
      await stuckFor(tx, 20);
      return [await stuckFor(tx, 300), await stuckFor(tx, 400)] as const;
    });
    expect(await run(async (tx) => tx.changes.stuck(100, 10))).toEqual([sooner, later]);
    expect(await run(async (tx) => tx.changes.stuck(100, 1))).toEqual([sooner]);
  });

  it('lets exactly one process take over a stuck item', async () => {
    const id = await run(async (tx) => stuckFor(tx, 300, OTHER));
    expect(await run(async (tx) => tx.changes.takeOver(id, 400, LEASE))).toBe(false);
    const takers = Array.from({ length: 4 }, async () => run(async (tx) => tx.changes.takeOver(id, 100, LEASE)));
    expect((await Promise.all(takers)).filter(Boolean)).toHaveLength(1);
    expect(await run(async (tx) => tx.changes.stuck(100, 10))).toEqual([]);
    expect(await run(async (tx) => tx.changes.endResizing(id, OTHER, null))).toBe(false);
    expect(await run(async (tx) => tx.changes.endResizing(id, HOLDER, null))).toBe(true);
    expect(await run(async (tx) => tx.changes.takeOver(id, 0, LEASE))).toBe(false);
  });
});
