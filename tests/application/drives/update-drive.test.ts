import { chmod } from 'node:fs/promises';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { UpdateDrive } from '../../../src/application/drives/update-drive.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { modeOf, READ_ONLY, WRITABLE } from '../../support/files/mode-of.ts';
import { startReplica } from '../../support/program/replica.ts';
import { withHooks, type StoreHooks } from '../../support/fixtures/store-hooks.ts';
import { ONE, openDepotFixture, orderOf, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

describe('UpdateDrive', () => {
  let fixture: DepotFixture;
  let id: MediaId;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    const order = { group: fixture.group.id, pool: ONE, name: 'disk', size: bytes(1000) };
    id = await startReplica(fixture).create.run(fixture.root, order, NEVER);
  });
  afterEach(async () => fixture.close());

  function editorOf(moments: StoreHooks): UpdateDrive {
    const stores = withHooks(fixture.stores, moments);
    const { resize } = startReplica(fixture, { stores });
    return new UpdateDrive({
      work: fixture.work,
      stores,
      pools: fixture.pools,
      resize,
      random: new NodeRandom(),
      workers: { wake: () => undefined },
    });
  }

  const mode = async (): Promise<number> => modeOf(fixture.pathOf(id));
  const isReadOnly = async (): Promise<boolean> => fixture.work.run(async (tx) => (await tx.media.find(id))!.readOnly);

  it('does not refuse a completed change when the right to it is lost meanwhile', async () => {
    const loseRights = async (): Promise<void> =>
      fixture.depot.work.run(async (tx) =>
        tx.assignments.store(fixture.group.id, ONE, { write: false, manage: false }),
      );
    const edit = editorOf({ afterCommit: loseRights });
    expect(await edit.run(fixture.root, id, { size: bytes(3000) })).toMatchObject({
      media: { size: 3000 },
      resized: true,
    });
    expect(await fixture.used()).toBe(3000);
    await expect(edit.run(fixture.root, id, { size: bytes(4000) })).rejects.toMatchObject({ code: 'not-manager' });
  });

  it('makes the file read-only before the item becomes read-only, and writable after it becomes writable', async () => {
    const seen: unknown[] = [];
    const beforeSetWritable = async (): Promise<unknown> => seen.push([await isReadOnly(), await mode()]);
    const edit = editorOf({ beforeSetWritable });
    await edit.run(fixture.root, id, { optical: true });
    expect([await isReadOnly(), await mode()]).toEqual([true, READ_ONLY]);
    expect(seen).toEqual([
      [false, WRITABLE],
      [true, READ_ONLY],
    ]);
    seen.length = 0;
    await edit.run(fixture.root, id, { optical: false });
    expect([await isReadOnly(), await mode()]).toEqual([false, WRITABLE]);
    expect(seen[0]).toEqual([false, READ_ONLY]);
  });

  it('makes the file writable again when the item does not become read-only after all', async () => {
    const edit = editorOf({
      beforeStat: async () => {
        expect(await mode()).toBe(READ_ONLY);
        await fixture.depot.work.run(async (tx) =>
          tx.assignments.store(fixture.group.id, ONE, { write: true, manage: false }),
        );
      },
    });
    await expect(edit.run(fixture.root, id, { optical: true })).rejects.toMatchObject({ code: 'not-manager' });
    expect([await isReadOnly(), await mode()]).toEqual([false, WRITABLE]);
  });

  it('repairs the mode that an interrupted change left, at the next change', async () => {
    await chmod(fixture.pathOf(id), READ_ONLY);
    await editorOf({}).run(fixture.root, id, { optical: false });
    expect(await mode()).toBe(WRITABLE);
    await chmod(fixture.pathOf(id), READ_ONLY);
    await editorOf({}).run(fixture.root, id, { text: 'another' });
    expect(await mode()).toBe(READ_ONLY);
  });

  it('applies the last of two overlapping changes', async () => {
    let isFirst = true;
    const first = editorOf({
      beforeSetWritable: async () => {
        if (!isFirst || (await isReadOnly())) return;
        isFirst = false;
        await editorOf({}).run(fixture.root, id, { optical: true });
      },
    });
    await editorOf({}).run(fixture.root, id, { optical: true });
    await first.run(fixture.root, id, { optical: false });
    expect([isFirst, await isReadOnly(), await mode()]).toEqual([false, true, READ_ONLY]);
  });

  it.each([
    ['read-only', true, READ_ONLY],
    ['writable', false, WRITABLE],
  ])('finds uploads that are %s with that mode', async (_what, readOnly, expected) => {
    const order = { ...orderOf(fixture, 10), readOnly };
    const { upload } = startReplica(fixture);
    const uploaded = await upload.run(fixture.root, order, () => sourceOf(patterned(10)), NEVER);
    expect(await modeOf(fixture.pathOf(uploaded))).toBe(expected);
  });
});
