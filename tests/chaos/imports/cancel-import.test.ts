import { CancelJob } from '../../../src/application/jobs/cancel-job.ts';
import type { InstanceId, JobId } from '../../../src/domain/shared/ids.ts';
import { IMPORTED, ImportFixture } from '../../support/fixtures/import-fixture.ts';
import { interruption } from '../../support/fixtures/scripted-source.ts';
import { until } from '../../support/waiting/until.ts';

const BREAKS_AT = 100_000;

describe('An import that is cancelled by another process', () => {
  let fixture: ImportFixture;
  beforeEach(async () => void (fixture = await ImportFixture.open()));
  afterEach(async () => fixture.close());

  async function cancel(job: JobId): Promise<void> {
    const uploadLeases = { holder: '1c5f5c1e-1234-4000-8000-00000000000a' as InstanceId };
    const cancelJob = new CancelJob({ work: fixture.depot.work, removals: { wake: () => undefined }, uploadLeases });
    await cancelJob.run(fixture.ann, job);
  }

  /** Expects that nothing but the job remains, and that no later run requests anything. */
  async function expectNothing(requests = fixture.source.requests.length): Promise<void> {
    await fixture.rows('update imports set due_at = clock_timestamp()');
    await fixture.run();
    expect(await fixture.job()).toMatchObject({ state: 'error', failure: 'cancelled' });
    expect(await fixture.rows('select job_id from imports')).toEqual([]);
    expect(fixture.source.requests).toHaveLength(requests);
    await fixture.replica.purge();
    await fixture.depot.expectNothing();
  }

  it('while it waits for its turn leaves nothing, and requests nothing', async () => {
    await cancel(await fixture.order());
    await expectNothing(0);
  });

  it.each([
    ['connects', { failure: interruption() }],
    ['has the head of the response, and nothing is charged', {}],
  ])('while it %s leaves nothing', async (_phase, reaction) => {
    const job = await fixture.order();
    fixture.source.script.push({ ...reaction, before: async () => cancel(job) });
    await fixture.run();
    // Where it broke off it may be requested again, before its process hears of the end.
    await expectNothing();
  });

  it.each([
    ['downloads', { breaksAfter: BREAKS_AT }],
    ['has all bytes, and nothing is verified', {}],
  ])('while it %s leaves nothing', async (_phase, reaction) => {
    const job = await fixture.order();
    fixture.source.script.push({ ...reaction, meanwhile: async () => cancel(job) });
    await fixture.run();
    // Where it broke off it may be requested again, before its process hears of the end.
    await expectNothing();
  });

  it('while it waits with its slot for another try leaves nothing', async () => {
    const job = await fixture.order();
    fixture.source.script.push({ breaksAfter: BREAKS_AT }, { failure: interruption(30) });
    const run = fixture.run();
    await until('it waits', () => fixture.source.requests.length === 2);
    await cancel(job);
    await run;
    await expectNothing(2);
  });

  it('while it waits without a slot for another try leaves nothing', async () => {
    const job = await fixture.order();
    fixture.source.script.push({ breaksAfter: BREAKS_AT }, { failure: interruption(300) });
    await fixture.run();
    expect(await fixture.depot.used()).toBe(IMPORTED.length);
    await cancel(job);
    await expectNothing(2);
  });

  it('while another one verifies ends before or after it, and never in between', async () => {
    const job = await fixture.order();
    fixture.source.script.push({ meanwhile: async () => Promise.resolve(void cancelling.push(cancel(job))) });
    const cancelling: Promise<void>[] = [];
    await fixture.run();
    const [outcome] = await Promise.allSettled(cancelling);
    if (outcome!.status === 'fulfilled') {
      await expectNothing(1);
    } else {
      expect(outcome!.reason).toMatchObject({ code: 'job-ended' });
      await fixture.expectItem();
    }
  });
});
