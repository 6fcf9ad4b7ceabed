import type { MediaState } from '../media/media-states.ts';
import type { StoredBlob } from '../media/media.ts';
import { ownBlobOf } from '../media/own-blob.ts';
import type { Bytes } from '../shared/bytes.ts';
import type { BlobId, MediaId } from '../shared/ids.ts';

/** Media as far as it matters to whoever moves their bytes. */
export interface Owner {
  readonly id: MediaId;
  readonly size: Bytes;
  readonly readOnly: boolean;
  readonly state: MediaState;
  /** Whether a server has them. */
  readonly attached: boolean;
}

/** A blob with all media that own it, by ascending id. */
export interface OwnedBlob {
  readonly id: BlobId;
  /** The number of the place where it lies. */
  readonly location: number;
  /** Null until the bytes are all there. */
  readonly stored: StoredBlob | null;
  readonly owners: readonly Owner[];
}

/** One copy to be made of a blob in the other place. */
export interface PlannedCopy {
  /** The id that it has there. */
  readonly blob: BlobId;
  /** Which media it is for. */
  readonly owners: readonly MediaId[];
  /**
   * How much room it has to have where it is written to in place; null where nobody writes to it.
   */
  readonly room: Bytes | null;
}

/**
 * What keeps a blob from being moved now: nothing, that it is not there any more, on its way in or
 * out, or may be written to in place.
 */
export type Blocker = 'gone' | 'under-way' | 'attached' | null;

/** `inPlace` says whether hypervisors write to the bytes where they lie. */
export function blockerOf(blob: OwnedBlob | null, location: number, inPlace: boolean): Blocker {
  if (blob?.location !== location) return 'gone';
  const rests = blob.stored !== null && blob.owners.length > 0 && blob.owners.every(({ state }) => state === 'ready');
  if (!rests) return 'under-way';
  return inPlace && blob.owners.some(({ readOnly, attached }) => attached && !readOnly) ? 'attached' : null;
}

/**
 * The copies that a blob needs in the other place. Where hypervisors write in place, writable media
 * own the file of their id, alone, for ever; whoever shared bytes with them gets others. Elsewhere
 * nothing changes but the place.
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

/** Whether two looks at a blob found the same, but for what servers have. */
export function isUnchanged(before: OwnedBlob, after: OwnedBlob): boolean {
  const [one, other] = [before, after].map((blob) =>
    JSON.stringify({ ...blob, owners: blob.owners.map((owner) => ({ ...owner, attached: false })) }),
  );
  return one === other;
}
