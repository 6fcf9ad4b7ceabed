import type { BlobUse, LeaseTerms, MediaRepository, NewMedia } from '../../application/ports/media-repository.ts';
import type { ImageFormat } from '../../domain/media/formats/image-format.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { ListedMedia, Media, StoredBlob, StoredMedia } from '../../domain/media/media.ts';
import type { MediaState } from '../../domain/media/media-states.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { foldCase } from '../../domain/shared/fold-case.ts';
import {
  ROOT_GROUP,
  type BlobId,
  type GroupId,
  type InstanceId,
  type MediaId,
  type PoolId,
} from '../../domain/shared/ids.ts';
import { LIST_START, type Batch, type ListCursor } from '../../domain/shared/page.ts';
import { MAX_BATCH_ITEMS, momentOf } from './batches.ts';
import { mediaFrom, MEDIA_COLUMNS, PROVENANCE, provenanceBindings, type MediaRow } from './media-row.ts';
import { stateFrom, type PersistedState } from './persisted-names.ts';
import { firstRow, rows, enqueue, touch } from './query.ts';
import type { Binding, Session } from './session.ts';

type FactsRow = MediaRow & {
  readonly sha256: string | null;
  readonly format: ImageFormat;
  readonly virtual_size: string;
  readonly label: string | null;
  readonly encrypted: boolean;
};

interface BlobRow {
  readonly stored_bytes: string;
  readonly sha256: string | null;
  readonly fingerprint: string | null;
  readonly damaged: boolean;
}

type ListedRow = Omit<ListedMedia, 'facts'> & ImageFacts;

const BLOB_COLUMNS = `stored_bytes, encode(sha256, 'hex') as sha256, fingerprint, damage is not null as damaged`;
/** SQL: a time from now. Its binding is a number of seconds. */
const FROM_NOW = `clock_timestamp() + make_interval(secs => ?)`;
/**
 * Creates a blob in the pool's current location. Its bindings are the ids of the blob and the pool.
 */
const NEW_BLOB = 'insert into blobs (id, pool_id, place) select ?, id, place from pools where id = ?';
const REMOVING = `update media set state = 'removing', group_id = null, charged_to = null, trashed_at = null`;
/** Its binding is a number of seconds. */
const LEASE_ENDED_BEFORE = `lease_until < clock_timestamp() - make_interval(secs => ?)`;

/** Stores media items in PostgreSQL. */
export class PostgresMedia implements MediaRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(media: NewMedia, lease: LeaseTerms): Promise<number> {
    const row = await firstRow<{ place: number }>(
      this.#session,
      `with blob as (${NEW_BLOB} returning id, place)
       insert into media (id, pool_id, group_id, blob_id, place, name, folded_name, type, size, readonly, state, created_by, ${PROVENANCE}, lease_holder, lease_until)
       select ?, ?, ?, blob.id, blob.place, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${FROM_NOW} from blob returning place`,
      [media.id, media.pool, ...itemBindings(media), lease.holder, lease.seconds],
    );
    if (row === null) throw new Error(`pool ${media.pool} is not in the database`);
    return row.place;
  }

  async insertClone(media: NewMedia, facts: ImageFacts, shared: BlobId | null): Promise<void> {
    if (shared === null) {
      await touch(this.#session, NEW_BLOB, [media.id, media.pool]);
    }
    await touch(
      this.#session,
      `insert into media (id, pool_id, group_id, blob_id, place, name, folded_name, type, size, readonly, state, created_by, ${PROVENANCE}, format, virtual_size, label, encrypted)
       select ?, ?, ?, blobs.id, blobs.place, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from blobs where blobs.id = ?`,
      [...itemBindings(media), facts.format, facts.virtualSize, facts.label, facts.encrypted, shared ?? media.id],
    );
  }

  async find(id: MediaId): Promise<Media | null> {
    const row = await firstRow<MediaRow>(this.#session, `select ${MEDIA_COLUMNS} from media where id = ?`, [id]);
    return row === null ? null : mediaFrom(row);
  }

  async lock(id: MediaId): Promise<Media | null> {
    const row = await firstRow<MediaRow>(this.#session, `select ${MEDIA_COLUMNS} from media where id = ? for update`, [
      id,
    ]);
    return row === null ? null : mediaFrom(row);
  }

  async findStored(id: MediaId): Promise<StoredMedia | null> {
    return this.#stored(id, '');
  }

  async lockStoredShared(id: MediaId): Promise<StoredMedia | null> {
    return this.#stored(id, 'for share of media');
  }

  async listOf(group: GroupId, after: ListCursor | null = null): Promise<Batch<ListedMedia>> {
    const { at, id } = after ?? LIST_START;
    // Reading one JSON text is faster than reading as many rows with their columns.
    const row = await firstRow<{ listed: readonly ListedRow[]; at: string | null }>(
      this.#session,
      `select coalesce(json_agg(listed), '[]') as listed, ${momentOf('max(created_at)')} as at from (
         select media.*, can_write from media left join assignments using (group_id, pool_id)
         where group_id = ? and state = 'ready' and (group_id = ${ROOT_GROUP} or can_write is not null)
           and not exists (select from library_drives where media_id = media.id)
           and (created_at, id) > (?::timestamptz, ?::uuid)
         order by created_at, id limit ${MAX_BATCH_ITEMS}
       ) as page cross join lateral (
         select page.id, pool_id as pool, name, type, size, readonly or can_write is false as "readOnly",
           format, virtual_size as "virtualSize", label, encrypted,
           exists (select from attachments where media_id = page.id) as "inUse",
           (select encode(sha256, 'hex') from blobs
            where blobs.id = blob_id and stored_bytes = size and (readonly or fingerprint is null)) as sha256
       ) as listed`,
      [group, at, id],
    );
    const listed = row?.listed ?? [];
    const lastId = listed.at(MAX_BATCH_ITEMS - 1)?.id;
    return {
      items: listed.map(({ format, virtualSize, label, encrypted, ...media }) => ({
        ...media,
        facts: { format, virtualSize, label, encrypted },
      })),
      last: lastId === undefined ? null : { at: row?.at ?? '', id: lastId },
    };
  }

  async finish(id: MediaId, holder: InstanceId, blob: StoredBlob, facts: ImageFacts): Promise<boolean> {
    const touched = await touch(
      this.#session,
      `with finished as (
         update media
         set state = 'ready', lease_holder = null, lease_until = null, format = ?, virtual_size = ?, label = ?, encrypted = ?
         where id = ? and lease_holder = ? and state in ('creating', 'uploading', 'cloning')
         returning blob_id
       )
       update blobs set stored_bytes = ?, sha256 = decode(?, 'hex'), fingerprint = ? from finished where blobs.id = finished.blob_id`,
      [
        facts.format,
        facts.virtualSize,
        facts.label,
        facts.encrypted,
        id,
        holder,
        blob.storedBytes,
        blob.sha256,
        blob.fingerprint,
      ],
    );
    return touched === 1;
  }

  async beginRemoval(id: MediaId, abandoned = false): Promise<void> {
    await enqueue(this.#session, `${REMOVING}, abandoned = ? where id = ?`, [abandoned, id]);
    await enqueue(this.#session, 'delete from attachments where media_id = ?', [id]);
  }

  async isDeleted(id: MediaId): Promise<boolean> {
    const row = await firstRow(
      this.#session,
      `select 1 from media where id = ? and state = 'removing' and not abandoned`,
      [id],
    );
    return row !== null;
  }

  async beginRemovalOf(groups: readonly GroupId[]): Promise<number> {
    const removed = await touch(this.#session, `${REMOVING} where group_id = any(?) or charged_to = any(?)`, [
      groups,
      groups,
    ]);
    // A separate statement, which sees attachments of the transactions whose locks the one above
    // waited for.
    await touch(
      this.#session,
      `delete from attachments using media where media.id = media_id and media.state = 'removing'`,
    );
    return removed;
  }

  async delayPurge(id: MediaId, seconds: number): Promise<boolean> {
    const touched = await touch(
      this.#session,
      `update media set settled_at = coalesce(settled_at, ${FROM_NOW}), lease_holder = null, lease_until = null
       where id = ? and state = 'removing' and (lease_until < clock_timestamp() or settled_at > clock_timestamp())`,
      [seconds, id],
    );
    return touched === 1;
  }

  async useOfBlob(id: MediaId): Promise<BlobUse | null> {
    const row = await firstRow<{ blob_id: string; is_borrowed: boolean; is_linked: boolean }>(
      this.#session,
      `select blob_id, stored_as is not null as is_borrowed, coalesce(settled_at > clock_timestamp(), false) as is_linked
       from media join blobs on blobs.id = blob_id
       where media.id = ? and state = 'removing' for update of blobs`,
      [id],
    );
    if (row === null) return null;
    // A separate statement, which sees changes committed while the one above waited for the lock.
    const use = await firstRow<{ is_owned: boolean; is_read: boolean }>(
      this.#session,
      `select exists (select from media where blob_id = ? and id <> ?) as is_owned,
              exists (select from jobs where source_blob = ?) as is_read`,
      [row.blob_id, id, row.blob_id],
    );
    if (use?.is_owned === true) return 'shared';
    if (use?.is_read === true) return 'read';
    if (row.is_linked) return 'linked';
    return row.is_borrowed ? 'borrowed' : 'none';
  }

  async forget(id: MediaId): Promise<{ readonly pool: PoolId; readonly size: Bytes } | null> {
    const row = await firstRow<{ pool_id: string; size: string; blob_id: string }>(
      this.#session,
      `delete from media where id = ? and state = 'removing' returning pool_id, size, blob_id`,
      [id],
    );
    if (row === null) return null;
    await enqueue(
      this.#session,
      'delete from blobs where id = ? and not exists (select from media where blob_id = blobs.id)',
      [row.blob_id],
    );
    return { pool: Number(row.pool_id) as PoolId, size: bytes(Number(row.size)) };
  }

  async renewLeases(
    ids: readonly MediaId[],
    lease: LeaseTerms,
  ): Promise<readonly { readonly id: MediaId; readonly state: MediaState }[]> {
    const renewed = await rows<{ id: MediaId; state: PersistedState }>(
      this.#session,
      `update media set lease_until = ${FROM_NOW} where id = any(?) and lease_holder = ? returning id, state`,
      [lease.seconds, ids, lease.holder],
    );
    return renewed.map(({ id, state }) => ({ id, state: stateFrom(state) }));
  }

  async endLeases(holder: InstanceId, ids?: readonly MediaId[]): Promise<void> {
    const end = `update media set lease_until = '-infinity' where lease_until is not null and lease_holder = ?`;
    await (ids === undefined
      ? touch(this.#session, end, [holder])
      : touch(this.#session, `${end} and id = any(?)`, [holder, ids]));
  }

  async abandoned(graceSeconds: number, max: number): Promise<readonly MediaId[]> {
    const found = await rows<{ id: MediaId }>(
      this.#session,
      `select id from media where state in ('creating', 'uploading') and ${LEASE_ENDED_BEFORE} order by lease_until limit ?`,
      [graceSeconds, max],
    );
    return found.map((row) => row.id);
  }

  async isAbandoned(id: MediaId, graceSeconds: number): Promise<boolean> {
    const row = await firstRow(
      this.#session,
      `select from media where id = ? and (lease_until is null or ${LEASE_ENDED_BEFORE})`,
      [id, graceSeconds],
    );
    return row !== null;
  }

  async unfinished(max: number, after: MediaId | null): Promise<readonly Media[]> {
    const found = await rows<MediaRow>(
      this.#session,
      `select ${MEDIA_COLUMNS} from media
       where state not in ('ready', 'trashed', 'removing') and (?::uuid is null or id > ?::uuid) order by id limit ?`,
      [after, after, max],
    );
    return found.map(mediaFrom);
  }

  async removable(pool: PoolId, graceSeconds: number, max: number, after: MediaId | null): Promise<readonly MediaId[]> {
    const found = await rows<{ id: MediaId }>(
      this.#session,
      `select id from media
       where pool_id = ? and state = 'removing' and (lease_until is null or ${LEASE_ENDED_BEFORE})
         and (settled_at is null or settled_at <= clock_timestamp()) and (?::uuid is null or id > ?::uuid)
       order by id limit ?`,
      [pool, graceSeconds, after, after, max],
    );
    return found.map((row) => row.id);
  }

  async #stored(id: MediaId, lock: 'for share of media' | ''): Promise<StoredMedia | null> {
    const row = await firstRow<FactsRow & BlobRow>(
      this.#session,
      `select ${MEDIA_COLUMNS.split(', ')
        .map((name) => `media.${name}`)
        .join(', ')}, format, virtual_size, label, encrypted, ${BLOB_COLUMNS}
       from media join blobs on blobs.id = blob_id where media.id = ? and state = 'ready' ${lock}`,
      [id],
    );
    if (row === null) return null;
    return { media: mediaFrom(row), blob: blobFrom(row), facts: factsFrom(row), damaged: row.damaged };
  }
}

/** The bindings of `insert` from the id to the provenance. */
function itemBindings(media: NewMedia): readonly Binding[] {
  const { id, pool, group, name, type, size, readOnly, state, createdBy, provenance } = media;
  const folded = foldCase(name);
  return [id, pool, group, name, folded, type, size, readOnly, state, createdBy, ...provenanceBindings(provenance)];
}

function blobFrom(row: BlobRow): StoredBlob {
  return { storedBytes: bytes(Number(row.stored_bytes)), sha256: row.sha256, fingerprint: row.fingerprint };
}

function factsFrom(row: FactsRow): ImageFacts {
  return {
    format: row.format,
    virtualSize: bytes(Number(row.virtual_size)),
    label: row.label,
    encrypted: row.encrypted,
  };
}
