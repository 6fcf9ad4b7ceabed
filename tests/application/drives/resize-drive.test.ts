import { stat } from 'node:fs/promises';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER } from '../../support/files/byte-sources.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { withHooks } from '../../support/fixtures/store-hooks.ts';
import { ONE, openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const UNAVAILABLE = { code: 'unavailable' };

describe('ResizeDrive', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  let id: MediaId;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
    const order = { group: fixture.group.id, pool: ONE, name: 'disk', size: bytes(1000) };
    id = await replica.create.run(fixture.root, order, NEVER);
  });
  afterEach(async () => fixture.close());

  async function sizes(): Promise<readonly unknown[]> {
    const [row] = await rowsOf(fixture.depot.url, 'select size::int, state from media');
    return [row!.size, row!.state, (await stat(fixture.pathOf(id))).size, await fixture.used()];
  }

  /** Returns a replica in which hooks run just before or after a blob is resized. */
  function during(moments: Parameters<typeof withHooks>[1]): Replica {
    return startReplica(fixture, { stores: withHooks(fixture.stores, moments), leaseSeconds: 1 });
  }

  async function die(by: Replica): Promise<void> {
    by.leases.renew = async () => Promise.reject(new Error('dead'));
    await fixture.depot.work.run(async (tx) => tx.media.endLeases(by.holder));
  }

  it('changes row, file and usage together', async () => {
    await replica.resize.run(fixture.root, id, bytes(3000));
    expect(await sizes()).toEqual([3000, 'ready', 3000, 3000]);
    await replica.resize.run(fixture.root, id, bytes(10));
    expect(await sizes()).toEqual([10, 'ready', 10, 10]);
  });

  it.each([3000, 10])('changes nothing when there is no space for %i', async (size) => {
    const moments = [(): never => fail('the disk broke')];
    const full = during({ beforeCommit: () => moments.pop()?.() });
    await expect(full.resize.run(fixture.root, id, bytes(size))).rejects.toThrow('the disk broke');
    expect(await sizes()).toEqual([1000, 'ready', 1000, 1000]);
  });

  it.each([3000, 10])('to %i is finished by another replica when the first one dies', async (size) => {
    const dying = during({
      beforeCommit: async () => {
        await die(dying);
        fixture.wire.cut();
        throw new Error('died');
      },
    });
    await expect(dying.resize.run(fixture.root, id, bytes(size))).rejects.toThrow('died');
    fixture.wire.mend();
    expect((await sizes()).slice(0, 2)).toEqual([size, 'resizing']);
    await replica.resize.resume(0);
    expect(await sizes()).toEqual([size, 'ready', size, size]);
    await replica.resize.resume(0);
  });

  it('is not finished by another replica while the first one lives', async () => {
    const slow = during({
      beforeCommit: async () => {
        await replica.resize.resume(0);
        expect((await sizes()).slice(0, 3)).toEqual([3000, 'resizing', 1000]);
      },
    });
    await slow.resize.run(fixture.root, id, bytes(3000));
    expect(await sizes()).toEqual([3000, 'ready', 3000, 3000]);
  });

  it('succeeds when only the reply of the database is lost', async () => {
    const unlucky = during({ afterCommit: () => fixture.wire.cutAt('COMMIT', 'after') });
    await unlucky.resize.run(fixture.root, id, bytes(3000));
    expect(await sizes()).toEqual([3000, 'ready', 3000, 3000]);
  });

  it('fails before it starts when the pool cannot be reached', async () => {
    const mount = await fixture.unmount(ONE);
    await expect(replica.resize.run(fixture.root, id, bytes(3000))).rejects.toMatchObject(UNAVAILABLE);
    await mount();
    // The file could not be read, so the resize was left to the sweeper.
    await replica.leases.renew();
    await replica.resize.resume(0);
    const [row, state, file, used] = await sizes();
    expect([state, file, used]).toEqual(['ready', row, row]);
  });

  it.each(['soon', 'late'])('ends when the item is removed meanwhile, which is noticed %s', async (noticed) => {
    const raced = during({
      beforeCommit: async () => {
        await fixture.depot.work.run(async (tx) => {
          const media = (await tx.media.lock(id))!;
          await tx.media.beginRemoval(id);
          await tx.usage.refund(fixture.group.path, media.pool, media.size, 1);
        });
        if (noticed === 'soon') await raced.leases.renew();
      },
    });
    await expect(raced.resize.run(fixture.root, id, bytes(3000))).rejects.toMatchObject({ code: 'media-not-found' });
    await fixture.expectNothing();
  });

  it('serializes two concurrent calls; the second finds the item busy or changed', async () => {
    const results = await Promise.allSettled(
      [2000, 3000].map(async (size) => startReplica(fixture).resize.run(fixture.root, id, bytes(size))),
    );
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    const [row, state, file, used] = await sizes();
    expect([state, file, used]).toEqual(['ready', row, row]);
  });
});

function fail(why: string): never {
  throw new Error(why);
}
