import { CheckReadiness } from '../../../src/application/maintenance/check-readiness.ts';
import { FirstPass } from '../../../src/application/library/first-pass.ts';
import type { BlobStores } from '../../../src/application/ports/blob-store.ts';
import { watched } from '../../support/watched-store.ts';
import { ONE, openYard, TWO, type Yard } from '../../support/yard.ts';

describe('CheckReadiness', () => {
  let yard: Yard;
  beforeEach(async () => (yard = await openYard()));
  afterEach(async () => yard.close());

  async function readiness(stores: BlobStores = yard.stores): Promise<unknown> {
    return new CheckReadiness(yard.work, stores, yard.pools, new FirstPass(false)).run();
  }

  const pools = (one: string, two: string): unknown => [
    { id: ONE, name: 'pool 1', state: one },
    { id: TWO, name: 'pool 2', state: two },
  ];

  it('is ready where the database and every pool answer', async () => {
    expect(await readiness()).toEqual({
      ready: true,
      database: 'usable',
      library: 'none',
      pools: pools('usable', 'usable'),
    });
  });

  it('is ready without a pool that is not the default one, and says which', async () => {
    const remount = await yard.unmount(TWO);
    expect(await readiness()).toEqual({
      ready: true,
      database: 'usable',
      library: 'none',
      pools: pools('usable', 'unusable'),
    });
    await remount();
  });

  it('is not ready without the default pool, and again once that is back', async () => {
    const remount = await yard.unmount(ONE);
    expect(await readiness()).toEqual({
      ready: false,
      database: 'usable',
      library: 'none',
      pools: pools('unusable', 'usable'),
    });
    await remount();
    expect(await readiness()).toMatchObject({ ready: true });
  });

  it('is not ready without the database, and again once that is back', async () => {
    yard.wire.cut();
    expect(await readiness()).toEqual({
      ready: false,
      database: 'unusable',
      library: 'none',
      pools: pools('usable', 'usable'),
    });
    yard.wire.mend();
    expect(await readiness()).toMatchObject({ ready: true });
  });

  it('does not wait for a pool that never answers', async () => {
    const silent = watched(yard.stores, { beforeProbe: async () => new Promise(() => undefined) });
    const stores: BlobStores = {
      ...yard.stores,
      of: (pool, place) => (pool === TWO ? silent : yard.stores).of(pool, place),
    };
    expect(await readiness(stores)).toEqual({
      ready: true,
      database: 'usable',
      library: 'none',
      pools: pools('usable', 'unusable'),
    });
  });
});
