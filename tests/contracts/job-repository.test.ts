import { randomUUID } from 'node:crypto';
import type { NewJob, TenantOrder } from '../../src/application/ports/job-repository.ts';
import type { LeaseTerms } from '../../src/application/ports/media-repository.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import { WITHOUT_HOME, type TenantId } from '../../src/domain/access/tenant.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { BlobId, InstanceId, JobId, MediaId, UserUuid } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate } from '../support/waiting/gate.ts';
import { makeUser } from '../support/fixtures/users.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { FACTS, HOLDER, insertReady, LEASE, makePools, newMedia, ONE } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const OTHER: LeaseTerms = { holder: randomUUID() as InstanceId, seconds: 60 };
const ALL = { limit: null, offset: 0 };

describe.each(UNITS_OF_WORK)('JobRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
  });
  afterEach(async () => depot.close());

  /** A job that clones a finished item of 0 bytes. */
  async function insertJob(tx: Transaction, wanted: Partial<NewJob> = {}): Promise<NewJob> {
    const source = await insertReady(tx);
    const target = newMedia({ state: 'cloning' });
    await tx.media.insertClone(target, FACTS, null);
    const job: NewJob = {
      id: randomUUID() as JobId,
      operation: 'clone',
      owner: randomUUID() as UserUuid,
      tenant: WITHOUT_HOME,
      source,
      sourceBlob: source as string as BlobId,
      target: target.id,
      total: bytes(100),
      ...wanted,
    };
    await tx.jobs.insert(job);
    return job;
  }

  async function stored(wanted: Partial<NewJob> = {}): Promise<NewJob> {
    return depot.work.run(async (tx) => insertJob(tx, wanted));
  }

  async function claim(lease = LEASE, grace = 0, order: TenantOrder = { excluded: [], served: [] }) {
    return depot.work.run(async (tx) => tx.jobs.order(lease, grace, order));
  }

  it('returns a claimed job with its source, target and requester', async () => {
    const ann = await makeUser(depot, 'ann');
    const job = await stored({ owner: ann.uuid });
    expect(await claim()).toEqual({
      id: job.id,
      operation: 'clone',
      owner: { id: ann.id, uuid: ann.uuid, name: ann.name },
      tenant: WITHOUT_HOME,
      attempts: 1,
      total: 100,
      source: {
        media: job.source,
        blob: job.sourceBlob,
        pool: ONE,
        location: 0,
        stored: { storedBytes: 0, sha256: null, fingerprint: null },
      },
      target: { media: expect.objectContaining({ id: job.target, state: 'cloning' }) as unknown, facts: FACTS },
    });
    expect(await claim()).toBeNull();
  });

  it('counts open jobs, waiting and under way, up to a maximum', async () => {
    const open = async (max = 10) => depot.work.run(async (tx) => tx.jobs.countOpen(max));
    expect(await open()).toEqual({ waiting: 0, underway: 0 });
    for (let one = 0; one < 3; one += 1) await stored();
    expect(await open()).toEqual({ waiting: 3, underway: 0 });
    const claimed = await claim();
    expect(await open()).toEqual({ waiting: 2, underway: 1 });
    const { waiting, underway } = await open(2);
    expect(waiting + underway).toBe(2);
    await depot.work.run(async (tx) => tx.jobs.end(claimed!.id, 'success', null));
    expect(await open()).toEqual({ waiting: 2, underway: 0 });
  });

  it('gives each job to one of any number of concurrent callers', async () => {
    const jobs: JobId[] = [];
    for (let one = 0; one < 4; one += 1) jobs.push((await stored()).id);
    const claimed = await Promise.all(Array.from({ length: 8 }, async () => claim()));
    const ids = claimed.flatMap((job) => (job === null ? [] : [job.id]));
    expect(new Set(ids).size).toBe(ids.length);
    for (let more = await claim(); more !== null; more = await claim()) ids.push(more.id);
    expect(ids.toSorted()).toEqual(jobs.toSorted());
  });

  it('alternates between tenants, without those that have their share', async () => {
    const [one, two, three] = [3, 1, 2] as TenantId[];
    const ids = new Map<JobId, TenantId>();
    for (const tenant of [one, one, two, one, three, two] as TenantId[]) ids.set((await stored({ tenant })).id, tenant);
    const order: TenantId[] = [];
    for (;;) {
      const job = await claim(LEASE, 0, { excluded: [three!], served: order.slice(-2) });
      if (job === null) break;
      expect(job.tenant).toBe(ids.get(job.id));
      order.push(job.tenant);
    }
    expect(order.toSorted((one, other) => one - other)).toEqual([two, two, one, one, one]);
    for (const [at, tenant] of order.slice(1, 4).entries()) expect(tenant).not.toBe(order[at]);
    expect((await claim())?.tenant).toBe(three);
    expect(await claim()).toBeNull();
  });

  it('does not wait for a concurrent claim', async () => {
    await stored();
    const [held, go] = [gate(), gate()];
    const first = depot.work.run(async (tx) => {
      const job = await tx.jobs.order(LEASE, 0, { excluded: [], served: [] });
      held.open();
      await go.opened;
      return job;
    });
    await held.opened;
    expect(await claim(OTHER)).toBeNull();
    go.open();
    expect(await first).not.toBeNull();
  });

  it('gives a job to another worker once lease and grace have ended, and not while it is renewed', async () => {
    const { id, target } = await stored();
    await claim({ holder: HOLDER, seconds: -100 });
    expect(await claim(OTHER, 1000)).toBeNull();
    await depot.work.run(async (tx) => tx.media.renewLeases([target], LEASE));
    expect(await claim(OTHER)).toBeNull();
    await depot.work.run(async (tx) => tx.media.endLeases(HOLDER));
    expect(await claim(OTHER)).toMatchObject({ id, attempts: 2 });
    expect(await depot.work.run(async (tx) => tx.media.renewLeases([target], LEASE))).toEqual([]);
  });

  it('returns a job whose target was removed, without the target', async () => {
    const [going, gone] = [await stored(), await stored()];
    await depot.work.run(async (tx) => {
      await tx.media.beginRemoval(going.target);
      await tx.media.beginRemoval(gone.target);
      await tx.media.forget(gone.target);
    });
    expect(await claim()).toMatchObject({ id: going.id, target: null, owner: null });
    expect(await claim()).toMatchObject({ id: gone.id, target: null });
  });

  it('releases a job, to begin again at once or later', async () => {
    const { id } = await stored();
    const terms = { holder: HOLDER, failure: 'unavailable' };
    await claim();
    await depot.work.run(async (tx) => tx.jobs.postpone(id, { ...terms, seconds: 0, counts: false }));
    expect(await claim()).toMatchObject({ id, attempts: 1 });
    await depot.work.run(async (tx) => tx.jobs.postpone(id, { ...terms, seconds: 0, counts: true }));
    expect(await claim(OTHER)).toMatchObject({ id, attempts: 2 });
    await depot.work.run(async (tx) =>
      tx.jobs.postpone(id, { ...terms, holder: OTHER.holder, seconds: 60, counts: true }),
    );
    expect(await claim()).toBeNull();
  });

  it('ends a lease only for its holder', async () => {
    const { id } = await stored();
    await claim();
    const terms = { holder: OTHER.holder, seconds: 0, counts: true, failure: null };
    await depot.work.run(async (tx) => tx.jobs.postpone(id, terms));
    expect(await claim(OTHER)).toBeNull();
  });

  it('records the progress of a job, and its end once', async () => {
    const { id, owner } = await stored();
    const find = async () => depot.work.run(async (tx) => tx.jobs.find(id, owner));
    await depot.work.run(async (tx) => tx.jobs.advance(id, bytes(40)));
    expect(await find()).toMatchObject({ state: 'started', copied: 40, total: 100, operation: 'clone' });
    await depot.work.run(async (tx) => tx.jobs.advance(id, bytes(4000)));
    expect(await find()).toMatchObject({ copied: 100 });
    await depot.work.run(async (tx) => tx.jobs.end(id, 'error', 'no-space'));
    await depot.work.run(async (tx) => tx.jobs.end(id, 'success', null));
    await depot.work.run(async (tx) => tx.jobs.advance(id, bytes(50)));
    expect(await find()).toMatchObject({ state: 'error', copied: 100 });
    expect(await claim()).toBeNull();
  });

  it('returns jobs to their owner only, newest last, in pages', async () => {
    const [owner, other] = [randomUUID(), randomUUID()] as [UserUuid, UserUuid];
    const ids: JobId[] = [];
    for (let one = 0; one < 3; one += 1) ids.push((await stored({ owner })).id);
    await depot.work.run(async (tx) => {
      expect((await tx.jobs.list(owner, ALL)).items.map(({ id }) => id)).toEqual(ids);
      expect(await tx.jobs.list(owner, { limit: 1, offset: 1 })).toMatchObject({ total: 3, items: [{ id: ids[1] }] });
      expect(await tx.jobs.list(other, ALL)).toEqual({ total: 0, items: [], last: null });
      expect(await tx.jobs.find(ids[0]!, other)).toBeNull();
      expect(await tx.jobs.find(ids[0]!, owner)).toMatchObject({ id: ids[0] });
    });
  });

  it('finds the jobs of items, until they have ended', async () => {
    const { id, owner, source, target } = await stored();
    await stored();
    await depot.work.run(async (tx) => {
      const about = { id, operation: 'clone', owner, source, target };
      expect(await tx.jobs.about([source])).toEqual([about]);
      expect(await tx.jobs.about([target, source])).toEqual([about]);
      expect(await tx.jobs.about([])).toEqual([]);
      await tx.jobs.end(id, 'success', null);
      expect(await tx.jobs.about([source, target])).toEqual([]);
    });
  });

  it('pins the source blob of a job until it has ended', async () => {
    const { id, source } = await stored();
    await depot.work.run(async (tx) => {
      await tx.media.beginRemoval(source);
      expect(await tx.media.useOfBlob(source)).toBe('read');
      await tx.jobs.end(id, 'success', null);
      expect(await tx.media.useOfBlob(source)).toBe('none');
    });
  });

  it('distinguishes blobs that other items share, in any state of those', async () => {
    await depot.work.run(async (tx) => {
      const source = await insertReady(tx);
      const sharing = newMedia({ state: 'cloning' });
      await tx.media.insertClone(sharing, FACTS, source as string as BlobId);
      expect(await tx.media.useOfBlob(source)).toBeNull();
      await tx.media.beginRemoval(source);
      expect(await tx.media.useOfBlob(source)).toBe('shared');
      await tx.media.forget(source);
      await tx.media.beginRemoval(sharing.id);
      expect(await tx.media.useOfBlob(sharing.id)).toBe('none');
      await tx.media.forget(sharing.id);
    });
    expect(await rowsOf(depot.url, 'select id from blobs')).toEqual([]);
  });

  it('deletes jobs that ended long ago, and no open ones', async () => {
    const [old, young, started] = [await stored(), await stored(), await stored()];
    await depot.work.run(async (tx) => {
      await tx.jobs.end(old.id, 'success', null);
      await tx.jobs.end(young.id, 'error', null);
    });
    await depot.knex.raw(`update jobs set modified_at = modified_at - interval '4 days' where id in (?, ?)`, [
      old.id,
      started.id,
    ]);
    await depot.work.run(async (tx) => {
      expect(await tx.jobs.forgetEnded(3 * 24 * 60 * 60)).toBe(1);
      expect(await tx.jobs.find(old.id, old.owner)).toBeNull();
      expect(await tx.jobs.find(young.id, young.owner)).not.toBeNull();
      expect(await tx.jobs.find(started.id, started.owner)).not.toBeNull();
    });
  });

  it('finds no item that does not exist', async () => {
    expect(await depot.work.run(async (tx) => tx.media.lockStoredShared(randomUUID() as MediaId))).toBeNull();
  });
});
