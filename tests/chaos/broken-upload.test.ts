import { RemoveGroup } from '../../src/application/access/remove-group.ts';
import type { ByteSource } from '../../src/application/ports/blob-store.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import type { TenantId } from '../../src/domain/access/tenant.ts';
import { ROOT_GROUP, type MediaId, type PoolId } from '../../src/domain/shared/ids.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { failAfter, NEVER, patterned, sourceOf, stallAfter } from '../support/files/byte-sources.ts';
import { gate } from '../support/waiting/gate.ts';
import { makeUser } from '../support/fixtures/users.ts';
import { startReplica, type Replica, type ReplicaTerms } from '../support/program/replica.ts';
import { withHooks } from '../support/fixtures/store-hooks.ts';
import { ONE, openDepotFixture, orderOf, TWO, type DepotFixture } from '../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(100_000);
const HALF = CONTENT.subarray(0, 50_000);
const UNAVAILABLE = { code: 'unavailable' };

describe('UploadMedia', () => {
  let fixture: DepotFixture;
  beforeEach(async () => (fixture = await openDepotFixture()));
  afterEach(async () => fixture.close());

  async function upload(
    source: ByteSource,
    { signal = NEVER, replica = startReplica(fixture) }: { signal?: AbortSignal; replica?: Replica } = {},
  ): Promise<MediaId> {
    return replica.upload.run(fixture.root, orderOf(fixture, CONTENT.length, 'name'), () => source, signal);
  }

  /** Fails unless nothing is left and the same upload succeeds now. */
  async function expectFreshStart(): Promise<void> {
    await fixture.expectNothing();
    await upload(sourceOf(CONTENT));
    expect(await fixture.states()).toEqual(['ready']);
  }

  describe('leaves nothing behind, and frees its name and its quota,', () => {
    const torn = new Error('the wire is torn');

    it.each<[string, () => ByteSource, unknown]>([
      ['the body is too short', () => sourceOf(HALF), { code: 'body-too-short' }],
      ['the body is empty', () => sourceOf(), { code: 'body-too-short' }],
      ['the body is too long', () => sourceOf(CONTENT, HALF), { code: 'body-too-long' }],
      ['the body breaks off', () => failAfter(torn, HALF), torn],
      ['the body breaks off before its first byte', () => failAfter(torn), torn],
    ])('when %s', async (_, source, failure) => {
      await expect(upload(source())).rejects.toMatchObject(failure as object);
      await expectFreshStart();
    });

    it('when the client hung up before admission', async () => {
      const reason = new Error('gone');
      await expect(upload(sourceOf(CONTENT), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      await expectFreshStart();
    });

    it('when the client hangs up in the middle of the body', async () => {
      const client = new AbortController();
      const reason = new Error('gone');
      async function* body(): ByteSource {
        yield HALF;
        client.abort(reason);
        yield HALF;
      }
      await expect(upload(body(), { signal: client.signal })).rejects.toBe(reason);
      await expectFreshStart();
    });

    it('when the client hangs up while the body stalls', async () => {
      const client = new AbortController();
      const reason = new Error('gone');
      const stalled = gate();
      const uploading = upload(stallAfter(stalled, HALF), { signal: client.signal });
      await Promise.all([expect(uploading).rejects.toBe(reason), stalled.opened.then(() => client.abort(reason))]);
      await expectFreshStart();
    });

    it.each([
      ['before', 'beforeCommit'],
      ['after', 'afterCommit'],
    ])('when the client hangs up just %s the bytes are durable', async (_, moment) => {
      const client = new AbortController();
      const reason = new Error('gone');
      const stores = withHooks(fixture.stores, { [moment]: () => client.abort(reason) });
      const uploading = upload(sourceOf(CONTENT), {
        signal: client.signal,
        replica: startReplica(fixture, { stores }),
      });
      await expect(uploading).rejects.toBe(reason);
      await expectFreshStart();
    });

    it('when the pool is unmounted before the commit', async () => {
      let remount = async (): Promise<void> => Promise.resolve();
      const stores = withHooks(fixture.stores, {
        beforeCommit: async () => (remount = await fixture.unmount(fixture.pools[0]!.id)),
        beforeRemove: async () => remount(),
      });
      await expect(upload(sourceOf(CONTENT), { replica: startReplica(fixture, { stores }) })).rejects.toMatchObject(
        UNAVAILABLE,
      );
      await expectFreshStart();
    });

    it('when its group is deleted while the body stalls', async () => {
      const replica = startReplica(fixture);
      const stalled = gate();
      const uploading = upload(stallAfter(stalled, HALF), { replica });
      const removed = (async () => {
        await stalled.opened;
        await new RemoveGroup(fixture.depot.work, { wake: () => undefined }).run(fixture.root, fixture.group.id);
        await replica.leases.renew();
      })();
      await Promise.all([expect(uploading).rejects.toMatchObject({ code: 'group-not-found' }), removed]);
      await fixture.expectNothing();
    });

    it('when its group is deleted between the commit of the bytes and the last transaction', async () => {
      const stores = withHooks(fixture.stores, {
        afterCommit: async () =>
          new RemoveGroup(fixture.depot.work, { wake: () => undefined }).run(fixture.root, fixture.group.id),
      });
      const uploading = upload(sourceOf(CONTENT), { replica: startReplica(fixture, { stores }) });
      await expect(uploading).rejects.toMatchObject({ code: 'group-not-found' });
      await fixture.expectNothing();
    });

    it('when a sweeper reaped it before the bytes were visible', async () => {
      const sweeper = startReplica(fixture, { leaseSeconds: 0 });
      const stores = withHooks(fixture.stores, {
        beforeCommit: async () => {
          await fixture.depot.knex.raw(`update media set lease_until = now() - interval '1 hour'`);
          await sweeper.sweep.run();
          await sweeper.sweep.run();
          expect(await fixture.states()).toEqual([]);
        },
      });
      const uploading = upload(sourceOf(CONTENT), { replica: startReplica(fixture, { stores }) });
      await expect(uploading).rejects.toMatchObject(UNAVAILABLE);
      await expectFreshStart();
    });
  });

  describe('when the database connection breaks', () => {
    it('succeeds when only the answer to its last COMMIT was lost', async () => {
      const stores = withHooks(fixture.stores, { afterCommit: () => fixture.wire.cutAt('COMMIT', 'after') });
      const id = await upload(sourceOf(CONTENT), { replica: startReplica(fixture, { stores }) });
      expect(await fixture.states()).toEqual(['ready']);
      expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
    });

    it('leaves nothing behind when its last COMMIT never arrived', async () => {
      const stores = withHooks(fixture.stores, { afterCommit: () => fixture.wire.cutAt('COMMIT', 'before') });
      const uploading = upload(sourceOf(CONTENT), { replica: startReplica(fixture, { stores }) });
      await expect(uploading).rejects.toMatchObject(UNAVAILABLE);
      await expectFreshStart();
    });

    it('keeps the item when the outcome of its last COMMIT cannot be read', async () => {
      const stores = withHooks(fixture.stores, {
        afterCommit: () => fixture.wire.cutAt('COMMIT', 'after and from then on'),
      });
      const replica = startReplica(fixture, { stores });
      await expect(upload(sourceOf(CONTENT), { replica })).rejects.toMatchObject(UNAVAILABLE);
      fixture.wire.mend();
      await replica.leases.renew();
      await sweepThoroughly({ leaseSeconds: 0 });
      expect(await fixture.states()).toEqual(['ready']);
      expect(await fixture.files()).toHaveLength(1);
    });

    it('does not open the body when the answer to its admission was lost, and sweeps the admitted row', async () => {
      const replica = startReplica(fixture);
      let opened = false;
      fixture.wire.cutAt('COMMIT', 'after');
      const uploading = replica.upload.run(
        fixture.root,
        orderOf(fixture, 10),
        () => {
          opened = true;
          return sourceOf(patterned(10));
        },
        NEVER,
      );
      await expect(uploading).rejects.toMatchObject(UNAVAILABLE);
      expect(opened).toBe(false);
      expect(await fixture.states()).toEqual(['uploading']);
      await replica.leases.renew();
      await replica.sweep.run();
      await fixture.expectNothing();
    });

    it('is swept after an outage that began before the last transaction', async () => {
      const stores = withHooks(fixture.stores, { afterCommit: () => fixture.wire.cut() });
      const replica = startReplica(fixture, { stores });
      await expect(upload(sourceOf(CONTENT), { replica })).rejects.toMatchObject(UNAVAILABLE);
      expect(await fixture.states()).toEqual(['uploading']);
      await expect(replica.leases.renew()).rejects.toMatchObject(UNAVAILABLE);
      await expect(replica.sweep.run()).rejects.toMatchObject(UNAVAILABLE);

      fixture.wire.mend();
      await replica.leases.renew();
      await replica.sweep.run();
      await expectFreshStart();
    });

    it('leaves no bytes behind when the client hangs up during an outage', async () => {
      const replica = startReplica(fixture);
      const client = new AbortController();
      async function* body(): ByteSource {
        yield HALF;
        fixture.wire.cut();
        client.abort(new Error('gone'));
        yield HALF;
      }
      await expect(upload(body(), { signal: client.signal, replica })).rejects.toThrow('gone');
      expect(await fixture.files()).toEqual([]);
      fixture.wire.mend();
      await replica.leases.renew();
      await replica.sweep.run();
      await expectFreshStart();
    });

    it('never finishes with an expired lease', async () => {
      const stores = withHooks(fixture.stores, { beforeCommit: () => fixture.wire.cut() });
      const replica = startReplica(fixture, { stores, leaseSeconds: 0 });
      await expect(upload(sourceOf(CONTENT), { replica })).rejects.toMatchObject(UNAVAILABLE);
      fixture.wire.mend();
      await replica.leases.renew();
      await replica.sweep.run();
      await fixture.expectNothing();
    });

    async function sweepThoroughly(terms: ReplicaTerms): Promise<void> {
      const { sweep } = startReplica(fixture, terms);
      for (let pass = 0; pass < 3; pass += 1) await sweep.run();
    }
  });

  it('stays finished when the client hangs up afterwards', async () => {
    const client = new AbortController();
    const id = await upload(sourceOf(CONTENT), { signal: client.signal });
    client.abort(new Error('gone'));
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
    expect(await fixture.states()).toEqual(['ready']);
  });

  it('runs at most `uploadsAtOnce` uploads, and accepts another as soon as one has ended', async () => {
    const replica = startReplica(fixture, { uploadsAtOnce: 1 });
    const stalled = gate();
    const client = new AbortController();
    const uploading = upload(stallAfter(stalled, HALF), { replica, signal: client.signal });
    const ended = expect(uploading).rejects.toThrow('gone');
    await stalled.opened;
    const other = { ...orderOf(fixture, 10), size: bytes(10) };
    const second = replica.upload.run(fixture.root, other, () => sourceOf(patterned(10)), NEVER);
    await expect(second).rejects.toMatchObject(UNAVAILABLE);
    client.abort(new Error('gone'));
    await ended;
    await replica.upload.run(fixture.root, other, () => sourceOf(patterned(10)), NEVER);
  });

  it('leaves a quarter of the slots to other pools while one pool hangs', async () => {
    const replica = startReplica(fixture, { uploadsAtOnce: 4 });
    const stalled = [gate(), gate(), gate()];
    const client = new AbortController();
    const callers: Caller[] = [];
    for (let tenant = 1; tenant <= 4; tenant += 1) {
      const user = await makeUser(fixture.depot, `of tenant ${tenant}`, ROOT_GROUP, 'velocity.media.create');
      callers.push({ ...user, tenant: tenant as TenantId });
    }
    const hanging = stalled.map(async (each, at) =>
      replica.upload.run(callers[at]!, orderOf(fixture, 1000), () => stallAfter(each, patterned(10)), client.signal),
    );
    const ended = Promise.all(hanging.map(async (each) => expect(each).rejects.toThrow('gone')));
    await Promise.all(stalled.map(async ({ opened }) => opened));
    const order = { ...orderOf(fixture, 10), size: bytes(10) };
    const bring = async (pool: PoolId) =>
      replica.upload.run(callers[3]!, { ...order, pool }, () => sourceOf(patterned(10)), NEVER);
    await expect(bring(ONE)).rejects.toMatchObject(UNAVAILABLE);
    await bring(TWO);
    client.abort(new Error('gone'));
    await ended;
    await bring(ONE);
  });
});
