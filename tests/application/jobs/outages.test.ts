import type { Caller } from '../../../src/domain/access/caller.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/byte-sources.ts';
import { openCloneShop, type CloneShop } from '../../support/clone-shop.ts';
import type { Gate } from '../../support/gate.ts';
import { heldUp } from '../../support/held-pace.ts';
import { makeUser } from '../../support/people.ts';
import { rowsOf } from '../../support/postgres.ts';
import { startReplica } from '../../support/replica.ts';
import { until } from '../../support/until.ts';
import { openYard, orderOf, type Yard } from '../../support/yard.ts';

const CONTENT = patterned(3_000_000);

describe('RunJobs, after the database was away', () => {
  let yard: Yard;
  let ann: Caller;
  let source: MediaId;
  beforeEach(async () => {
    yard = await openYard();
    ann = await makeUser(yard.depot, 'ann', yard.group.id, 'velocity.media.list', 'velocity.media.create');
    const order = { ...orderOf(yard, CONTENT.length), type: 'DISK', readOnly: false };
    source = await startReplica(yard).upload.run(yard.root, order, () => sourceOf(CONTENT), NEVER);
  });
  afterEach(async () => yard.close());

  async function clone(shop: CloneShop): Promise<MediaId> {
    return (await shop.clone.run(ann, source, {})).id;
  }

  /** How the only job stands. */
  async function job(): Promise<unknown> {
    return (await rowsOf(yard.depot.url, 'select state, attempts, failure from jobs'))[0];
  }

  async function expectWhole(id: MediaId): Promise<void> {
    expect(await job()).toMatchObject({ state: 'success' });
    expect((await yard.content(id)).equals(CONTENT)).toBe(true);
  }

  /** A job that somebody is at, and has had no chance to renew the lease on. */
  async function beginJob(): Promise<{ readonly busy: CloneShop; readonly through: Gate; readonly id: MediaId }> {
    const { pace, reached, through } = heldUp();
    const busy = openCloneShop(yard, { pace });
    const id = await clone(busy);
    await busy.jobs.run();
    await reached;
    return { busy, through, id };
  }

  /**
   * Lets the database be away for so long that all leases have ended; answers somebody who looked
   * for jobs before and during that.
   */
  async function endure(): Promise<CloneShop> {
    const other = openCloneShop(yard);
    for (let look = 0; look < 3; look += 1) await other.jobs.run();
    yard.wire.cut();
    await expect(other.jobs.run()).rejects.toMatchObject({ code: 'unavailable' });
    await yard.depot.knex.raw(`update media set lease_until = now() - interval '1 hour' where state = 'cloning'`);
    yard.wire.mend();
    return other;
  }

  it('gives whoever is at a job the time to renew their lease, so that nobody else begins it too', async () => {
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

  it('takes over from whoever stays silent', async () => {
    const { busy, through, id } = await beginJob();
    const other = await endure();
    await other.finishJobs();
    expect(await job()).toMatchObject({ attempts: 2 });
    through.open();
    await busy.jobs.idle();
    await expectWhole(id);
  });

  it('begins anew what it could not confirm in time itself', async () => {
    const { pace, reached, through } = heldUp();
    const shop = openCloneShop(yard, { pace, lease: 2 });
    const id = await clone(shop);
    await shop.jobs.run();
    await reached;
    yard.wire.cut();
    await until('the lease has ended', async () => {
      const ended = await rowsOf(yard.depot.url, 'select id from media where lease_until < clock_timestamp()');
      return ended.length > 0;
    });
    through.open();
    await shop.jobs.idle();
    expect(await job()).toMatchObject({ state: 'started' });
    yard.wire.mend();
    await shop.finishJobs();
    await expectWhole(id);
  });
});
