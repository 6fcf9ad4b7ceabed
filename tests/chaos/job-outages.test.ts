import type { Caller } from '../../src/domain/access/caller.ts';
import type { MediaId } from '../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../support/files/byte-sources.ts';
import { openCloneFixture, type CloneFixture } from '../support/fixtures/clone-fixture.ts';
import type { Gate } from '../support/waiting/gate.ts';
import { gatedRateLimiter } from '../support/fixtures/gated-rate-limiter.ts';
import { makeUser } from '../support/fixtures/users.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { startReplica } from '../support/program/replica.ts';
import { until } from '../support/waiting/until.ts';
import { openDepotFixture, orderOf, type DepotFixture } from '../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(3_000_000);

describe('RunJobs, after an outage of the database', () => {
  let fixture: DepotFixture;
  let ann: Caller;
  let source: MediaId;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
    const order = { ...orderOf(fixture, CONTENT.length), type: 'DISK', readOnly: false };
    source = await startReplica(fixture).upload.run(fixture.root, order, () => sourceOf(CONTENT), NEVER);
  });
  afterEach(async () => fixture.close());

  async function clone(cloneFixture: CloneFixture): Promise<MediaId> {
    return (await cloneFixture.clone.run(ann, source, {})).id;
  }

  /** Returns the state of the only job. */
  async function job(): Promise<unknown> {
    return (await rowsOf(fixture.depot.url, 'select state, attempts, failure from jobs'))[0];
  }

  async function expectWhole(id: MediaId): Promise<void> {
    expect(await job()).toMatchObject({ state: 'success' });
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
  }

  /** Starts a job whose worker cannot renew its lease. */
  async function beginJob(): Promise<{ readonly busy: CloneFixture; readonly through: Gate; readonly id: MediaId }> {
    const { rateLimiter, reached, through } = gatedRateLimiter();
    const busy = openCloneFixture(fixture, { rateLimiter });
    const id = await clone(busy);
    await busy.jobs.run();
    await reached;
    return { busy, through, id };
  }

  /**
   * Interrupts the database until all leases have expired. Returns a worker that looked for jobs
   * before and during the outage.
   */
  async function endure(): Promise<CloneFixture> {
    const other = openCloneFixture(fixture);
    for (let look = 0; look < 3; look += 1) await other.jobs.run();
    fixture.wire.cut();
    await expect(other.jobs.run()).rejects.toMatchObject({ code: 'unavailable' });
    await fixture.depot.knex.raw(`update media set lease_until = now() - interval '1 hour' where state = 'cloning'`);
    fixture.wire.mend();
    return other;
  }

  it('leaves other workers the time to renew their leases, so that no job runs twice', async () => {
    const { busy, through, id } = await beginJob();
    const other = await endure();
    await other.jobs.run();
    await other.jobs.idle();
    expect(await job()).toEqual({ state: 'started', failure: null, attempts: 1 });
    await busy.leases.renew();
    for (let look = 0; look < 3; look += 1) await other.jobs.run();
    expect(await job()).toEqual({ state: 'started', failure: null, attempts: 1 });
    through.open();
    await busy.jobs.idle();
    await expectWhole(id);
  });

  it('takes over the job of a worker that stays silent', async () => {
    const { busy, through, id } = await beginJob();
    const other = await endure();
    await other.finishJobs();
    expect(await job()).toMatchObject({ attempts: 2 });
    through.open();
    await busy.jobs.idle();
    await expectWhole(id);
  });

  it('starts a job anew that it could not confirm in time', async () => {
    const { rateLimiter, reached, through } = gatedRateLimiter();
    const cloneFixture = openCloneFixture(fixture, { rateLimiter, leaseSeconds: 2 });
    const id = await clone(cloneFixture);
    await cloneFixture.jobs.run();
    await reached;
    fixture.wire.cut();
    await until('the lease has ended', async () => {
      const ended = await rowsOf(fixture.depot.url, 'select id from media where lease_until < clock_timestamp()');
      return ended.length > 0;
    });
    through.open();
    await cloneFixture.jobs.idle();
    expect(await job()).toMatchObject({ state: 'started' });
    fixture.wire.mend();
    await cloneFixture.finishJobs();
    await expectWhole(id);
  });
});
