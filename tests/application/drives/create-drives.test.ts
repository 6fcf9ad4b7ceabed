import { CreateDrives } from '../../../src/application/drives/create-drives.ts';
import type { DriveView } from '../../../src/application/drives/drive-view.ts';
import type { DriveOrder } from '../../../src/application/drives/planned-drives.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { NEVER } from '../../support/files/byte-sources.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startReplica } from '../../support/program/replica.ts';
import { withHooks, type StoreHooks } from '../../support/fixtures/store-hooks.ts';
import { openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const NAMES = ['one', 'two', 'three'];

describe('CreateDrives', () => {
  let fixture: DepotFixture;
  let ann: Caller;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
  });
  afterEach(async () => fixture.close());

  /** Creates three drives; `moments` run at steps of the disk. */
  async function make(moments: StoreHooks = {}, names = NAMES, signal = NEVER): Promise<readonly DriveView[]> {
    const stores = withHooks(fixture.stores, moments);
    const { ingest } = startReplica(fixture, { stores });
    const orders = names.map((text): DriveOrder => {
      const label = { text, meta: {}, shareable: false, affinities: [] };
      return { label, size: bytes(1000), optical: false };
    });
    return new CreateDrives({ work: fixture.work, pools: fixture.pools, ingest }).run(ann, orders, signal);
  }

  function times<T>(skip: number, then: () => T): () => T | undefined {
    let left = skip;
    return () => (left-- > 0 ? undefined : then());
  }

  it('returns the drives in the order of the request', async () => {
    expect((await make()).map(({ label }) => label.text)).toEqual(NAMES);
    expect(await fixture.used()).toBe(3000);
  });

  it('creates none if the disk fails midway: no rows, names, files and usage remain', async () => {
    const broken = {
      beforeCommit: times(1, () => {
        throw new Error('the disk broke');
      }),
    };
    await expect(make(broken)).rejects.toThrow('the disk broke');
    await fixture.expectNothing();
    await make();
    const names = await rowsOf(fixture.depot.url, 'select name from media order by name');
    expect(names.map(({ name }) => name)).toEqual([...NAMES].sort());
  });

  it('creates none if the client hangs up midway', async () => {
    const gone = new AbortController();
    const leaving = { afterCommit: () => gone.abort(new Error('hung up')) };
    await expect(make(leaving, NAMES, gone.signal)).rejects.toThrow('hung up');
    await fixture.expectNothing();
  });

  it('hides all of them, even if their bytes cannot be deleted yet', async () => {
    const stuck = {
      beforeCommit: times(2, () => {
        throw new Error('the disk broke');
      }),
      beforeRemove: () => {
        throw new Error('the disk is still broken');
      },
    };
    await expect(make(stuck)).rejects.toThrow('the disk broke');
    expect(await fixture.states()).toEqual(['removing', 'removing', 'removing']);
    expect(await fixture.used()).toBe(0);
    await startReplica(fixture).sweep.run();
  });

  it('creates none if one of them is removed meanwhile', async () => {
    const removing = {
      afterCommit: times(2, async () => {
        await fixture.depot.knex.raw(
          `update media set state = 'removing', group_id = null where id = (select media_id from media_labels where label = 'two')`,
        );
        await fixture.depot.knex.raw('update usage set used = used - 1000, items = items - 1');
      }),
    };
    await expect(make(removing)).rejects.toMatchObject({ code: 'media-not-found' });
    await fixture.expectNothing();
  });

  it('creates all of them if only the reply of the database is lost', async () => {
    const unlucky = { afterCommit: times(2, () => fixture.wire.cutAt('COMMIT', 'after')) };
    const made = await make(unlucky);
    expect(made.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
  });

  it('creates none if the quota suffices for some of them only', async () => {
    await fixture.setQuota(fixture.top.id, bytes(2999));
    await expect(make()).rejects.toMatchObject({ code: 'quota-exceeded' });
    await fixture.expectNothing();
  });

  it('gives drives with one label different file names', async () => {
    await make({}, ['same', 'same']);
    const names = (await rowsOf(fixture.depot.url, 'select name from media')).map(({ name }) => String(name));
    expect(new Set(names).size).toBe(2);
    expect(names.every((name) => /^same(-[0-9a-f]{8})?$/.test(name))).toBe(true);
  });
});
