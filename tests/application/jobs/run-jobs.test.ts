import type { BlobStore, BlobStores } from '../../../src/application/ports/blob-store.ts';
import type { RateLimiter } from '../../../src/application/ports/rate-limiter.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { Job } from '../../../src/domain/jobs/job.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { DomainError } from '../../../src/domain/shared/domain-error.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { openCloneFixture, type CloneFixture } from '../../support/fixtures/clone-fixture.ts';
import { gatedRateLimiter } from '../../support/fixtures/gated-rate-limiter.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { until } from '../../support/waiting/until.ts';
import { withHooks } from '../../support/fixtures/store-hooks.ts';
import { ONE, openDepotFixture, orderOf, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(3_000_000);
const UNAVAILABLE = new DomainError('unavailable', { retryAfterSeconds: 1 });

describe('RunJobs', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  let ann: Caller;
  let source: MediaId;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
    const order = { ...orderOf(fixture, CONTENT.length), type: 'DISK', readOnly: false };
    source = await replica.upload.run(fixture.root, order, () => sourceOf(CONTENT), NEVER);
  });
  afterEach(async () => fixture.close());

  async function clone(cloneFixture: CloneFixture): Promise<MediaId> {
    return (await cloneFixture.clone.run(ann, source, {})).id;
  }

  async function lastJob(): Promise<Job> {
    const { items } = await fixture.depot.work.run(async (tx) => tx.jobs.list(ann.uuid, { limit: null, offset: 0 }));
    return items.at(-1)!;
  }

  async function failureOf(): Promise<unknown> {
    return (await rowsOf(fixture.depot.url, 'select failure, attempts from jobs'))[0];
  }

  /** Expects that nothing of a clone remains: no bytes and no charge. */
  async function expectOnlySource(): Promise<void> {
    expect(await fixture.files()).toEqual([source]);
    expect(await fixture.states()).toEqual(['ready']);
    expect(await fixture.used()).toBe(CONTENT.length);
    expect(await fixture.poolUsage()).toBe(CONTENT.length);
  }

  /** Returns stores with this `copy`. */
  function copying(copy: BlobStore['copy']): BlobStores {
    const stores = withHooks(fixture.stores, {});
    return { ...stores, of: (pool, location) => ({ ...stores.of(pool, location), copy }) };
  }

  async function removeItem(id: MediaId): Promise<void> {
    await fixture.depot.work.run(async (tx) => {
      const group = (await tx.groups.lockShared(fixture.group.id))!;
      const media = (await tx.media.lock(id))!;
      await tx.media.beginRemoval(id);
      await tx.usage.refund(group.path, ONE, media.size, 1);
    });
  }

  it('refunds the quota and leaves nothing when a copy finally fails', async () => {
    const tooMuch = new DomainError('quota-exceeded', { needed: bytes(1), left: null, limitedBy: 'backend' });
    const cloneFixture = openCloneFixture(fixture, { stores: copying(async () => Promise.reject(tooMuch)) });
    await clone(cloneFixture);
    await cloneFixture.finishJobs();
    expect(await lastJob()).toMatchObject({ state: 'error' });
    expect(await failureOf()).toEqual({ failure: 'quota-exceeded', attempts: 1 });
    expect(cloneFixture.recorded).toEqual(['job failed']);
    await expectOnlySource();
  });

  it('retries after a failure that may pass, five attempts in all', async () => {
    let tries = 0;
    const failing: BlobStore['copy'] = async () => {
      tries += 1;
      return Promise.reject(UNAVAILABLE);
    };
    const cloneFixture = openCloneFixture(fixture, { stores: copying(failing) });
    await clone(cloneFixture);
    await cloneFixture.finishJobs();
    expect(tries).toBe(5);
    expect(await failureOf()).toEqual({ failure: 'unavailable', attempts: 5 });
    expect(cloneFixture.recorded).toEqual([...Array.from({ length: 4 }, () => 'job retried'), 'job failed']);
    await expectOnlySource();
  });

  it('succeeds when the failure passes', async () => {
    let tries = 0;
    const store = fixture.stores.of(ONE, 0);
    const flaky: BlobStore['copy'] = async (...asked) => {
      tries += 1;
      return tries < 3 ? Promise.reject(UNAVAILABLE) : store.copy(...asked);
    };
    const cloneFixture = openCloneFixture(fixture, { stores: copying(flaky) });
    const id = await clone(cloneFixture);
    await cloneFixture.finishJobs();
    expect(await lastJob()).toMatchObject({ state: 'success' });
    expect(cloneFixture.recorded).toEqual(['job retried', 'job retried', 'job done']);
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
  });

  it('waits before it retries', async () => {
    const cloneFixture = openCloneFixture(fixture, {
      stores: copying(async () => Promise.reject(UNAVAILABLE)),
      restSeconds: 3600,
    });
    const id = await clone(cloneFixture);
    await cloneFixture.jobs.run();
    await cloneFixture.jobs.idle();
    await cloneFixture.jobs.run();
    await cloneFixture.jobs.idle();
    expect(await failureOf()).toEqual({ failure: 'unavailable', attempts: 1 });
    expect(await lastJob()).toMatchObject({ state: 'started' });
    await removeItem(id);
    await replica.sweep.run();
    await expectOnlySource();
  });

  it('checks the rights of the user who started the job again', async () => {
    const cloneFixture = openCloneFixture(fixture);
    await clone(cloneFixture);
    const grant = { user: ann.id, group: fixture.group.id, permission: 'velocity.media.create' } as const;
    await fixture.depot.work.run(async (tx) => tx.grants.revoke(grant));
    await cloneFixture.finishJobs();
    expect(await failureOf()).toEqual({ failure: 'permission-missing', attempts: 1 });
    await expectOnlySource();
  });

  it('fails for a group that does not manage the pool any more', async () => {
    const cloneFixture = openCloneFixture(fixture);
    await clone(cloneFixture);
    const rights = { write: true, manage: false };
    await fixture.depot.work.run(async (tx) => tx.assignments.store(fixture.group.id, ONE, rights));
    await cloneFixture.finishJobs();
    expect(await failureOf()).toEqual({ failure: 'not-manager', attempts: 1 });
    await expectOnlySource();
  });

  it('fails for a removed user', async () => {
    const cloneFixture = openCloneFixture(fixture);
    await clone(cloneFixture);
    await fixture.depot.work.run(async (tx) => tx.users.remove(ann.id));
    await cloneFixture.finishJobs();
    expect(await failureOf()).toEqual({ failure: 'user-not-found', attempts: 1 });
    await expectOnlySource();
  });

  it('takes over from a replica that fell silent, which then does no harm', async () => {
    const { rateLimiter, reached, through } = gatedRateLimiter();
    const silent = openCloneFixture(fixture, { leaseSeconds: 0.05, rateLimiter });
    const id = await clone(silent);
    await silent.jobs.run();
    await reached;
    const other = openCloneFixture(fixture);
    await until('the other replica has done it', async () => {
      await other.jobs.run();
      await other.jobs.idle();
      return (await lastJob()).state === 'success';
    });
    through.open();
    await silent.jobs.idle();
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
    expect(await lastJob()).toMatchObject({ state: 'success' });
    expect(new Set(await fixture.files())).toEqual(new Set([source, id]));
  });

  it('does not touch the jobs of another replica', async () => {
    const { rateLimiter, reached, through } = gatedRateLimiter();
    const [busy, other] = [openCloneFixture(fixture, { rateLimiter }), openCloneFixture(fixture)];
    await clone(busy);
    await busy.jobs.run();
    await reached;
    await other.jobs.run();
    await other.jobs.idle();
    expect(await lastJob()).toMatchObject({ state: 'started' });
    through.open();
    await busy.jobs.idle();
    expect(await lastJob()).toMatchObject({ state: 'success' });
  });

  it('postpones its jobs when it stops, without counting an attempt', async () => {
    const { rateLimiter, reached } = gatedRateLimiter();
    const [stopping, other] = [openCloneFixture(fixture, { rateLimiter }), openCloneFixture(fixture)];
    const id = await clone(stopping);
    await stopping.jobs.run();
    await reached;
    await stopping.jobs.stop();
    expect(await failureOf()).toEqual({ failure: null, attempts: 0 });
    expect(stopping.recorded).toEqual(['job left']);
    expect(await fixture.files()).toEqual([source]);
    await stopping.jobs.run();
    expect(await lastJob()).toMatchObject({ state: 'started' });
    await other.finishJobs();
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
  });

  it('stops when the clone is removed, and leaves nothing', async () => {
    const { rateLimiter, reached } = gatedRateLimiter();
    const cloneFixture = openCloneFixture(fixture, { rateLimiter });
    const id = await clone(cloneFixture);
    await cloneFixture.jobs.run();
    await reached;
    await removeItem(id);
    await replica.sweep.run();
    await cloneFixture.leases.renew();
    await cloneFixture.jobs.idle();
    expect(cloneFixture.recorded).toEqual(['job dropped']);
    expect(await lastJob()).toMatchObject({ state: 'error' });
    await expectOnlySource();
  });

  it('runs a few jobs of one tenant at once, and the rest afterwards', async () => {
    const { rateLimiter, reached, through } = gatedRateLimiter();
    const cloneFixture = openCloneFixture(fixture, { rateLimiter, atOnce: 8 });
    for (let one = 0; one < 5; one += 1) await clone(cloneFixture);
    await cloneFixture.jobs.run();
    await reached;
    await cloneFixture.jobs.run();
    const held = await rowsOf(
      fixture.depot.url,
      `select id from media where state = 'cloning' and lease_holder is not null`,
    );
    expect(held).toHaveLength(2);
    through.open();
    await cloneFixture.finishJobs();
    expect(await fixture.states()).toEqual(Array.from({ length: 6 }, () => 'ready'));
  });

  it('starts the job of another tenant before the remaining jobs of the first one', async () => {
    const { rateLimiter, reached, through } = gatedRateLimiter();
    const cloneFixture = openCloneFixture(fixture, { rateLimiter, atOnce: 2 });
    const [, other] = [await clone(cloneFixture), await clone(cloneFixture), await clone(cloneFixture)];
    await fixture.depot.knex.raw('update jobs set tenant = ? where target_media <> ?', [1, other]);
    const last = await clone(cloneFixture);
    await fixture.depot.knex.raw('update jobs set tenant = ? where target_media in (?, ?)', [2, other, last]);
    await cloneFixture.jobs.run();
    await reached;
    await cloneFixture.jobs.run();
    const held = await rowsOf(
      fixture.depot.url,
      `select tenant from jobs join media on media.id = target_media where lease_holder is not null order by tenant`,
    );
    expect(held).toEqual([{ tenant: '1' }, { tenant: '2' }]);
    through.open();
    await cloneFixture.finishJobs();
  });

  it('stores how many bytes are copied', async () => {
    let moments = 0;
    const { rateLimiter, reached, through } = gatedRateLimiter();
    let chunks = 0;
    const afterTwo: RateLimiter = {
      waitFor: async (moved, signal) => {
        chunks += 1;
        if (chunks > 1) await rateLimiter.waitFor(moved, signal);
      },
    };
    const cloneFixture = openCloneFixture(fixture, {
      rateLimiter: afterTwo,
      clock: { now: () => (moments += 10_000) },
    });
    await clone(cloneFixture);
    await cloneFixture.jobs.run();
    await reached;
    expect(await lastJob()).toMatchObject({ state: 'started', copied: 1024 * 1024, total: CONTENT.length });
    through.open();
    await cloneFixture.jobs.idle();
    expect(await lastJob()).toMatchObject({ state: 'success', copied: CONTENT.length });
  });

  it('succeeds when only the reply to its last COMMIT was lost', async () => {
    const stores = withHooks(fixture.stores, { afterCommit: () => fixture.wire.cutAt('COMMIT', 'after') });
    // Otherwise the next job would be claimed meanwhile, in a transaction of its own.
    const cloneFixture = openCloneFixture(fixture, { stores, atOnce: 1 });
    const id = await clone(cloneFixture);
    await cloneFixture.jobs.run();
    await cloneFixture.jobs.idle();
    expect(await lastJob()).toMatchObject({ state: 'success' });
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
  });

  it('ends when the group of the clone is removed', async () => {
    const cloneFixture = openCloneFixture(fixture);
    await clone(cloneFixture);
    await fixture.depot.work.run(async (tx) => {
      const groups = await tx.groups.lockTree(fixture.group.id);
      await tx.media.beginRemovalOf(groups);
      const [used] = await tx.usage.ofPathInAllPools([fixture.group.id]);
      await tx.usage.refund(fixture.top.path, ONE, used!.used, used!.items);
      await tx.groups.remove(groups);
    });
    await replica.sweep.run();
    await cloneFixture.finishJobs();
    await replica.sweep.run();
    await fixture.expectNothing();
  });
});
