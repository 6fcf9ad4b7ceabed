import type { BlobRecord } from '../../application/ports/examination-repository.ts';
import type { Damage } from '../../domain/media/damage.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, MediaId } from '../../domain/shared/ids.ts';

/** A row of `RECORD_COLUMNS`. */
export interface RecordRow {
  readonly id: BlobId;
  readonly place: number;
  readonly media_id: MediaId | null;
  readonly stored_bytes: string | null;
  readonly digested: boolean;
  readonly resizing: boolean;
  readonly read_only: boolean;
  readonly largest: string;
  readonly damage: Damage | null;
}

/** Columns of `blobs` joined with `OWNERS`. */
export const RECORD_COLUMNS =
  'blobs.id, blobs.place, owners.media_id, stored_bytes, sha256 is not null as digested, owners.resizing, owners.read_only, owners.largest, damage';

/** SQL: one row per blob that summarises its media items. */
export const OWNERS = `cross join lateral (
    select min(media.id::text) filter (where state in ('ready', 'resizing', 'cloning', 'trashed')) as media_id,
      coalesce(bool_or(state = 'resizing'), false) as resizing,
      coalesce(bool_and(readonly), true) as read_only,
      coalesce(max(size), 0) as largest
    from media where blob_id = blobs.id
  ) as owners`;

/** Returns the record of a row. */
export function recordFrom(row: RecordRow): BlobRecord {
  return {
    id: row.id,
    location: row.place,
    media: row.media_id,
    storedBytes: row.stored_bytes === null ? null : bytes(Number(row.stored_bytes)),
    digested: row.digested,
    resizing: row.resizing,
    readOnly: row.read_only,
    largest: bytes(Number(row.largest)),
    damage: row.damage,
  };
}
