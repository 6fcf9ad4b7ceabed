import { CheckReadiness } from '../../../src/application/maintenance/check-readiness.ts';
import { LibraryStatus } from '../../../src/application/library/library-status.ts';
import type { BlobStores } from '../../../src/application/ports/blob-store.ts';
import { withHooks } from '../../support/fixtures/store-hooks.ts';
import { ONE, openDepotFixture, TWO, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

describe('CheckReadiness', () => {
  let fixture: DepotFixture;
  beforeEach(async () => (fixture = await openDepotFixture()));
  afterEach(async () => fixture.close());

  async function readiness(stores: BlobStores = fixture.stores): Promise<unknown> {
    return new CheckReadiness({
      work: fixture.work,
      stores,
      pools: fixture.pools,
      libraryStatus: new LibraryStatus(false),
    }).run();
  }

  const pools = (one: string, two: string): unknown => [
    { id: ONE, name: 'pool 1', state: one },
    { id: TWO, name: 'pool 2', state: two },
  ];

  it('is ready when the database and every pool respond', async () => {
    expect(await readiness()).toEqual({
      ready: true,
      database: 'usable',
      library: 'none',
      pools: pools('usable', 'usable'),
    });
  });

  it('is ready without a pool that is not the default one, and names it', async () => {
    const remount = await fixture.unmount(TWO);
    expect(await readiness()).toEqual({
      ready: true,
      database: 'usable',
      library: 'none',
      pools: pools('usable', 'unusable'),
    });
    await remount();
  });

  it('is not ready without the default pool, and ready again when it is back', async () => {
    const remount = await fixture.unmount(ONE);
    expect(await readiness()).toEqual({
      ready: false,
      database: 'usable',
      library: 'none',
      pools: pools('unusable', 'usable'),
    });
    await remount();
    expect(await readiness()).toMatchObject({ ready: true });
  });

  it('is not ready without the database, and ready again when it is back', async () => {
    fixture.wire.cut();
    expect(await readiness()).toEqual({
      ready: false,
      database: 'unusable',
      library: 'none',
      pools: pools('usable', 'usable'),
    });
    fixture.wire.mend();
    expect(await readiness()).toMatchObject({ ready: true });
  });

  it('does not wait for a pool that never responds', async () => {
    const silent = withHooks(fixture.stores, { beforeProbe: async () => new Promise(() => undefined) });
    const stores: BlobStores = {
      ...fixture.stores,
      of: (pool, location) => (pool === TWO ? silent : fixture.stores).of(pool, location),
    };
    expect(await readiness(stores)).toEqual({
      ready: true,
      database: 'usable',
      library: 'none',
      pools: pools('usable', 'unusable'),
    });
  });
});
