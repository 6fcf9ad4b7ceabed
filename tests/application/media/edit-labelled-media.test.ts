import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { EditLabelledMedia } from '../../../src/application/media/edit-labelled-media.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { NEVER } from '../../support/byte-sources.ts';
import { startReplica } from '../../support/replica.ts';
import { watched } from '../../support/watched-store.ts';
import { ONE, openYard, type Yard } from '../../support/yard.ts';

describe('EditLabelledMedia', () => {
  let yard: Yard;
  let id: MediaId;
  beforeEach(async () => {
    yard = await openYard();
    const order = { group: yard.group.id, pool: ONE, name: 'disk', size: bytes(1000) };
    id = await startReplica(yard).create.run(yard.root, order, NEVER);
  });
  afterEach(async () => yard.close());

  it('does not refuse what it has done, when the right to it is lost meanwhile', async () => {
    const loseRights = async (): Promise<void> =>
      yard.depot.work.run(async (tx) => tx.assignments.store(yard.group.id, ONE, { write: false, manage: false }));
    const stores = watched(yard.stores, { afterCommit: loseRights });
    const { resize } = startReplica(yard, { stores });
    const edit = new EditLabelledMedia(yard.work, stores, yard.pools, resize, new NodeRandom(), {
      wake: () => undefined,
    });
    expect(await edit.run(yard.root, id, { size: bytes(3000) })).toMatchObject({
      media: { size: 3000 },
      resized: true,
    });
    expect(await yard.used()).toBe(3000);
    await expect(edit.run(yard.root, id, { size: bytes(4000) })).rejects.toMatchObject({ code: 'not-manager' });
  });
});
