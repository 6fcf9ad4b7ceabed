import type { ChangeRepository, Sharers } from '../../application/ports/change-repository.ts';
import type { LeaseTerms } from '../../application/ports/media-repository.ts';
import { DISK_FORMATS } from '../../domain/media/formats/disk-image.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { foldCase } from '../../domain/shared/fold-case.ts';
import { ROOT_GROUP, type InstanceId, type JobId, type MediaId, type UserId } from '../../domain/shared/ids.ts';
import { PERSISTED } from './persisted-names.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';
import { WITH_ASSIGNMENT } from './visible-media.ts';

/** SQL: the end of a lease that starts now. Its binding is a number of seconds. */
const LEASE_END = `clock_timestamp() + make_interval(secs => ?)`;
/** Its binding is a number of seconds. */
const LEASE_ENDED_BEFORE = `lease_until < clock_timestamp() - make_interval(secs => ?)`;
/**
 * Sets the size. The virtual size follows it, except for formats whose header contains the disk's
 * size. Its bindings: `sizeBindings`.
 */
const SIZE = `size = ?, virtual_size = case when format = any(?) then virtual_size else ? end`;
const sizeBindings = (size: Bytes): readonly [Bytes, readonly string[], Bytes] => [size, DISK_FORMATS, size];

/** Stores changes to media items in PostgreSQL. */
export class PostgresChanges implements ChangeRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async sharesBytes(id: MediaId): Promise<boolean> {
    const blob = await firstRow<{ id: string }>(
      this.#session,
      'select id from blobs where id = (select blob_id from media where id = ?) for update',
      [id],
    );
    if (blob === null) return false;
    const other = await firstRow(this.#session, 'select from media where blob_id = ? and id <> ? limit 1', [
      blob.id,
      id,
    ]);
    return other !== null;
  }

  async changeKind(
    id: MediaId,
    { type, readOnly }: { readonly type: string; readonly readOnly: boolean },
    blob: StoredBlob | null,
  ): Promise<void> {
    await touch(this.#session, 'update media set type = ?, readonly = ? where id = ?', [type, readOnly, id]);
    if (blob === null) return;
    await touch(
      this.#session,
      `update blobs set stored_bytes = ?, sha256 = decode(?, 'hex'), fingerprint = ?
       where id = (select blob_id from media where id = ?)`,
      [blob.storedBytes, blob.sha256, blob.fingerprint, id],
    );
  }

  async rename(id: MediaId, name: string, type: string): Promise<void> {
    await touch(this.#session, 'update media set name = ?, folded_name = ?, type = ? where id = ?', [
      name,
      foldCase(name),
      type,
      id,
    ]);
  }

  async insertCopy(id: MediaId, { id: original, pool, blob, createdBy }: Media): Promise<boolean> {
    const newBlob = blob === (original as string) ? id : original;
    const touched = await touch(
      this.#session,
      `with new_blob as (
         insert into blobs (id, pool_id, place) select ?, id, place from pools where id = ?
           and not exists (select from media as former where former.pool_id = pools.id and former.stored_as = ?)
         on conflict do nothing returning id, place
       )
       insert into media (id, pool_id, blob_id, place, name, folded_name, type, size, readonly, state, created_by, format, virtual_size)
       select ?, ?, new_blob.id, new_blob.place, ?, ?, 'DISK', 0, true, '${PERSISTED.unsharing}', ?, 'raw', 0 from new_blob`,
      [newBlob, pool, newBlob, id, pool, id, foldCase(id), createdBy],
    );
    return touched === 1;
  }

  async storeCopy(id: MediaId, holder: InstanceId, stored: StoredBlob): Promise<boolean> {
    const touched = await touch(
      this.#session,
      `update blobs set stored_bytes = ?, sha256 = decode(?, 'hex'), fingerprint = ?
       where id = (select blob_id from media where id = ? and state = '${PERSISTED.unsharing}' and lease_holder = ?)`,
      [stored.storedBytes, stored.sha256, stored.fingerprint, id, holder],
    );
    return touched === 1;
  }

  async unshare(of: Media, copy: Media, job: JobId): Promise<boolean> {
    if (of.blob !== (of.id as string)) {
      const exchange = `update media set blob_id = blobs.id, place = blobs.place from blobs
         where media.id in (?, ?) and blobs.id = case media.id when ? then ?::uuid else ?::uuid end`;
      await touch(this.#session, exchange, [of.id, copy.id, of.id, copy.blob, of.blob]);
      return true;
    }
    // Transactions that start to share or read the bytes wait for this lock. The statements below
    // see earlier ones.
    await firstRow(this.#session, 'select from blobs where id = ? for update', [of.blob]);
    const reader = await firstRow(this.#session, 'select from jobs where source_blob = ? and id <> ? limit 1', [
      of.blob,
      job,
    ]);
    if (reader !== null) return false;
    await touch(
      this.#session,
      `update media set blob_id = blobs.id, place = blobs.place from blobs
       where blobs.id = ? and media.blob_id = ? and media.id <> ?`,
      [copy.blob, of.blob, of.id],
    );
    return true;
  }

  async changeSize(id: MediaId, size: Bytes): Promise<void> {
    await touch(this.#session, `update media set ${SIZE} where id = ?`, [...sizeBindings(size), id]);
  }

  async beginResizing(id: MediaId, size: Bytes, lease: LeaseTerms): Promise<void> {
    await touch(
      this.#session,
      `update media set state = 'resizing', ${SIZE}, lease_holder = ?, lease_until = ${LEASE_END} where id = ?`,
      [...sizeBindings(size), lease.holder, lease.seconds, id],
    );
  }

  async endResizing(id: MediaId, holder: InstanceId, fingerprint: string | null): Promise<boolean> {
    const row = await firstRow<{ blob_id: string }>(
      this.#session,
      `update media set state = 'ready', lease_holder = null, lease_until = null
       where id = ? and lease_holder = ? and state = 'resizing' returning blob_id`,
      [id, holder],
    );
    if (row === null) return false;
    if (fingerprint !== null) {
      await touch(this.#session, 'update blobs set fingerprint = ? where id = ?', [fingerprint, row.blob_id]);
    }
    return true;
  }

  async stuck(graceSeconds: number, max: number): Promise<readonly MediaId[]> {
    const found = await rows<{ id: MediaId }>(
      this.#session,
      `select id from media where state = 'resizing' and ${LEASE_ENDED_BEFORE} order by lease_until limit ?`,
      [graceSeconds, max],
    );
    return found.map((row) => row.id);
  }

  async takeOver(id: MediaId, graceSeconds: number, lease: LeaseTerms): Promise<boolean> {
    const touched = await touch(
      this.#session,
      `update media set lease_holder = ?, lease_until = ${LEASE_END}
       where id = ? and state = 'resizing' and ${LEASE_ENDED_BEFORE}`,
      [lease.holder, lease.seconds, id, graceSeconds],
    );
    return touched === 1;
  }

  async sharersOf(id: MediaId, user: UserId, max: number): Promise<Sharers> {
    const row = await firstRow<{
      count: string;
      visible: readonly Pick<Media, 'id' | 'name'>[];
      is_read: boolean;
      stored_bytes: string | null;
    }>(
      this.#session,
      `select (select count(*) from media where blob_id = blobs.id and id <> ?) as count,
         exists (select from jobs where source_blob = blobs.id) as is_read, stored_bytes,
         (select coalesce(json_agg(clone), '[]') from (
            select media.id, media.name from media join groups on groups.id = media.group_id ${WITH_ASSIGNMENT}
            where blob_id = blobs.id and media.id <> ? and (media.group_id = ${ROOT_GROUP} or can_write is not null)
              and exists (select from grants
                where user_id = ? and permission = 'velocity.media.list' and grants.group_id = any(groups.path))
            order by media.created_at, media.id limit ?
          ) as clone) as visible
       from blobs where id = (select blob_id from media where media.id = ?)`,
      [id, id, user, max, id],
    );
    return {
      count: Number(row?.count ?? 0),
      visible: row?.visible ?? [],
      isRead: row?.is_read ?? false,
      storedBytes: bytes(Number(row?.stored_bytes ?? 0)),
    };
  }
}
