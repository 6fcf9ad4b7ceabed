import { chmod } from 'node:fs/promises';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { EditLabelledMedia } from '../../../src/application/media/edit-labelled-media.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { NEVER, patterned, sourceOf } from '../../support/byte-sources.ts';
import { modeOf, READ_ONLY, WRITABLE } from '../../support/mode-of.ts';
import { startReplica } from '../../support/replica.ts';
import { watched, type Moments } from '../../support/watched-store.ts';
import { ONE, openYard, orderOf, type Yard } from '../../support/yard.ts';

describe('EditLabelledMedia', () => {
  let yard: Yard;
  let id: MediaId;
  beforeEach(async () => {
    yard = await openYard();
    const order = { group: yard.group.id, pool: ONE, name: 'disk', size: bytes(1000) };
    id = await startReplica(yard).create.run(yard.root, order, NEVER);
  });
  afterEach(async () => yard.close());

  function editorOf(moments: Moments): EditLabelledMedia {
    const stores = watched(yard.stores, moments);
    const { resize } = startReplica(yard, { stores });
    return new EditLabelledMedia(yard.work, stores, yard.pools, resize, new NodeRandom(), { wake: () => undefined });
  }

  const mode = async (): Promise<number> => modeOf(yard.pathOf(id));
  const isReadOnly = async (): Promise<boolean> => yard.work.run(async (tx) => (await tx.media.find(id))!.readOnly);

  it('does not refuse what it has done, when the right to it is lost meanwhile', async () => {
    const loseRights = async (): Promise<void> =>
      yard.depot.work.run(async (tx) => tx.assignments.store(yard.group.id, ONE, { write: false, manage: false }));
    const edit = editorOf({ afterCommit: loseRights });
    expect(await edit.run(yard.root, id, { size: bytes(3000) })).toMatchObject({
      media: { size: 3000 },
      resized: true,
    });
    expect(await yard.used()).toBe(3000);
    await expect(edit.run(yard.root, id, { size: bytes(4000) })).rejects.toMatchObject({ code: 'not-manager' });
  });

  it('takes the right to write to the file before media are read-only, and gives it after they are not', async () => {
    const seen: unknown[] = [];
    const beforeSetWritable = async (): Promise<unknown> => seen.push([await isReadOnly(), await mode()]);
    const edit = editorOf({ beforeSetWritable });
    await edit.run(yard.root, id, { optical: true });
    expect([await isReadOnly(), await mode()]).toEqual([true, READ_ONLY]);
    expect(seen).toEqual([
      [false, WRITABLE],
      [true, READ_ONLY],
    ]);
    seen.length = 0;
    await edit.run(yard.root, id, { optical: false });
    expect([await isReadOnly(), await mode()]).toEqual([false, WRITABLE]);
    expect(seen[0]).toEqual([false, READ_ONLY]);
  });

  it('gives the right back when media do not become read-only after all', async () => {
    const edit = editorOf({
      beforeStanding: async () => {
        expect(await mode()).toBe(READ_ONLY);
        await yard.depot.work.run(async (tx) =>
          tx.assignments.store(yard.group.id, ONE, { write: true, manage: false }),
        );
      },
    });
    await expect(edit.run(yard.root, id, { optical: true })).rejects.toMatchObject({ code: 'not-manager' });
    expect([await isReadOnly(), await mode()]).toEqual([false, WRITABLE]);
  });

  it('mends the mode that an edit left which came to no end, when it is asked again', async () => {
    await chmod(yard.pathOf(id), READ_ONLY);
    await editorOf({}).run(yard.root, id, { optical: false });
    expect(await mode()).toBe(WRITABLE);
    await chmod(yard.pathOf(id), READ_ONLY);
    await editorOf({}).run(yard.root, id, { text: 'another' });
    expect(await mode()).toBe(READ_ONLY);
  });

  it('follows the last of two edits that overlap', async () => {
    let isFirst = true;
    const first = editorOf({
      beforeSetWritable: async () => {
        if (!isFirst || (await isReadOnly())) return;
        isFirst = false;
        await editorOf({}).run(yard.root, id, { optical: true });
      },
    });
    await editorOf({}).run(yard.root, id, { optical: true });
    await first.run(yard.root, id, { optical: false });
    expect([isFirst, await isReadOnly(), await mode()]).toEqual([false, true, READ_ONLY]);
  });

  it.each([
    ['read-only', true, READ_ONLY],
    ['writable', false, WRITABLE],
  ])('finds uploads that are %s with that mode', async (_what, readOnly, expected) => {
    const order = { ...orderOf(yard, 10), readOnly };
    const { upload } = startReplica(yard);
    const uploaded = await upload.run(yard.root, order, () => sourceOf(patterned(10)), NEVER);
    expect(await modeOf(yard.pathOf(uploaded))).toBe(expected);
  });
});
