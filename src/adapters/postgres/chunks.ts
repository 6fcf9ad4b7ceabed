import type { ByteRange } from '../../application/ports/blob-chunks.ts';
import type {
  AdmissibleChunk,
  ChunkedUpload,
  ChunkLeaseId,
  ChunkRepository,
  ChunkStart,
  ChunkState,
  RecordedChunk,
} from '../../application/ports/chunk-repository.ts';
import type { LeaseTerms } from '../../application/ports/media-repository.ts';
import type { RenewedLease } from '../../application/ports/upload-repository.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import type { GroupId, InstanceId, UserId } from '../../domain/shared/ids.ts';
import type { Chunk } from '../../domain/uploads/chunks.ts';
import type { UploadId, UploadState } from '../../domain/uploads/upload.ts';
import { enqueue, firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';
import { FROM_NOW, HAS_OPEN_ITEM, RELEASE_CHANNEL, SELECT_UPLOAD, uploadFrom, type UploadRow } from './uploads.ts';

interface ChunkedRow extends UploadRow {
  readonly chunk_size: string | null;
}

interface StateRow extends ChunkedRow {
  readonly ranges: string;
  readonly leases: string;
  readonly stored: boolean;
}

interface AdmissibleRow extends StateRow {
  readonly path: readonly string[] | null;
  readonly holds: boolean;
  readonly can_write: boolean | null;
  readonly can_manage: boolean | null;
}

const SELECT = `${SELECT_UPLOAD} where uploads.id = ? and uploads.chunked`;
const STATE = `found.*, (select count(*) from upload_ranges where upload_id = found.id) as ranges,
   (select count(*) from chunk_leases where upload_id = found.id and lease_until >= clock_timestamp()) as leases,
   found.state in ('verifying', 'finished')
     or exists (select from upload_ranges where upload_id = found.id and first <= ? and past > ?) as stored`;
const ADMISSIBLE = `select ${STATE}, groups.path, exists (
     select from grants
     where user_id = ? and permission = 'velocity.media.create' and grants.group_id = any(groups.path)
   ) as holds, assignments.can_write, assignments.can_manage
   from (${SELECT}) found left join groups on groups.id = found.group_id
   left join assignments on assignments.group_id = found.group_id and assignments.pool_id = found.pool_id`;
/** The ranges that touch the new one are replaced by one range that covers them all. */
const RECORD = `with lease as (delete from chunk_leases where id = ? returning upload_id),
   recorded as (
     update uploads set received = received + ?, expires_at = ${FROM_NOW},
       state = case when received + ? = length then 'verifying' else 'open' end
     from lease where uploads.id = lease.upload_id and uploads.state = 'open' and ${HAS_OPEN_ITEM}
     returning uploads.id, uploads.state
   ), joined as (
     delete from upload_ranges using recorded where upload_id = recorded.id and (past = ? or first = ?)
     returning first, past
   ), stored as (
     insert into upload_ranges (upload_id, first, past)
     select recorded.id, least(?::bigint, min(joined.first)), greatest(?::bigint, max(joined.past))
     from recorded left join joined on true where ?::bigint > 0 group by recorded.id
     returning first, past
   )
   select recorded.state, coalesce(
     (select past from stored where first = 0),
     (select past from upload_ranges where upload_id = recorded.id and first = 0), 0) as prefix
   from recorded`;

/** Stores the chunks of uploads in PostgreSQL. */
export class PostgresChunks implements ChunkRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async begin(id: UploadId): Promise<void> {
    await enqueue(this.#session, 'update uploads set chunked = true where id = ?', [id]);
  }

  async find(id: UploadId): Promise<ChunkedUpload | null> {
    const row = await firstRow<ChunkedRow>(this.#session, SELECT, [id]);
    return row === null ? null : chunkedFrom(row);
  }

  async lock(id: UploadId): Promise<void> {
    await enqueue(this.#session, 'select from uploads where id = ? for update', [id]);
  }

  async stateOf(id: UploadId, { from }: Pick<Chunk, 'from'>): Promise<ChunkState | null> {
    const row = await firstRow<StateRow>(this.#session, `select ${STATE} from (${SELECT}) found`, [from, from, id]);
    return row === null ? null : stateFrom(row);
  }

  async stateFor(user: UserId, id: UploadId, { from }: Pick<Chunk, 'from'>): Promise<AdmissibleChunk | null> {
    const row = await firstRow<AdmissibleRow>(this.#session, ADMISSIBLE, [from, from, user, id]);
    if (row === null) return null;
    const { path, holds, can_write: write, can_manage: manage } = row;
    const state = stateFrom(row);
    return {
      ...state,
      rights: {
        group: path && { id: state.upload.group, path: path.map((one) => Number(one) as GroupId) },
        holds,
        assigned: write === null || manage === null ? null : { write, manage },
      },
    };
  }

  async isStored(id: UploadId, { from }: Pick<Chunk, 'from'>): Promise<boolean> {
    const found = await firstRow(
      this.#session,
      `select from upload_ranges where upload_id = ? and first <= ? and past > ?
       union all select from uploads where id = ? and state in ('verifying', 'finished')`,
      [id, from, from, id],
    );
    return found !== null;
  }

  async rangesOf(id: UploadId): Promise<readonly ByteRange[]> {
    const found = await rows<{ first: string; past: string }>(
      this.#session,
      'select first, past from upload_ranges where upload_id = ? order by first',
      [id],
    );
    return found.map(({ first, past }) => ({ from: bytes(Number(first)), to: bytes(Number(past)) }));
  }

  async prefixOf(id: UploadId): Promise<Bytes> {
    const row = await firstRow<{ past: string }>(
      this.#session,
      'select past from upload_ranges where upload_id = ? and first = 0',
      [id],
    );
    return bytes(Number(row?.past ?? 0));
  }

  async setChunkSize(id: UploadId, chunkSize: Bytes): Promise<void> {
    await enqueue(this.#session, 'update uploads set chunk_size = ? where id = ?', [chunkSize, id]);
  }

  async acquire(
    lease: ChunkLeaseId,
    id: UploadId,
    { from, chunkSize }: ChunkStart,
    { holder, seconds }: LeaseTerms,
  ): Promise<boolean> {
    const touched = await touch(
      this.#session,
      `with of_upload as materialized (
         select groups.id from groups where id = (select group_id from uploads where uploads.id = ?) for key share
       )
       insert into chunk_leases (id, upload_id, first, holder, lease_until)
       select ?, uploads.id, ?, ?, ${FROM_NOW} from of_upload, uploads
       where uploads.id = ? and state = 'open' and (?::bigint is null or chunk_size = ?) for key share of uploads
       on conflict (upload_id, first) do update set id = excluded.id, holder = excluded.holder,
         lease_until = excluded.lease_until, release_wanted = false
       where chunk_leases.lease_until < clock_timestamp() or chunk_leases.holder = excluded.holder`,
      [id, lease, from, holder, seconds, id, chunkSize ?? null, chunkSize ?? null],
    );
    return touched === 1;
  }

  async wantRelease(id: UploadId, { from }: Pick<Chunk, 'from'>): Promise<void> {
    await enqueue(
      this.#session,
      `with wanted as (
         update chunk_leases set release_wanted = true where upload_id = ? and first = ? returning id, holder
       )
       select pg_notify('${RELEASE_CHANNEL}', id || ' ' || holder) from wanted`,
      [id, from],
    );
  }

  async renew(
    leases: readonly ChunkLeaseId[],
    { holder, seconds }: LeaseTerms,
  ): Promise<readonly RenewedLease<ChunkLeaseId>[]> {
    const renewed = await rows<{ id: ChunkLeaseId; is_open: boolean; release_wanted: boolean }>(
      this.#session,
      `update chunk_leases set lease_until = ${FROM_NOW} where id = any(?) and holder = ?
       returning id, release_wanted,
         exists (select from uploads where id = upload_id and state = 'open' and ${HAS_OPEN_ITEM}) as is_open`,
      [seconds, leases, holder],
    );
    return renewed.map((row) => ({ id: row.id, isOpen: row.is_open, releaseWanted: row.release_wanted }));
  }

  async release(holder: InstanceId, lease?: ChunkLeaseId): Promise<void> {
    const remove = 'delete from chunk_leases where holder = ?';
    await (lease === undefined
      ? enqueue(this.#session, remove, [holder])
      : enqueue(this.#session, `${remove} and id = ?`, [holder, lease]));
  }

  async record(
    lease: ChunkLeaseId,
    id: UploadId,
    { from, to }: Chunk,
    expirySeconds: number,
  ): Promise<RecordedChunk | null> {
    const length = to - from;
    // In a statement of its own: the next one sees what the last holder of the lock recorded.
    // Acquisitions need not wait: the leases and the ranges of other chunks are other rows.
    await enqueue(this.#session, 'select from uploads where id = ? for no key update', [id]);
    const row = await firstRow<{ state: UploadState; prefix: string }>(this.#session, RECORD, [
      lease,
      length,
      expirySeconds,
      length,
      from,
      to,
      from,
      to,
      length,
    ]);
    return row === null ? null : { state: row.state, prefix: bytes(Number(row.prefix)) };
  }
}

function stateFrom(row: StateRow): ChunkState {
  const ranges = Number(row.ranges);
  return {
    upload: chunkedFrom(row),
    isStored: row.stored,
    isUntouched: ranges === 0 && row.leases === '0',
    ranges,
  };
}

function chunkedFrom(row: ChunkedRow): ChunkedUpload {
  return { ...uploadFrom(row), chunkSize: row.chunk_size === null ? null : bytes(Number(row.chunk_size)) };
}
