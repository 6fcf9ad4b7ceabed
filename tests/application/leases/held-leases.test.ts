import { randomUUID } from 'node:crypto';
import type { Lease } from '../../../src/application/leases/held-leases.ts';
import type { LeaseTerms } from '../../../src/application/ports/media-repository.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { gate } from '../../support/waiting/gate.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { ONE, openDepotFixture, orderOf, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const UNAVAILABLE = { code: 'unavailable' };
const HOUR = 3600;

describe('HeldLeases', () => {
  let fixture: DepotFixture;
  let id: MediaId;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    id = randomUUID() as MediaId;
  });
  afterEach(async () => fixture.close());

  /** Stores an unfinished item without bytes. */
  function store(media: MediaId): (terms: LeaseTerms) => Promise<void> {
    const order = {
      ...orderOf(fixture, 0),
      id: media,
      pool: ONE,
      state: 'uploading',
      createdBy: fixture.root.uuid,
    } as const;
    return async (terms) => {
      await fixture.work.run(async (tx) => {
        await tx.media.insert(order, terms);
        await tx.usage.charge(fixture.group, ONE, bytes(0), 1);
      });
    };
  }

  async function hold(replica: Replica, media = id): Promise<Lease> {
    const { lease } = await replica.leases.hold(media, store(media));
    return lease;
  }

  /** Returns the seconds until the lease expires; null without one. */
  async function left(media = id): Promise<number | null> {
    const [row] = await rowsOf(
      fixture.depot.url,
      `select extract(epoch from lease_until - clock_timestamp())::float as seconds from media where id = '${media}'`,
    );
    return row!.seconds as number | null;
  }

  async function shorten(): Promise<void> {
    await fixture.depot.knex.raw(`update media set lease_until = now() - interval '1 hour'`);
  }

  async function removeItem(): Promise<void> {
    await fixture.depot.work.run(async (tx) => {
      await tx.media.beginRemoval(id);
      await tx.usage.refund(fixture.group.path, ONE, bytes(0), 1);
    });
  }

  it('stores an item with a lease that lasts as long as its terms say', async () => {
    const replica = startReplica(fixture, { leaseSeconds: HOUR });
    await hold(replica);
    expect(await left()).toBeGreaterThan(HOUR - 60);
    expect(await rowsOf(fixture.depot.url, 'select lease_holder from media')).toEqual([
      { lease_holder: replica.holder },
    ]);
  });

  it('renews all held leases, and none that was released', async () => {
    const replica = startReplica(fixture, { leaseSeconds: HOUR });
    const other = randomUUID() as MediaId;
    const [kept, released] = [await hold(replica), await hold(replica, other)];
    released.release();
    await shorten();
    await replica.leases.renew();
    expect(await left()).toBeGreaterThan(0);
    expect(await left(other)).toBeLessThan(0);
    expect(kept.signal.aborted).toBe(false);
    await kept.confirm();
  });

  it('confirms a recently renewed lease without a query', async () => {
    const lease = await hold(startReplica(fixture, { leaseSeconds: HOUR }));
    fixture.wire.cut();
    await lease.confirm();
  });

  it('renews a lease that is old by its own clock before it confirms it', async () => {
    const lease = await hold(startReplica(fixture, { leaseSeconds: 0 }));
    await shorten();
    await lease.confirm();
    expect(await left()).toBeGreaterThan(-HOUR / 2);
  });

  it('confirms no lease that is old by its own clock while the database cannot be reached', async () => {
    const lease = await hold(startReplica(fixture, { leaseSeconds: 0 }));
    fixture.wire.cut();
    await expect(lease.confirm()).rejects.toMatchObject(UNAVAILABLE);
    expect(lease.signal.aborted).toBe(false);
  });

  it.each(['removed', 'swept away', 'taken over'])('is lost when the media were %s', async (how) => {
    const replica = startReplica(fixture, { leaseSeconds: 0 });
    const lease = await hold(replica);
    if (how === 'taken over') await fixture.depot.knex('media').update({ lease_holder: randomUUID() });
    else await removeItem();
    if (how === 'swept away') await fixture.depot.work.run(async (tx) => tx.media.forget(id));
    await expect(lease.confirm()).rejects.toMatchObject(UNAVAILABLE);
    expect(lease.signal.aborted).toBe(true);
    await expect(lease.confirm()).rejects.toBe(lease.signal.reason);
  });

  it('aborts the signal of a lost lease at the next renewal', async () => {
    const replica = startReplica(fixture, { leaseSeconds: HOUR });
    const lease = await hold(replica);
    await removeItem();
    expect(lease.signal.aborted).toBe(false);
    await replica.leases.renew();
    expect(lease.signal.aborted).toBe(true);
    expect(lease.signal.reason).toMatchObject(UNAVAILABLE);
  });

  it('renews the lease on an item in removal, so that its bytes are not deleted under the writer', async () => {
    const replica = startReplica(fixture, { leaseSeconds: HOUR });
    await hold(replica);
    await removeItem();
    await shorten();
    await replica.leases.renew();
    expect(await left()).toBeGreaterThan(0);
  });

  it('rejects after it was marked as lost', async () => {
    const lease = await hold(startReplica(fixture));
    await expect(lease.lose()).rejects.toMatchObject(UNAVAILABLE);
    expect(lease.signal.aborted).toBe(true);
    await expect(lease.confirm()).rejects.toBe(lease.signal.reason);
  });

  it('ends a lease at the renewal after it was given up, also after one that failed', async () => {
    const replica = startReplica(fixture, { leaseSeconds: HOUR });
    const lease = await hold(replica);
    fixture.wire.cut();
    lease.giveUp();
    await expect(replica.leases.renew()).rejects.toMatchObject(UNAVAILABLE);
    expect(await left()).toBeGreaterThan(0);
    fixture.wire.mend();
    await replica.leases.renew();
    expect(await left()).toBe(-Infinity);
  });

  it('gives a lease up when it is unknown whether its item was stored', async () => {
    const replica = startReplica(fixture, { leaseSeconds: HOUR });
    fixture.wire.cutAt('COMMIT', 'after');
    await expect(hold(replica)).rejects.toMatchObject(UNAVAILABLE);
    expect(await left()).toBeGreaterThan(0);
    await replica.leases.renew();
    expect(await left()).toBe(-Infinity);
  });

  it('renews and releases one lease on several items as a whole, and loses it with one of them', async () => {
    const replica = startReplica(fixture, { leaseSeconds: HOUR });
    const other = randomUUID() as MediaId;
    const { lease } = await replica.leases.holdAll([id, other], async (terms) => {
      await store(id)(terms);
      await store(other)(terms);
    });
    await shorten();
    await replica.leases.renew();
    expect(Math.min(...[await left(), await left(other)].map(Number))).toBeGreaterThan(0);
    await lease.confirm();
    await removeItem();
    await replica.leases.renew();
    await expect(lease.confirm()).rejects.toMatchObject(UNAVAILABLE);
    lease.giveUp();
    await replica.leases.idle();
    await replica.leases.endGivenUp();
    expect(await left(other)).toBe(-Infinity);
  });

  it('holds no lease on a refused item, and rejects with the same error', async () => {
    const replica = startReplica(fixture);
    const refusal = new Error('no');
    await expect(replica.leases.hold(id, async () => Promise.reject(refusal))).rejects.toBe(refusal);
    fixture.wire.cut();
    await replica.leases.renew();
  });

  it('is busy from before an item is stored until its lease is released or given up', async () => {
    const replica = startReplica(fixture);
    await replica.leases.idle();
    const storing = gate();
    const holding = replica.leases.hold(id, async (terms) => {
      await storing.opened;
      await store(id)(terms);
    });
    let idle = false;
    const waiting = replica.leases.idle().then(() => (idle = true));
    storing.open();
    const { lease } = await holding;
    const other = await hold(replica, randomUUID() as MediaId);
    lease.release();
    lease.release();
    await replica.leases.renew();
    expect(idle).toBe(false);
    other.giveUp();
    await waiting;
    await expect(replica.leases.hold(id, async () => Promise.reject(new Error('no')))).rejects.toThrow();
    await replica.leases.idle();
  });
});
