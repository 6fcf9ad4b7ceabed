import type { MediaState } from '../media/media-states.ts';
import type { StoredBlob } from '../media/media.ts';
import { ownBlobOf } from '../media/own-blob.ts';
import type { Bytes } from '../shared/bytes.ts';
import type { BlobId, MediaId } from '../shared/ids.ts';

/** A media item that owns a blob to be moved. */
export interface Owner {
  readonly id: MediaId;
  readonly size: Bytes;
  readonly readOnly: boolean;
  readonly state: MediaState;
  /** Whether it is attached to a server. */
  readonly attached: boolean;
}

/** A blob with all items that own it, by ascending id. */
export interface OwnedBlob {
  readonly id: BlobId;
  /** The number of its location. */
  readonly location: number;
  /** Null until the blob is complete. */
  readonly stored: StoredBlob | null;
  readonly owners: readonly Owner[];
}

/** A copy of a blob to be made in the other location. */
export interface PlannedCopy {
  /** Its id there. */
  readonly blob: BlobId;
  /** The items that will own it. */
  readonly owners: readonly MediaId[];
  /** The size to allocate if it may be written to in place; null for a read-only copy. */
  readonly room: Bytes | null;
}

/**
 * The reason why a blob cannot be moved now: it is no longer in the location, is being written or
 * removed, or is attached for writing in place.
 */
export type Blocker = 'gone' | 'under-way' | 'attached' | null;

/**
 * Returns the reason why a blob cannot be moved from `location` now, or null. `inPlace` says
 * whether hypervisors write to blobs in place.
 */
export function blockerOf(blob: OwnedBlob | null, location: number, inPlace: boolean): Blocker {
  if (blob?.location !== location) return 'gone';
  const rests = blob.stored !== null && blob.owners.length > 0 && blob.owners.every(({ state }) => isWhole(state));
  if (!rests) return 'under-way';
  return inPlace && blob.owners.some(({ readOnly, attached }) => attached && !readOnly) ? 'attached' : null;
}

/**
 * Returns the copies of a blob that the other location needs. With writes in place, a writable item
 * needs a blob of its own, under its id, so items that shared one get several. Otherwise only the
 * location changes.
 */
export function copiesOf({ id, owners }: OwnedBlob, inPlace: boolean): readonly PlannedCopy[] {
  if (!inPlace) return [{ blob: id, owners: owners.map((owner) => owner.id), room: null }];
  const writable = owners.filter(({ readOnly }) => !readOnly);
  const own = writable.map((owner) => ({ blob: ownBlobOf(owner.id), owners: [owner.id], room: owner.size }));
  const [first, ...others] = owners.filter(({ readOnly }) => readOnly);
  if (first === undefined) return own;
  const isTaken = own.some(({ blob }) => blob === id);
  const shared = {
    blob: isTaken ? ownBlobOf(first.id) : id,
    owners: [first, ...others].map((owner) => owner.id),
    room: null,
  };
  return [...own, shared];
}

/** An item in the trash has its bytes, like a finished one. */
function isWhole(state: MediaState): boolean {
  return state === 'ready' || state === 'trashed';
}

/** Returns whether two states of a blob are equal, apart from attachments. */
export function isUnchanged(before: OwnedBlob, after: OwnedBlob): boolean {
  const [one, other] = [before, after].map((blob) =>
    JSON.stringify({ ...blob, owners: blob.owners.map((owner) => ({ ...owner, attached: false })) }),
  );
  return one === other;
}
