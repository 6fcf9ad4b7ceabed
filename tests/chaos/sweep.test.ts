import { randomUUID } from 'node:crypto';
import { ReapPredecessor } from '../../src/application/leases/reap-predecessor.ts';
import { admit } from '../../src/application/media/admit.ts';
import type { InstanceId, MediaId } from '../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../support/files/byte-sources.ts';
import { startReplica, type Replica } from '../support/program/replica.ts';
import { ONE, openDepotFixture, orderOf, TWO, type DepotFixture } from '../support/fixtures/depot-fixture.ts';

const DEAD = randomUUID() as InstanceId;
const SIZE = 1000;

describe('Sweep', () => {
  let fixture: DepotFixture;
  beforeEach(async () => (fixture = await openDepotFixture()));
  afterEach(async () => fixture.close());

  /**
   * Leaves what a process leaves that died: an unfinished item, half of its bytes, and a lease that
   * expires in this many seconds.
   */
  async function leaveBehind(seconds: number, pool = ONE, holder = DEAD): Promise<MediaId> {
    const id = randomUUID() as MediaId;
    const order = { ...orderOf(fixture, SIZE), pool };
    await fixture.depot.work.run(async (tx) =>
      admit(tx, fixture.pools, fixture.root, id, order, 'uploading', { holder, seconds: -seconds }),
    );
    await fixture.writePartialFile(id, pool);
    return id;
  }

  /** Returns a sweeper to which the database has responded for one lease time. */
  async function purged(grace: number): Promise<Replica> {
    const replica = startReplica(fixture, { leaseSeconds: 0, graceSeconds: grace });
    await replica.sweep.run();
    return replica;
  }

  it('removes the row, bytes and usage of abandoned items, and keeps live and finished ones', async () => {
    const living = startReplica(fixture);
    const kept = await living.upload.run(fixture.root, orderOf(fixture, SIZE), () => sourceOf(patterned(SIZE)), NEVER);
    await leaveBehind(100);
    await leaveBehind(100, TWO);
    const alive = await leaveBehind(-100);
    const { sweep, recorded } = await purged(50);
    await sweep.run();
    expect(recorded).toEqual(['media taken over', 'media taken over']);
    expect(await fixture.states()).toEqual(['ready', 'uploading']);
    expect(new Set(await fixture.files())).toEqual(new Set([kept, `.partial-${alive}`]));
    expect(await fixture.used()).toBe(2 * SIZE);
    expect(await fixture.used(fixture.group.id, TWO)).toBe(0);
  });

  it('keeps an item whose lease ended within the grace period', async () => {
    await leaveBehind(100);
    const { sweep } = await purged(500);
    await sweep.run();
    expect(await fixture.states()).toEqual(['uploading']);
  });

  it('removes nothing before the database has responded for one lease time', async () => {
    await leaveBehind(100);
    const { sweep } = startReplica(fixture, { leaseSeconds: 3600 });
    for (let pass = 0; pass < 3; pass += 1) await sweep.run();
    expect(await fixture.states()).toEqual(['uploading']);
  });

  it('removes nothing in its first pass after it lost the database, and again afterwards', async () => {
    const { sweep } = await purged(0);
    fixture.wire.cut();
    await expect(sweep.run()).rejects.toMatchObject({ code: 'unavailable' });
    await leaveBehind(100);
    fixture.wire.mend();
    await sweep.run();
    expect(await fixture.states()).toEqual(['uploading']);
    await sweep.run();
    await fixture.expectNothing();
  });

  it('removes an item at once whose lease was given up', async () => {
    const id = await leaveBehind(-100);
    await fixture.depot.work.run(async (tx) => tx.media.endLeases(DEAD, [id]));
    await startReplica(fixture, { leaseSeconds: 3600, graceSeconds: 3600 }).sweep.run();
    await fixture.expectNothing();
  });

  it('removes each item once, also with concurrent sweeps', async () => {
    for (let left = 0; left < 12; left += 1) await leaveBehind(100, left % 2 === 0 ? ONE : TWO);
    const sweepers = await Promise.all(Array.from({ length: 4 }, async () => purged(0)));
    await Promise.all(sweepers.map(async ({ sweep }) => sweep.run()));
    await sweepers[0]!.sweep.run();
    await fixture.expectNothing();
  });

  it('removes many items in several passes', async () => {
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
    const { sweep } = await purged(0);
    for (let pass = 0; pass < 3; pass += 1) await sweep.run();
    await fixture.expectNothing();
  });

  it('continues with the other pools when one cannot be reached, and returns to it later', async () => {
    await leaveBehind(100);
    await leaveBehind(100, TWO);
    const { sweep } = await purged(0);
    const remount = await fixture.unmount(ONE);
    await sweep.run();
    expect(await fixture.states()).toEqual(['removing']);
    expect(await fixture.poolUsage(TWO)).toBe(0);
    await remount();
    await sweep.run();
    await fixture.expectNothing();
  });

  it('lets no writer finish that was silent for too long', async () => {
    const { sweep } = await purged(0);
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
    it('removes the items of a predecessor at once, and no others', async () => {
      const other = randomUUID() as InstanceId;
      await leaveBehind(-100);
      await leaveBehind(-100, ONE, other);
      await new ReapPredecessor(fixture.work).run(DEAD);
      await startReplica(fixture, { leaseSeconds: 3600, graceSeconds: 3600 }).sweep.run();
      expect(await fixture.states()).toEqual(['uploading']);
      expect(await fixture.used()).toBe(SIZE);
    });

    it('removes nothing without a predecessor, or of one without leases', async () => {
      await leaveBehind(-100);
      await new ReapPredecessor(fixture.work).run(null);
      await new ReapPredecessor(fixture.work).run(randomUUID() as InstanceId);
      await startReplica(fixture).sweep.run();
      expect(await fixture.states()).toEqual(['uploading']);
    });
  });
});
