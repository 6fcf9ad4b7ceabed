import type { BlobStore, LocationOwner } from '../../src/application/ports/blob-store.ts';
import type { BlobId } from '../../src/domain/shared/ids.ts';

/** A location of a store, accessed without the store. */
export interface BlobLocation {
  /** Opens a store for this location that has not claimed it yet, as after a start. */
  open(): BlobStore;
  /** The size of a finished blob; null if there is none. */
  sizeOf(id: BlobId): Promise<number | null>;
  /** `length` bytes of a finished blob. */
  read(id: BlobId, from: number, length: number): Promise<Uint8Array>;
  /** Creates empty finished blobs. */
  plant(ids: readonly BlobId[]): Promise<void>;
  /** Writes to a finished blob as a hypervisor does; null in an immutable store. */
  readonly writeInPlace: ((id: BlobId) => Promise<void>) | null;
  /** Truncates a finished blob. */
  cutOff(id: BlobId, length: number): Promise<void>;
  /** Deletes the marker, as if another filesystem were mounted there. */
  deleteMarker(): Promise<void>;
  /** Everything but finished blobs and the marker: incomplete writes, drafts, open handles. */
  leftovers(): Promise<readonly string[]>;
}

/** An adapter to be tested against the contract. */
export interface BlobStoreAdapter {
  readonly name: string;
  /** Creates an empty location, and deletes it after the tests. */
  makeLocation(): Promise<BlobLocation>;
}

/** A claimed location of its own for each test. */
export interface BlobStoreFixture {
  readonly location: BlobLocation;
  readonly store: BlobStore;
  /** The owner that claimed it. */
  readonly owner: LocationOwner;
}

/** Returns the fixture of the current test. */
export type FixtureOf = () => BlobStoreFixture;
