import { randomUUID } from 'node:crypto';
import type { PoolId } from '../../src/domain/shared/ids.ts';
import type { Bench, BenchOf, BlobStoreAdapter } from './blob-bench.ts';
import { promiseCopies } from './blob-store-copies.ts';
import { promiseOwnLocation } from './blob-store-location.ts';
import { promiseSafeEnds } from './blob-store-ends.ts';
import { promiseStoredBlobs } from './blob-store-stock.ts';
import { promiseReads } from './blob-store-reads.ts';
import { promiseSizes } from './blob-store-sizes.ts';
import { promiseWholeWrites } from './blob-store-writes.ts';

/**
 * Holds an adapter to the contract of `BlobStore`. Every test ends with a look at what is left
 * over. That a commit outlives a power cut can't be seen from a process that goes on: it rests on
 * the order of steps in the adapter and is not tested here.
 */
export function describeBlobStore(adapter: BlobStoreAdapter): void {
  describe(`BlobStore on ${adapter.name}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      const location = await adapter.makeLocation();
      const store = location.open();
      const owner = { installation: randomUUID(), pool: 7 as PoolId, location: 0 };
      await store.claim({ ...owner, holdsMedia: false });
      bench = { location, store, owner };
    });
    afterEach(async () => {
      expect(await bench.location.leftovers()).toEqual([]);
    });
    const benchOf: BenchOf = () => bench;

    describe('writing', () => promiseWholeWrites(benchOf));
    describe('ending early', () => promiseSafeEnds(benchOf));
    describe('copying', () => promiseCopies(benchOf));
    describe('reading', () => promiseReads(benchOf));
    describe('changing sizes', () => promiseSizes(benchOf));
    describe('keeping', () => promiseStoredBlobs(benchOf));
    describe('the place', () => promiseOwnLocation(benchOf));
  });
}
