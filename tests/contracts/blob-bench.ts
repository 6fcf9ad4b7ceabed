import type { BlobStore, LocationOwner } from '../../src/application/ports/blob-store.ts';
import type { BlobId } from '../../src/domain/shared/ids.ts';

/** Where one store keeps its blobs, seen from outside. */
export interface BlobLocation {
  /** A store over this place that has claimed nothing yet, as after a start. */
  open(): BlobStore;
  /** How many bytes a reader of a finished blob sees; null if there is none. */
  sizeOf(id: BlobId): Promise<number | null>;
  /** `length` bytes of a finished blob. */
  read(id: BlobId, from: number, length: number): Promise<Uint8Array>;
  /** Puts empty finished blobs there, behind the store's back. */
  plant(ids: readonly BlobId[]): Promise<void>;
  /**
   * Writes to a finished blob as a hypervisor does, leaving its size as it is; null where nobody
   * can.
   */
  readonly writeInLocation: ((id: BlobId) => Promise<void>) | null;
  /** Cuts a finished blob off after so many bytes, as nobody should. */
  cutOff(id: BlobId, length: number): Promise<void>;
  /** Takes the marker away, as if the wrong thing were mounted there. */
  loseMarker(): Promise<void>;
  /**
   * Everything that is neither a finished blob nor the marker: what is half written, drafts,
   * handles that are still open.
   */
  leftovers(): Promise<readonly string[]>;
}

/** What a blob store has to bring to be held to the contract. */
export interface BlobStoreAdapter {
  readonly name: string;
  /** A fresh and empty place; whoever makes it also sees to its end. */
  makeLocation(): Promise<BlobLocation>;
}

/** What every test works on: a place of its own, claimed. */
export interface Bench {
  readonly location: BlobLocation;
  readonly store: BlobStore;
  /** Who claimed it. */
  readonly owner: LocationOwner;
}

/** The bench of the test that runs at this moment. */
export type BenchOf = () => Bench;
