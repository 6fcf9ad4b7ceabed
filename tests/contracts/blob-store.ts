import { randomUUID } from 'node:crypto';
import type { BlobStore } from '../../src/application/ports/blob-store.ts';
import type { BlobId, PoolId } from '../../src/domain/shared/ids.ts';
import { promiseCopies } from './blob-store-copies.ts';
import { promiseOwnPlace } from './blob-store-place.ts';
import { promiseSafeEnds } from './blob-store-ends.ts';
import { promiseStoredBlobs } from './blob-store-stock.ts';
import { promiseReads } from './blob-store-reads.ts';
import { promiseSizes } from './blob-store-sizes.ts';
import { promiseWholeWrites } from './blob-store-writes.ts';

/** Where one store keeps its blobs, seen from outside. */
export interface BlobPlace {
  /** A store over this place that has claimed nothing yet, as after a start. */
  open(): BlobStore;
  /** How many bytes a reader of a finished blob sees; null if there is none. */
  sizeOf(id: BlobId): Promise<number | null>;
  /** `length` bytes of a finished blob. */
  read(id: BlobId, from: number, length: number): Promise<Uint8Array>;
  /** Puts empty finished blobs there, behind the store's back. */
  plant(ids: readonly BlobId[]): Promise<void>;
  /** Writes to a finished blob as a hypervisor does, leaving its size as it is; null where nobody can. */
  readonly writeInPlace: ((id: BlobId) => Promise<void>) | null;
  /** Cuts a finished blob off after so many bytes, as nobody should. */
  cutOff(id: BlobId, length: number): Promise<void>;
  /** Takes the marker away, as if the wrong thing were mounted there. */
  loseMarker(): Promise<void>;
  /** Everything that is neither a finished blob nor the marker: what is half written, drafts, handles that are still open. */
  leftovers(): Promise<readonly string[]>;
}

/** What a blob store has to bring to be held to the contract. */
export interface BlobStoreAdapter {
  readonly name: string;
  /** A fresh and empty place; whoever makes it also sees to its end. */
  makePlace(): Promise<BlobPlace>;
}

/** What every test works on: a place of its own, claimed. */
export interface Bench {
  readonly place: BlobPlace;
  readonly store: BlobStore;
  /** Who claimed it. */
  readonly owner: { readonly installation: string; readonly pool: PoolId };
}

/** The bench of the test that runs at this moment. */
export type BenchOf = () => Bench;

/**
 * Holds an adapter to the contract of `BlobStore`. Every test ends with a look at what is left over. That a commit outlives a power cut can't
 * be seen from a process that goes on: it rests on the order of steps in the adapter and is not tested here.
 */
export function describeBlobStore(adapter: BlobStoreAdapter): void {
  describe(`BlobStore on ${adapter.name}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      const place = await adapter.makePlace();
      const store = place.open();
      const owner = { installation: randomUUID(), pool: 7 as PoolId };
      await store.claim({ ...owner, holdsMedia: false });
      bench = { place, store, owner };
    });
    afterEach(async () => {
      expect(await bench.place.leftovers()).toEqual([]);
    });
    const benchOf: BenchOf = () => bench;

    describe('writing', () => promiseWholeWrites(benchOf));
    describe('ending early', () => promiseSafeEnds(benchOf));
    describe('copying', () => promiseCopies(benchOf));
    describe('reading', () => promiseReads(benchOf));
    describe('changing sizes', () => promiseSizes(benchOf));
    describe('keeping', () => promiseStoredBlobs(benchOf));
    describe('the place', () => promiseOwnPlace(benchOf));
  });
}
