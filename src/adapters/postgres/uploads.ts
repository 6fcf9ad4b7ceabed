import type { LeaseTerms } from '../../application/ports/media-repository.ts';
import type {
  AcquiredUpload,
  OpenUploads,
  RenewedLease,
  UploadRepository,
} from '../../application/ports/upload-repository.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { StoredBlob } from '../../domain/media/media.ts';
import type { Viewer } from '../../domain/media/media-listing.ts';
import type { Provenance } from '../../domain/media/provenance.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { foldCase } from '../../domain/shared/fold-case.ts';
import type { GroupId, InstanceId, PoolId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { ListedUpload } from '../../domain/uploads/upload-listing.ts';
import type { ItemKind, Upload, UploadId, UploadState, UploadTerms } from '../../domain/uploads/upload.ts';
import { pageOfUploads } from './listed-uploads.ts';
import { PROVENANCE, provenanceBindings } from './media-row.ts';
import { enqueue, firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';

/**
 * Its payload is the id of an upload whose lease another request waits for, a space, and the id of
 * the process that holds the lease.
 */
export const RELEASE_CHANNEL = 'platter_upload_release';

/** A row of `SELECT_UPLOAD`. */
export interface UploadRow {
  readonly id: string;
  readonly creator: string;
  readonly group_id: string;
  readonly pool_id: string;
  readonly place: number | null;
  readonly name: string;
  readonly type: string | null;
  readonly readonly: boolean | null;
  readonly length: string;
  readonly sha256: string | null;
  readonly metadata: string | null;
  readonly received: string;
  readonly state: UploadState;
  readonly expires_at: Date;
  readonly chunked: boolean;
  readonly imported: boolean;
}

/** SQL: a time from now. Its binding is a number of seconds. */
export const FROM_NOW = `clock_timestamp() + make_interval(secs => ?)`;
const OPEN = `uploads.state in ('open', 'verifying')`;
/** SQL: whether the item of an upload still waits for its bytes. */
export const HAS_OPEN_ITEM = `exists (select from media where media.id = uploads.id and media.state = 'uploading')`;
/** Whether no process writes to it. */
const FREE = `(lease_until is null or lease_until < clock_timestamp())`;
const HAS_NO_CHUNK_UNDER_WAY = `not exists (
     select from chunk_leases where upload_id = uploads.id and chunk_leases.lease_until >= clock_timestamp())`;
/** A finished item may be resized, moved or cloned, and is still there. */
const STATE = `case when uploads.state = 'finished' and media.group_id is not null then 'finished'
     when ${OPEN} and media.state = 'uploading' then uploads.state else 'ended' end`;
/** SQL: uploads with the state of their items. */
export const SELECT_UPLOAD = `select uploads.id, uploads.creator, uploads.group_id, uploads.pool_id, media.place, uploads.name, uploads.type,
     uploads.readonly, uploads.length, encode(uploads.sha256, 'hex') as sha256, uploads.metadata, uploads.received, ${STATE} as state,
     uploads.expires_at, uploads.chunked, uploads.chunk_size, uploads.imported
   from uploads left join media on media.id = uploads.id`;
const EXPIRED = `uploads.state = 'open' and not imported and expires_at < clock_timestamp() and ${FREE} and ${HAS_NO_CHUNK_UNDER_WAY}`;

/** Stores uploads in PostgreSQL. */
export class PostgresUploads implements UploadRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(
    terms: UploadTerms,
    kind: ItemKind,
    expirySeconds: number,
    provenance: Provenance | null = null,
  ): Promise<number> {
    const { id, creator, group, pool, name, type, readOnly, length, sha256, metadata } = terms;
    const row = await firstRow<{ place: number }>(
      this.#session,
      `with blob as (insert into blobs (id, pool_id, place) select ?, id, place from pools where id = ? returning id, place)
       insert into media (id, pool_id, group_id, blob_id, place, name, folded_name, type, size, readonly, state, created_by, ${PROVENANCE}, resumable)
       select ?, ?, ?, blob.id, blob.place, ?, ?, ?, ?, ?, 'uploading', ?, ?, ?, ?, ?, ?, true from blob returning place`,
      [
        id,
        pool,
        id,
        pool,
        group,
        name,
        foldCase(name),
        kind.type,
        length,
        kind.readOnly,
        creator,
        ...provenanceBindings(provenance),
      ],
    );
    if (row === null) throw new Error(`pool ${pool} is not in the database`);
    await enqueue(
      this.#session,
      `insert into uploads (id, creator, group_id, pool_id, name, type, readonly, length, sha256, metadata, expires_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, decode(?, 'hex'), ?, ${FROM_NOW})`,
      [id, creator, group, pool, name, type, readOnly, length, sha256, metadata, expirySeconds],
    );
    return row.place;
  }

  async findTwin({ creator, group, pool, name, length, sha256 }: Omit<UploadTerms, 'id'>): Promise<Upload | null> {
    return this.#one(
      `uploads.creator = ? and uploads.pool_id = ? and uploads.name = ? and uploads.group_id = ? and uploads.length = ?
         and uploads.sha256 is not distinct from decode(?, 'hex') and uploads.received = 0 and not uploads.chunked and not uploads.imported
         and uploads.state = 'open' and media.state = 'uploading'`,
      [creator, pool, name, group, length, sha256],
    );
  }

  async find(id: UploadId): Promise<Upload | null> {
    return this.#one('uploads.id = ?', [id]);
  }

  async findCreator(id: UploadId): Promise<UserId | null> {
    const row = await firstRow<{ id: string }>(
      this.#session,
      'select users.id from uploads join users on users.uuid = creator where uploads.id = ?',
      [id],
    );
    return row === null ? null : (Number(row.id) as UserId);
  }

  async countOpen(creator: UserUuid): Promise<number> {
    const row = await firstRow<{ count: string }>(
      this.#session,
      `select count(*) from uploads where creator = ? and ${OPEN} and ${HAS_OPEN_ITEM}`,
      [creator],
    );
    return Number(row?.count ?? 0);
  }

  async page(viewer: Viewer, expirySeconds: number, terms: KeysetTerms<'created'>): Promise<KeysetPage<ListedUpload>> {
    return pageOfUploads(this.#session, viewer, expirySeconds, terms);
  }

  async open(): Promise<OpenUploads> {
    const row = await firstRow<{ uploads: string; bytes: string }>(
      this.#session,
      `select count(*) as uploads, coalesce(sum(received), 0) as bytes from uploads where ${OPEN} and ${HAS_OPEN_ITEM}`,
    );
    return { uploads: Number(row?.uploads ?? 0), bytes: Number(row?.bytes ?? 0) };
  }

  async acquire(id: UploadId, lease: LeaseTerms): Promise<AcquiredUpload | null> {
    const locked = await firstRow<{ holder: InstanceId | null }>(
      this.#session,
      `select holder from uploads where id = ? and (holder = ? or ${FREE}) and ${OPEN} for update`,
      [id, lease.holder],
    );
    if (locked === null) return null;
    const upload = await this.find(id);
    if (upload === null || upload.state === 'ended') return null;
    await enqueue(
      this.#session,
      `update uploads set holder = ?, lease_until = ${FROM_NOW}, release_wanted = false where id = ?`,
      [lease.holder, lease.seconds, id],
    );
    return { upload, formerHolder: locked.holder };
  }

  async wantRelease(id: UploadId): Promise<void> {
    await enqueue(
      this.#session,
      `with wanted as (
         update uploads set release_wanted = true where id = ? and lease_until is not null returning id, holder
       )
       select pg_notify('${RELEASE_CHANNEL}', id || ' ' || holder) from wanted`,
      [id],
    );
  }

  async renew(ids: readonly UploadId[], lease: LeaseTerms): Promise<readonly RenewedLease<UploadId>[]> {
    const renewed = await rows<{ id: UploadId; is_open: boolean; release_wanted: boolean }>(
      this.#session,
      `update uploads set lease_until = ${FROM_NOW} where id = any(?) and holder = ? and (lease_until is not null or state = 'ended')
       returning id, ${OPEN} and ${HAS_OPEN_ITEM} as is_open, release_wanted`,
      [lease.seconds, ids, lease.holder],
    );
    return renewed.map((row) => ({ id: row.id, isOpen: row.is_open, releaseWanted: row.release_wanted }));
  }

  async release(holder: InstanceId, ids?: readonly UploadId[]): Promise<void> {
    const end = `update uploads set lease_until = null, release_wanted = false where lease_until is not null and holder = ?`;
    await (ids === undefined
      ? touch(this.#session, end, [holder])
      : touch(this.#session, `${end} and id = any(?)`, [holder, ids]));
  }

  async record(id: UploadId, holder: InstanceId, offset: Bytes, expirySeconds: number): Promise<boolean> {
    const touched = await touch(
      this.#session,
      `update uploads
       set received = ?, expires_at = ${FROM_NOW}, state = case when length = ? then 'verifying' else 'open' end
       where id = ? and holder = ? and lease_until is not null and state = 'open' and received <= ? and ${HAS_OPEN_ITEM}`,
      [offset, expirySeconds, offset, id, holder, offset],
    );
    return touched === 1;
  }

  async finish(
    id: UploadId,
    holder: InstanceId,
    { kind, blob, facts }: { readonly kind: ItemKind; readonly blob: StoredBlob; readonly facts: ImageFacts },
    rememberSeconds: number,
  ): Promise<boolean> {
    const touched = await touch(
      this.#session,
      `with finished as (
         update uploads set state = 'finished', expires_at = ${FROM_NOW}, lease_until = null, release_wanted = false
         where id = ? and holder = ? and lease_until is not null and state = 'verifying' and ${HAS_OPEN_ITEM}
         returning id
       ), item as (
         update media set state = 'ready', type = ?, readonly = ?, format = ?, virtual_size = ?, label = ?, encrypted = ?
         from finished where media.id = finished.id returning blob_id
       )
       update blobs set stored_bytes = ?, sha256 = decode(?, 'hex'), fingerprint = ? from item where blobs.id = item.blob_id`,
      [
        rememberSeconds,
        id,
        holder,
        kind.type,
        kind.readOnly,
        facts.format,
        facts.virtualSize,
        facts.label,
        facts.encrypted,
        blob.storedBytes,
        blob.sha256,
        blob.fingerprint,
      ],
    );
    return touched === 1;
  }

  async postponeExpiry(id: UploadId, expirySeconds: number): Promise<void> {
    await enqueue(this.#session, `update uploads set expires_at = ${FROM_NOW} where id = ? and state = 'open'`, [
      expirySeconds,
      id,
    ]);
  }

  async end(id: UploadId, holder: InstanceId, rememberSeconds: number): Promise<void> {
    await enqueue(
      this.#session,
      `with held as (
         select holder from uploads where id = ? and lease_until is not null and holder <> ?
         union all select holder from chunk_leases where upload_id = ? and holder <> ? limit 1
       ), delayed as (
         update media set lease_holder = held.holder, lease_until = '-infinity'
         from held where id = ? and state = 'removing'
       )
       update uploads set state = 'ended', expires_at = ${FROM_NOW}, lease_until = null, release_wanted = false where id = ?`,
      [id, holder, id, holder, id, rememberSeconds, id],
    );
  }

  async expired(max: number): Promise<readonly UploadId[]> {
    const found = await rows<{ id: UploadId }>(
      this.#session,
      `select id from uploads where ${EXPIRED} and ${HAS_OPEN_ITEM} order by expires_at limit ?`,
      [max],
    );
    return found.map(({ id }) => id);
  }

  async isExpired(id: UploadId): Promise<boolean> {
    return (await firstRow(this.#session, `select from uploads where id = ? and ${EXPIRED}`, [id])) !== null;
  }

  async unverified(max: number, except: readonly PoolId[] = []): Promise<readonly UploadId[]> {
    const found = await rows<{ id: UploadId }>(
      this.#session,
      `select id from uploads where state = 'verifying' and not imported and pool_id <> all(?) and ${FREE} and ${HAS_OPEN_ITEM} order by random() limit ?`,
      [except, max],
    );
    return found.map(({ id }) => id);
  }

  async forget(max: number): Promise<number> {
    return touch(
      this.#session,
      `delete from uploads where id in (
         select id from uploads where expires_at < clock_timestamp() and not ${HAS_OPEN_ITEM}
         order by expires_at limit ? for update skip locked
       )`,
      [max],
    );
  }

  async #one(condition: string, bindings: readonly (string | number | null)[]): Promise<Upload | null> {
    const row = await firstRow<UploadRow>(this.#session, `${SELECT_UPLOAD} where ${condition}`, bindings);
    return row === null ? null : uploadFrom(row);
  }
}

/** Returns the upload of a row. */
export function uploadFrom(row: UploadRow): Upload {
  return {
    id: row.id as UploadId,
    creator: row.creator as UserUuid,
    group: Number(row.group_id) as GroupId,
    pool: Number(row.pool_id) as PoolId,
    location: row.place ?? 0,
    name: row.name,
    type: row.type,
    readOnly: row.readonly,
    length: bytes(Number(row.length)),
    sha256: row.sha256,
    metadata: row.metadata,
    offset: bytes(Number(row.received)),
    state: row.state,
    expiresAt: row.expires_at,
    chunked: row.chunked,
    imported: row.imported,
  };
}
