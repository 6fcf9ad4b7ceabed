import type { Media } from '../../domain/media/media.ts';
import type { Provenance } from '../../domain/media/provenance.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, GroupId, MediaId, PoolId, UserUuid } from '../../domain/shared/ids.ts';
import { stateFrom, type PersistedState } from './persisted-names.ts';
import type { Binding } from './session.ts';

/** A row of `MEDIA_COLUMNS`. */
export interface MediaRow {
  readonly id: string;
  readonly pool_id: string;
  readonly group_id: string | null;
  readonly blob_id: string;
  readonly stored_as: string | null;
  readonly place: number;
  readonly name: string;
  readonly type: string;
  readonly size: string;
  readonly readonly: boolean;
  readonly state: PersistedState;
  readonly created_by: string;
  readonly protected: boolean;
}

export const MEDIA_COLUMNS =
  'id, pool_id, group_id, blob_id, stored_as, place, name, type, size, readonly, state, created_by, protected';

/** Returns the media item of a row. */
export function mediaFrom(row: MediaRow): Media {
  return {
    id: row.id as MediaId,
    pool: Number(row.pool_id) as PoolId,
    group: row.group_id === null ? null : (Number(row.group_id) as GroupId),
    blob: (row.stored_as ?? row.blob_id) as BlobId,
    location: row.place,
    name: row.name,
    type: row.type,
    size: bytes(Number(row.size)),
    readOnly: row.readonly,
    state: stateFrom(row.state),
    createdBy: row.created_by as UserUuid,
    protected: row.protected,
  };
}

/** The columns of the provenance. Their bindings: `provenanceBindings`. */
export const PROVENANCE = 'provenance, source_media, source_url, source_checksum, channel';

/** Returns the bindings of a provenance. */
export function provenanceBindings(provenance: Provenance | null | undefined): readonly Binding[] {
  const { kind = null, source = null, url = null, checksum = null, channel = null } = provenance ?? {};
  return [kind, source, url, checksum, channel];
}
