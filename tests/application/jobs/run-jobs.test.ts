import type { BlobStore, BlobStores } from '../../../src/application/ports/blob-store.ts';
import type { Pace } from '../../../src/application/ports/pace.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { Job } from '../../../src/domain/jobs/job.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { DomainError } from '../../../src/domain/shared/domain-error.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/byte-sources.ts';
import { openCloneShop, type CloneShop } from '../../support/clone-shop.ts';
import { heldUp } from '../../support/held-pace.ts';
import { makeUser } from '../../support/people.ts';
import { rowsOf } from '../../support/postgres.ts';
import { startReplica, type Replica } from '../../support/replica.ts';
import { until } from '../../support/until.ts';
import { watched } from '../../support/watched-store.ts';
import { ONE, openYard, orderOf, type Yard } from '../../support/yard.ts';

const CONTENT = patterned(3_000_000);
const UNAVAILABLE = new DomainError('unavailable', { retryAfterSeconds: 1 });

describe('RunJobs', () => {
  let yard: Yard;
  let replica: Replica;
  let ann: Caller;
  let source: MediaId;
  beforeEach(async () => {
    yard = await openYard();
    replica = startReplica(yard);
    ann = await makeUser(yard.depot, 'ann', yard.group.id, 'velocity.media.list', 'velocity.media.create');
    const order = { ...orderOf(yard, CONTENT.length), type: 'DISK', readOnly: false };
    source = await replica.upload.run(yard.root, order, () => sourceOf(CONTENT), NEVER);
  });
  afterEach(async () => yard.close());

  async function clone(shop: CloneShop): Promise<MediaId> {
    return (await shop.clone.run(ann, source, {})).id;
  }

  async function lastJob(): Promise<Job> {
    const { items } = await yard.depot.work.run(async (tx) => tx.jobs.list(ann.uuid, { limit: null, offset: 0 }));
    return items.at(-1)!;
  }

  async function failureOf(): Promise<unknown> {
    return (await rowsOf(yard.depot.url, 'select failure, attempts from jobs'))[0];
  }

  /** Fails unless nothing of a clone is left: no bytes, no quota. */
  async function expectOnlySource(): Promise<void> {
    expect(await yard.files()).toEqual([source]);
    expect(await yard.states()).toEqual(['ready']);
    expect(await yard.used()).toBe(CONTENT.length);
    expect(await yard.inPool()).toBe(CONTENT.length);
  }

  /** Stores whose copies do something else. */
  function copying(copy: BlobStore['copy']): BlobStores {
    const stores = watched(yard.stores, {});
    return { ...stores, of: (pool, place) => ({ ...stores.of(pool, place), copy }) };
  }

  async function takeOut(id: MediaId): Promise<void> {
    await yard.depot.work.run(async (tx) => {
      const group = (await tx.groups.keep(yard.group.id))!;
      const media = (await tx.media.lock(id))!;
      await tx.media.beginRemoval(id);
      await tx.usage.giveBack(group.path, ONE, media.size, 1);
    });
  }

  it('gives the quota back and leaves nothing when a copy fails for good', async () => {
    const tooMuch = new DomainError('quota-exceeded', { needed: bytes(1), left: null, limitedBy: 'backend' });
    const shop = openCloneShop(yard, { stores: copying(async () => Promise.reject(tooMuch)) });
    await clone(shop);
    await shop.finishJobs();
    expect(await lastJob()).toMatchObject({ state: 'error' });
    expect(await failureOf()).toEqual({ failure: 'quota-exceeded', attempts: 1 });
    expect(shop.heard).toEqual(['job failed']);
    await expectOnlySource();
  });

  it('tries again what may pass, five times in all', async () => {
    let tries = 0;
    const failing: BlobStore['copy'] = async () => {
      tries += 1;
      return Promise.reject(UNAVAILABLE);
    };
    const shop = openCloneShop(yard, { stores: copying(failing) });
    await clone(shop);
    await shop.finishJobs();
    expect(tries).toBe(5);
    expect(await failureOf()).toEqual({ failure: 'unavailable', attempts: 5 });
    expect(shop.heard).toEqual([...Array.from({ length: 4 }, () => 'job retried'), 'job failed']);
    await expectOnlySource();
  });

  it('succeeds where it passes', async () => {
    let tries = 0;
    const store = yard.stores.of(ONE, 0);
    const flaky: BlobStore['copy'] = async (...asked) => {
      tries += 1;
      return tries < 3 ? Promise.reject(UNAVAILABLE) : store.copy(...asked);
    };
    const shop = openCloneShop(yard, { stores: copying(flaky) });
    const id = await clone(shop);
    await shop.finishJobs();
    expect(await lastJob()).toMatchObject({ state: 'success' });
    expect(shop.heard).toEqual(['job retried', 'job retried', 'job done']);
    expect((await yard.content(id)).equals(CONTENT)).toBe(true);
  });

  it('does not begin again at once what failed', async () => {
    const shop = openCloneShop(yard, { stores: copying(async () => Promise.reject(UNAVAILABLE)), rest: 3600 });
    const id = await clone(shop);
    await shop.jobs.run();
    await shop.jobs.idle();
    await shop.jobs.run();
    await shop.jobs.idle();
    expect(await failureOf()).toEqual({ failure: 'unavailable', attempts: 1 });
    expect(await lastJob()).toMatchObject({ state: 'started' });
    await takeOut(id);
    await replica.sweep.run();
    await expectOnlySource();
  });

  it('looks at the rights of whoever asked once more', async () => {
    const shop = openCloneShop(yard);
    await clone(shop);
    const grant = { user: ann.id, group: yard.group.id, permission: 'velocity.media.create' } as const;
    await yard.depot.work.run(async (tx) => tx.grants.take(grant));
    await shop.finishJobs();
    expect(await failureOf()).toEqual({ failure: 'permission-missing', attempts: 1 });
    await expectOnlySource();
  });

  it('does nothing for a group that does not manage the pool any more', async () => {
    const shop = openCloneShop(yard);
    await clone(shop);
    const rights = { write: true, manage: false };
    await yard.depot.work.run(async (tx) => tx.assignments.store(yard.group.id, ONE, rights));
    await shop.finishJobs();
    expect(await failureOf()).toEqual({ failure: 'not-manager', attempts: 1 });
    await expectOnlySource();
  });

  it('does nothing for who is gone', async () => {
    const shop = openCloneShop(yard);
    await clone(shop);
    await yard.depot.work.run(async (tx) => tx.users.remove(ann.id));
    await shop.finishJobs();
    expect(await failureOf()).toEqual({ failure: 'user-not-found', attempts: 1 });
    await expectOnlySource();
  });

  it('takes over from a replica that fell silent, which then does no harm', async () => {
    const { pace, reached, through } = heldUp();
    const silent = openCloneShop(yard, { lease: 0.05, pace });
    const id = await clone(silent);
    await silent.jobs.run();
    await reached;
    const other = openCloneShop(yard);
    await until('the other replica has done it', async () => {
      await other.jobs.run();
      await other.jobs.idle();
      return (await lastJob()).state === 'success';
    });
    through.open();
    await silent.jobs.idle();
    expect((await yard.content(id)).equals(CONTENT)).toBe(true);
    expect(await lastJob()).toMatchObject({ state: 'success' });
    expect(new Set(await yard.files())).toEqual(new Set([source, id]));
  });

  it('leaves alone what another replica is at', async () => {
    const { pace, reached, through } = heldUp();
    const [busy, other] = [openCloneShop(yard, { pace }), openCloneShop(yard)];
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

  it('puts its jobs down when it stops, for others to go on with, and counts that as no attempt', async () => {
    const { pace, reached } = heldUp();
    const [stopping, other] = [openCloneShop(yard, { pace }), openCloneShop(yard)];
    const id = await clone(stopping);
    await stopping.jobs.run();
    await reached;
    await stopping.jobs.stop();
    expect(await failureOf()).toEqual({ failure: null, attempts: 0 });
    expect(stopping.heard).toEqual(['job left']);
    expect(await yard.files()).toEqual([source]);
    await stopping.jobs.run();
    expect(await lastJob()).toMatchObject({ state: 'started' });
    await other.finishJobs();
    expect((await yard.content(id)).equals(CONTENT)).toBe(true);
  });

  it('stops when the clone is removed, and leaves nothing', async () => {
    const { pace, reached } = heldUp();
    const shop = openCloneShop(yard, { pace });
    const id = await clone(shop);
    await shop.jobs.run();
    await reached;
    await takeOut(id);
    await replica.sweep.run();
    await shop.leases.renew();
    await shop.jobs.idle();
    expect(shop.heard).toEqual(['job dropped']);
    expect(await lastJob()).toMatchObject({ state: 'error' });
    await expectOnlySource();
  });

  it('does a few of one tenant at once, and the rest afterwards', async () => {
    const { pace, reached, through } = heldUp();
    const shop = openCloneShop(yard, { pace, atOnce: 8 });
    for (let one = 0; one < 5; one += 1) await clone(shop);
    await shop.jobs.run();
    await reached;
    await shop.jobs.run();
    const held = await rowsOf(
      yard.depot.url,
      `select id from media where state = 'cloning' and lease_holder is not null`,
    );
    expect(held).toHaveLength(2);
    through.open();
    await shop.finishJobs();
    expect(await yard.states()).toEqual(Array.from({ length: 6 }, () => 'ready'));
  });

  it('begins the job of another tenant before all others of the one that came first', async () => {
    const { pace, reached, through } = heldUp();
    const shop = openCloneShop(yard, { pace, atOnce: 2 });
    const [, other] = [await clone(shop), await clone(shop), await clone(shop)];
    await yard.depot.knex.raw('update jobs set tenant = ? where target_media <> ?', [1, other]);
    const last = await clone(shop);
    await yard.depot.knex.raw('update jobs set tenant = ? where target_media in (?, ?)', [2, other, last]);
    await shop.jobs.run();
    await reached;
    await shop.jobs.run();
    const held = await rowsOf(
      yard.depot.url,
      `select tenant from jobs join media on media.id = target_media where lease_holder is not null order by tenant`,
    );
    expect(held).toEqual([{ tenant: '1' }, { tenant: '2' }]);
    through.open();
    await shop.finishJobs();
  });

  it('tells how many bytes are really copied', async () => {
    let moments = 0;
    const { pace, reached, through } = heldUp();
    let chunks = 0;
    const afterTwo: Pace = {
      take: async (moved, signal) => {
        chunks += 1;
        if (chunks > 1) await pace.take(moved, signal);
      },
    };
    const shop = openCloneShop(yard, { pace: afterTwo, clock: { now: () => (moments += 10_000) } });
    await clone(shop);
    await shop.jobs.run();
    await reached;
    expect(await lastJob()).toMatchObject({ state: 'started', copied: 1024 * 1024, total: CONTENT.length });
    through.open();
    await shop.jobs.idle();
    expect(await lastJob()).toMatchObject({ state: 'success', copied: CONTENT.length });
  });

  it('knows that it succeeded when only the answer to its last COMMIT was lost', async () => {
    const stores = watched(yard.stores, { afterCommit: () => yard.wire.cutAt('COMMIT', 'after') });
    // Else the next job would be looked for meanwhile, in a transaction of its own.
    const shop = openCloneShop(yard, { stores, atOnce: 1 });
    const id = await clone(shop);
    await shop.jobs.run();
    await shop.jobs.idle();
    expect(await lastJob()).toMatchObject({ state: 'success' });
    expect((await yard.content(id)).equals(CONTENT)).toBe(true);
  });

  it('ends with the group that the clone was for', async () => {
    const shop = openCloneShop(yard);
    await clone(shop);
    await yard.depot.work.run(async (tx) => {
      const groups = await tx.groups.lockTree(yard.group.id);
      await tx.media.beginRemovalOf(groups);
      const [used] = await tx.usage.ofPathEverywhere([yard.group.id]);
      await tx.usage.giveBack(yard.top.path, ONE, used!.used, used!.items);
      await tx.groups.remove(groups);
    });
    await replica.sweep.run();
    await shop.finishJobs();
    await replica.sweep.run();
    await yard.expectNothing();
  });
});
