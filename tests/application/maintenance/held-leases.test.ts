import { randomUUID } from 'node:crypto';
import type { Lease } from '../../../src/application/maintenance/held-leases.ts';
import type { LeaseTerms } from '../../../src/application/ports/media-repository.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { gate } from '../../support/gate.ts';
import { rowsOf } from '../../support/postgres.ts';
import { startReplica, type Replica } from '../../support/replica.ts';
import { ONE, openYard, orderOf, type Yard } from '../../support/yard.ts';

const UNAVAILABLE = { code: 'unavailable' };
const HOUR = 3600;

describe('HeldLeases', () => {
  let yard: Yard;
  let id: MediaId;
  beforeEach(async () => {
    yard = await openYard();
    id = randomUUID() as MediaId;
  });
  afterEach(async () => yard.close());

  /** Stores media of no bytes under way. */
  function store(media: MediaId): (terms: LeaseTerms) => Promise<void> {
    const order = { ...orderOf(yard, 0), id: media, pool: ONE, state: 'uploading', createdBy: yard.root.uuid } as const;
    return async (terms) => {
      await yard.work.run(async (tx) => {
        await tx.media.insert(order, terms);
        await tx.usage.charge(yard.group, ONE, bytes(0), 1);
      });
    };
  }

  async function hold(replica: Replica, media = id): Promise<Lease> {
    return replica.leases.hold(media, store(media));
  }

  /** How long the lease still lasts; null without one. Seconds. */
  async function left(media = id): Promise<number | null> {
    const [row] = await rowsOf(
      yard.depot.url,
      `select extract(epoch from lease_until - clock_timestamp())::float as seconds from media where id = '${media}'`,
    );
    return row!.seconds as number | null;
  }

  async function shorten(): Promise<void> {
    await yard.depot.knex.raw(`update media set lease_until = now() - interval '1 hour'`);
  }

  async function takeOut(): Promise<void> {
    await yard.depot.work.run(async (tx) => {
      await tx.media.beginRemoval(id);
      await tx.usage.giveBack(yard.group.path, ONE, bytes(0), 1);
    });
  }

  it('stores media with a lease of its own, that lasts as long as its terms say', async () => {
    const replica = startReplica(yard, { lease: HOUR });
    await hold(replica);
    expect(await left()).toBeGreaterThan(HOUR - 60);
    expect(await rowsOf(yard.depot.url, 'select lease_holder from media')).toEqual([{ lease_holder: replica.holder }]);
  });

  it('renews everything that it holds, and nothing that it has released', async () => {
    const replica = startReplica(yard, { lease: HOUR });
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

  it('asks nobody to confirm a lease that was renewed shortly before', async () => {
    const lease = await hold(startReplica(yard, { lease: HOUR }));
    yard.wire.cut();
    await lease.confirm();
  });

  it('renews a lease that is old by its own clock before it confirms it', async () => {
    const lease = await hold(startReplica(yard, { lease: 0 }));
    await shorten();
    await lease.confirm();
    expect(await left()).toBeGreaterThan(-HOUR / 2);
  });

  it('confirms nothing that is old by its own clock while the database can’t be asked', async () => {
    const lease = await hold(startReplica(yard, { lease: 0 }));
    yard.wire.cut();
    await expect(lease.confirm()).rejects.toMatchObject(UNAVAILABLE);
    expect(lease.signal.aborted).toBe(false);
  });

  it.each(['removed', 'swept away', 'taken over'])('is lost when the media were %s', async (how) => {
    const replica = startReplica(yard, { lease: 0 });
    const lease = await hold(replica);
    if (how === 'taken over') await yard.depot.knex('media').update({ lease_holder: randomUUID() });
    else await takeOut();
    if (how === 'swept away') await yard.depot.work.run(async (tx) => tx.media.forget(id));
    await expect(lease.confirm()).rejects.toMatchObject(UNAVAILABLE);
    expect(lease.signal.aborted).toBe(true);
    await expect(lease.confirm()).rejects.toBe(lease.signal.reason);
  });

  it('says so by its signal as soon as it is renewed', async () => {
    const replica = startReplica(yard, { lease: HOUR });
    const lease = await hold(replica);
    await takeOut();
    expect(lease.signal.aborted).toBe(false);
    await replica.leases.renew();
    expect(lease.signal.aborted).toBe(true);
    expect(lease.signal.reason).toMatchObject(UNAVAILABLE);
  });

  it('goes on being renewed on media that are being removed, so that nobody takes their bytes from beneath the writer', async () => {
    const replica = startReplica(yard, { lease: HOUR });
    await hold(replica);
    await takeOut();
    await shorten();
    await replica.leases.renew();
    expect(await left()).toBeGreaterThan(0);
  });

  it('fails as lost once it was said to be', async () => {
    const lease = await hold(startReplica(yard));
    await expect(lease.lose()).rejects.toMatchObject(UNAVAILABLE);
    expect(lease.signal.aborted).toBe(true);
    await expect(lease.confirm()).rejects.toBe(lease.signal.reason);
  });

  it('ends at the next renewal when it is given up, also after one that failed', async () => {
    const replica = startReplica(yard, { lease: HOUR });
    const lease = await hold(replica);
    yard.wire.cut();
    lease.giveUp();
    await expect(replica.leases.renew()).rejects.toMatchObject(UNAVAILABLE);
    expect(await left()).toBeGreaterThan(0);
    yard.wire.mend();
    await replica.leases.renew();
    expect(await left()).toBe(-Infinity);
  });

  it('is given up when nobody knows whether its media were stored', async () => {
    const replica = startReplica(yard, { lease: HOUR });
    yard.wire.cutAt('COMMIT', 'after');
    await expect(hold(replica)).rejects.toMatchObject(UNAVAILABLE);
    expect(await left()).toBeGreaterThan(0);
    await replica.leases.renew();
    expect(await left()).toBe(-Infinity);
  });

  it('is not there when its media were refused, with the very error', async () => {
    const replica = startReplica(yard);
    const refusal = new Error('no');
    await expect(replica.leases.hold(id, async () => Promise.reject(refusal))).rejects.toBe(refusal);
    yard.wire.cut();
    await replica.leases.renew();
  });

  it('keeps its holder busy from before it is stored until it is released or given up', async () => {
    const replica = startReplica(yard);
    await replica.leases.idle();
    const storing = gate();
    const holding = replica.leases.hold(id, async (terms) => {
      await storing.opened;
      await store(id)(terms);
    });
    let idle = false;
    const waiting = replica.leases.idle().then(() => (idle = true));
    storing.open();
    const lease = await holding;
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
