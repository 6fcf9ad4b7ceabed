import { randomUUID } from 'node:crypto';
import { ReapPredecessor } from '../../../src/application/leases/reap-predecessor.ts';
import { admit } from '../../../src/application/media/admit.ts';
import type { InstanceId, MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { ONE, openDepotFixture, orderOf, TWO, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const DEAD = randomUUID() as InstanceId;
const SIZE = 1000;

describe('Sweep', () => {
  let fixture: DepotFixture;
  beforeEach(async () => (fixture = await openDepotFixture()));
  afterEach(async () => fixture.close());

  /**
   * What a process leaves that died so many seconds after its lease would have ended: media under
   * way, and half of their bytes.
   */
  async function leaveBehind(seconds: number, pool = ONE, holder = DEAD): Promise<MediaId> {
    const id = randomUUID() as MediaId;
    const order = { ...orderOf(fixture, SIZE), pool };
    await fixture.depot.work.run(async (tx) =>
      admit(tx, fixture.pools, fixture.root, id, order, 'uploading', { holder, seconds: -seconds }),
    );
    await fixture.leaveHalf(id, pool);
    return id;
  }

  /** A sweeper to whom the database has answered for as long as its terms ask. */
  async function settled(grace: number): Promise<Replica> {
    const replica = startReplica(fixture, { lease: 0, grace });
    await replica.sweep.run();
    return replica;
  }

  it('takes row, bytes and usage of what died, and leaves alone what lives or is finished', async () => {
    const living = startReplica(fixture);
    const kept = await living.upload.run(fixture.root, orderOf(fixture, SIZE), () => sourceOf(patterned(SIZE)), NEVER);
    await leaveBehind(100);
    await leaveBehind(100, TWO);
    const alive = await leaveBehind(-100);
    const { sweep, heard } = await settled(50);
    await sweep.run();
    expect(heard).toEqual(['media taken over', 'media taken over']);
    expect(await fixture.states()).toEqual(['ready', 'uploading']);
    expect(new Set(await fixture.files())).toEqual(new Set([kept, `.partial-${alive}`]));
    expect(await fixture.used()).toBe(2 * SIZE);
    expect(await fixture.used(fixture.group.id, TWO)).toBe(0);
  });

  it('leaves a lease alone that ended within the grace', async () => {
    await leaveBehind(100);
    const { sweep } = await settled(500);
    await sweep.run();
    expect(await fixture.states()).toEqual(['uploading']);
  });

  it('judges nobody before the database has answered for one lease', async () => {
    await leaveBehind(100);
    const { sweep } = startReplica(fixture, { lease: 3600 });
    for (let pass = 0; pass < 3; pass += 1) await sweep.run();
    expect(await fixture.states()).toEqual(['uploading']);
  });

  it('judges nobody in its first pass after it lost the database, and again afterwards', async () => {
    const { sweep } = await settled(0);
    fixture.wire.cut();
    await expect(sweep.run()).rejects.toMatchObject({ code: 'unavailable' });
    await leaveBehind(100);
    fixture.wire.mend();
    await sweep.run();
    expect(await fixture.states()).toEqual(['uploading']);
    await sweep.run();
    await fixture.expectNothing();
  });

  it('takes at once what was given up on purpose', async () => {
    const id = await leaveBehind(-100);
    await fixture.depot.work.run(async (tx) => tx.media.endLeases(DEAD, [id]));
    await startReplica(fixture, { lease: 3600, grace: 3600 }).sweep.run();
    await fixture.expectNothing();
  });

  it('takes everything once, however many sweep at once', async () => {
    for (let left = 0; left < 12; left += 1) await leaveBehind(100, left % 2 === 0 ? ONE : TWO);
    const sweepers = await Promise.all(Array.from({ length: 4 }, async () => settled(0)));
    await Promise.all(sweepers.map(async ({ sweep }) => sweep.run()));
    await sweepers[0]!.sweep.run();
    await fixture.expectNothing();
  });

  it('takes a great many, in several passes', async () => {
    await fixture.depot.knex.raw(
      `with made as (
         insert into blobs (id, pool_id) select gen_random_uuid(), 1 from generate_series(1, 230) returning id
       )
       insert into media (id, pool_id, group_id, blob_id, name, type, size, readonly, state, lease_holder, lease_until, created_by)
       select id, 1, ${fixture.group.id}, id, id::text, 'ISO', 0, true, 'uploading', '${DEAD}', now() - interval '1 hour', '${DEAD}'
       from made`,
    );
    await fixture.depot.knex.raw(
      `insert into usage (group_id, pool_id, items) select unnest(path), 1, 230 from groups where id = ${fixture.group.id}
       on conflict (group_id, pool_id) do update set items = excluded.items`,
    );
    const { sweep } = await settled(0);
    for (let pass = 0; pass < 3; pass += 1) await sweep.run();
    await fixture.expectNothing();
  });

  it('goes on with the other pools when one can’t be reached, and comes back to that', async () => {
    await leaveBehind(100);
    await leaveBehind(100, TWO);
    const { sweep } = await settled(0);
    const remount = await fixture.unmount(ONE);
    await sweep.run();
    expect(await fixture.states()).toEqual(['removing']);
    expect(await fixture.inPool(TWO)).toBe(0);
    await remount();
    await sweep.run();
    await fixture.expectNothing();
  });

  it('lets a writer that was silent for too long come to nothing', async () => {
    const { sweep } = await settled(0);
    const writing = startReplica(fixture);
    async function* body() {
      yield patterned(SIZE / 2);
      await fixture.depot.knex.raw(`update media set lease_until = now() - interval '1 hour'`);
      await sweep.run();
      expect(await fixture.states()).toEqual([]);
      await writing.leases.renew();
      yield patterned(SIZE / 2);
    }
    const uploading = writing.upload.run(fixture.root, orderOf(fixture, SIZE), body, NEVER);
    await expect(uploading).rejects.toMatchObject({ code: 'unavailable' });
    await fixture.expectNothing();
  });

  describe('after ReapPredecessor', () => {
    it('takes what a predecessor left, at once, and nothing of anybody else', async () => {
      const other = randomUUID() as InstanceId;
      await leaveBehind(-100);
      await leaveBehind(-100, ONE, other);
      await new ReapPredecessor(fixture.work).run(DEAD);
      await startReplica(fixture, { lease: 3600, grace: 3600 }).sweep.run();
      expect(await fixture.states()).toEqual(['uploading']);
      expect(await fixture.used()).toBe(SIZE);
    });

    it('takes nothing without a predecessor, or of one that left nothing', async () => {
      await leaveBehind(-100);
      await new ReapPredecessor(fixture.work).run(null);
      await new ReapPredecessor(fixture.work).run(randomUUID() as InstanceId);
      await startReplica(fixture).sweep.run();
      expect(await fixture.states()).toEqual(['uploading']);
    });
  });
});
