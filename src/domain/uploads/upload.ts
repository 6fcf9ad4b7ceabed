import type { Bytes } from '../shared/bytes.ts';
import type { GroupId, MediaId, PoolId, UserUuid } from '../shared/ids.ts';
import { OPTICAL_TYPE } from '../media/label.ts';
import { DEFAULT_MEDIA_TYPE } from '../media/media.ts';
import type { ImageFacts } from '../media/formats/inspect-image.ts';

/** An upload has the id of its media item. */
export type UploadId = MediaId;

/**
 * - `open`: bytes are missing.
 * - `verifying`: all bytes are durable, the item is not finished yet.
 * - `finished`: the item is finished.
 * - `ended`: it expired, was aborted, was refused, or its item was deleted.
 */
export type UploadState = 'open' | 'verifying' | 'finished' | 'ended';

/** What of an upload is decided when it is created. */
export interface UploadTerms {
  readonly id: UploadId;
  readonly creator: UserUuid;
  readonly group: GroupId;
  readonly pool: PoolId;
  readonly name: string;
  /** Null for ISO or DISK, by the bytes. */
  readonly type: string | null;
  /** Null for true if it is an ISO, else false. */
  readonly readOnly: boolean | null;
  readonly length: Bytes;
  /** SHA-256 that the bytes must have, in lower-case hex; null for any. */
  readonly sha256: string | null;
  /** What its client sent along, in the form of its protocol; null if nothing. */
  readonly metadata: string | null;
}

/** An upload that outlives its requests. */
export interface Upload extends UploadTerms {
  /** How many bytes are durable; from the beginning, unless it is chunked. */
  readonly offset: Bytes;
  /** Whether its bytes arrive in chunks, in any order. */
  readonly chunked: boolean;
  /** Whether a job fetches its bytes from a URL: then no request sends any. */
  readonly imported: boolean;
  readonly state: UploadState;
  readonly expiresAt: Date;
  /** The number of the location, among those of its pool, that has the bytes. */
  readonly location: number;
}

/** What kind of item an upload becomes. */
export interface ItemKind {
  readonly type: string;
  readonly readOnly: boolean;
}

/** Returns the kind that an item has while its bytes are still unknown. */
export function kindBefore({ type, readOnly }: Pick<UploadTerms, 'type' | 'readOnly'>): ItemKind {
  return { type: type ?? DEFAULT_MEDIA_TYPE, readOnly: readOnly ?? type === OPTICAL_TYPE };
}

/** Returns the kind of an item by its bytes, where the order left it open. */
export function kindBy(
  terms: Pick<UploadTerms, 'type' | 'readOnly'>,
  { format }: Pick<ImageFacts, 'format'>,
): ItemKind {
  return kindBefore({
    ...terms,
    type: terms.type ?? (OPTICAL_FORMATS.has(format) ? OPTICAL_TYPE : DEFAULT_MEDIA_TYPE),
  });
}

const OPTICAL_FORMATS: ReadonlySet<string> = new Set<ImageFacts['format']>(['iso']);
