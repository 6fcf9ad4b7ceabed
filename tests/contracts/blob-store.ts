import { randomUUID } from 'node:crypto';
import type { PoolId } from '../../src/domain/shared/ids.ts';
import type { BlobStoreFixture, FixtureOf, BlobStoreAdapter } from './blob-store-fixture.ts';
import { promiseCopies } from './blob-store-copies.ts';
import { promiseOwnLocation } from './blob-store-location.ts';
import { promiseSafeEnds } from './blob-store-ends.ts';
import { promiseStoredBlobs } from './blob-store-inventory.ts';
import { promiseReads } from './blob-store-reads.ts';
import { promiseSizes } from './blob-store-sizes.ts';
import { promiseWholeWrites } from './blob-store-writes.ts';

/**
 * Tests an adapter against the contract of `BlobStore`. Every test fails if it leaves anything
 * behind. That a commit survives a power failure cannot be tested from a running process: it
 * follows from the order of steps in the adapter.
 */
export function describeBlobStore(adapter: BlobStoreAdapter): void {
  describe(`BlobStore on ${adapter.name}`, () => {
    let fixture: BlobStoreFixture;
    beforeEach(async () => {
      const location = await adapter.makeLocation();
      const store = location.open();
      const owner = { installation: randomUUID(), pool: 7 as PoolId, location: 0 };
      await store.claim({ ...owner, holdsMedia: false });
      fixture = { location, store, owner };
    });
    afterEach(async () => {
      expect(await fixture.location.leftovers()).toEqual([]);
    });
    const fixtureOf: FixtureOf = () => fixture;

    describe('writing', () => promiseWholeWrites(fixtureOf));
    describe('cancelling', () => promiseSafeEnds(fixtureOf));
    describe('copying', () => promiseCopies(fixtureOf));
    describe('reading', () => promiseReads(fixtureOf));
    describe('resizing', () => promiseSizes(fixtureOf));
    describe('storing', () => promiseStoredBlobs(fixtureOf));
    describe('the location', () => promiseOwnLocation(fixtureOf));
  });
}
