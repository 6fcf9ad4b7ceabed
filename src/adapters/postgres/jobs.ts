import type {
  ClaimedJob,
  JobAbout,
  JobRepository,
  NewJob,
  OpenJobs,
  Postponement,
  TenantOrder,
} from '../../application/ports/job-repository.ts';
import type { LeaseTerms } from '../../application/ports/media-repository.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import { isAboutSource, type Job, type JobEnd, type JobState } from '../../domain/jobs/job.ts';
import type { ListedJob } from '../../domain/jobs/job-listing.ts';
import type { Viewer } from '../../domain/media/media-listing.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { ImageFormat } from '../../domain/media/formats/image-format.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, JobId, MediaId, PoolId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import { LIST_START, type Batch, type FirstBatch, type ListCursor, type PageTerms } from '../../domain/shared/page.ts';
import { batchOf, momentOf, type CursorRow } from './batches.ts';
import { findListedJob, pageOfJobs } from './listed-jobs.ts';
import { mediaFrom, MEDIA_COLUMNS, type MediaRow } from './media-row.ts';
import { operationFrom, PERSISTED, persistedOperation, type PersistedOperation } from './persisted-names.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';

interface JobRow {
  readonly id: string;
  readonly operation: PersistedOperation;
  readonly state: JobState;
  readonly owner: string;
  readonly source_media: string;
  readonly target_media: string;
  readonly copied: string;
  readonly total: string;
  readonly created_at: Date;
  readonly modified_at: Date;
}

interface ClaimedRow {
  readonly operation: PersistedOperation;
  readonly attempts: number;
  readonly tenant: string;
  readonly total: string;
  readonly owner_id: string | null;
  readonly owner_uuid: string;
  readonly owner_name: string | null;
  readonly source_media: string;
  readonly source_blob: string;
  readonly pool_id: string;
  readonly place: number;
  readonly stored_bytes: string;
  readonly sha256: string | null;
  readonly fingerprint: string | null;
}

type TargetRow = MediaRow & {
  readonly format: ImageFormat;
  readonly virtual_size: string;
  readonly label: string | null;
  readonly encrypted: boolean;
};

/** SQL: an item that a job fills. */
const TO_FILL = `state in ('cloning', 'moving', '${PERSISTED.unsharing}')`;
const COLUMNS = 'id, operation, state, owner, source_media, target_media, copied, total, created_at, modified_at';

/** Its binding is a number of seconds. */
const LEASE_IS_OVER = `(lease_until is null or lease_until < clock_timestamp() - make_interval(secs => ?))`;

/** Stores jobs in PostgreSQL. */
export class PostgresJobs implements JobRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(job: NewJob): Promise<void> {
    await touch(
      this.#session,
      `insert into jobs (id, operation, owner, tenant, source_media, source_blob, target_media, total, group_id)
       values (?, ?, ?, ?, ?, ?, ?, ?, (select group_id from media where id = ?))`,
      [
        job.id,
        persistedOperation(job.operation),
        job.owner,
        job.tenant,
        job.source,
        job.sourceBlob,
        job.target,
        job.total,
        isAboutSource(job.operation) ? job.source : job.target,
      ],
    );
  }

  async order(lease: LeaseTerms, graceSeconds: number, { excluded, served }: TenantOrder): Promise<ClaimedJob | null> {
    // Finds the tenants one by one along the index, however many jobs each has.
    const due = await firstRow<{ id: JobId; target_media: MediaId }>(
      this.#session,
      `with recursive tenants (tenant) as (
         select min(tenant) from jobs where state = 'started'
         union all
         select (select min(jobs.tenant) from jobs where state = 'started' and jobs.tenant > tenants.tenant)
         from tenants where tenant is not null
       )
       select due.id, due.target_media
       from (
         select tenant from tenants where tenant <> all(?::bigint[])
         order by coalesce(array_position(?::bigint[], tenant), 0)
       ) as turns cross join lateral (
         select jobs.id, target_media from jobs left join media on media.id = target_media
         where jobs.state = 'started' and jobs.tenant = turns.tenant and due_at <= clock_timestamp() and ${LEASE_IS_OVER}
         order by due_at, jobs.id limit 1 for update of jobs skip locked
       ) as due
       limit 1`,
      [excluded, served, graceSeconds],
    );
    if (due === null) return null;
    const target = await this.#lease(due.target_media, lease, graceSeconds);
    if (target === 'held') return null;
    return this.#begin(due.id, target, lease);
  }

  /**
   * Acquires the lease of a job's target. Decides, since the leases read by `claim` may be older
   * than its lock on the job.
   */
  async #lease(id: MediaId, lease: LeaseTerms, graceSeconds: number): Promise<ClaimedJob['target'] | 'held'> {
    const row = await firstRow<TargetRow>(
      this.#session,
      `update media set lease_holder = ?, lease_until = clock_timestamp() + make_interval(secs => ?)
       where id = ? and ${TO_FILL} and ${LEASE_IS_OVER} returning ${MEDIA_COLUMNS}, format, virtual_size, label, encrypted`,
      [lease.holder, lease.seconds, id, graceSeconds],
    );
    if (row !== null) {
      const { format, virtual_size, label, encrypted } = row;
      const facts = { format, virtualSize: bytes(Number(virtual_size)), label, encrypted };
      return { media: mediaFrom(row), facts };
    }
    const unfinished = await firstRow(this.#session, `select from media where id = ? and ${TO_FILL}`, [id]);
    return unfinished === null ? null : 'held';
  }

  async #begin(id: JobId, target: ClaimedJob['target'], lease: LeaseTerms): Promise<ClaimedJob> {
    // With a target, its lease keeps other replicas away, and is ended early when its holder is
    // known to be dead.
    const rest = target === null ? lease.seconds : 0;
    const row = await firstRow<ClaimedRow>(
      this.#session,
      `with begun as (
         update jobs set attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => ?)
         where id = ? returning operation, attempts, total, owner, tenant, source_media, source_blob
       )
       select operation, attempts, total, tenant, source_media, source_blob, pool_id, place, stored_bytes, encode(sha256, 'hex') as sha256, fingerprint,
              users.id as owner_id, owner as owner_uuid, users.name as owner_name
       from begun join blobs on blobs.id = source_blob left join users on users.uuid = owner`,
      [rest, id],
    );
    if (row === null) throw new Error(`job ${id} has no source blob in the database`);
    return {
      id,
      operation: operationFrom(row.operation),
      owner:
        row.owner_id === null || row.owner_name === null
          ? null
          : { id: Number(row.owner_id) as UserId, uuid: row.owner_uuid as UserUuid, name: row.owner_name },
      tenant: Number(row.tenant) as TenantId,
      attempts: row.attempts,
      total: bytes(Number(row.total)),
      source: {
        media: row.source_media as MediaId,
        blob: row.source_blob as BlobId,
        pool: Number(row.pool_id) as PoolId,
        location: row.place,
        stored: {
          storedBytes: bytes(Number(row.stored_bytes)),
          sha256: row.sha256,
          fingerprint: row.fingerprint,
        },
      },
      target,
    };
  }

  async advance(id: JobId, copied: Bytes): Promise<void> {
    await touch(
      this.#session,
      `update jobs set copied = least(?::bigint, total), modified_at = clock_timestamp() where id = ? and state = 'started'`,
      [copied, id],
    );
  }

  async postpone(id: JobId, { holder, seconds, counts, failure }: Postponement): Promise<void> {
    const job = await firstRow<{ target_media: MediaId }>(
      this.#session,
      `select target_media from jobs where id = ? and state = 'started'`,
      [id],
    );
    if (job === null) return;
    await touch(
      this.#session,
      `update media set lease_holder = null, lease_until = null where id = ? and lease_holder = ?`,
      [job.target_media, holder],
    );
    await touch(
      this.#session,
      `update jobs set due_at = clock_timestamp() + make_interval(secs => ?), attempts = attempts - ?::integer,
              failure = ?, copied = 0, modified_at = clock_timestamp()
       where id = ? and state = 'started'`,
      [seconds, counts ? 0 : 1, failure, id],
    );
  }

  async end(id: JobId, end: JobEnd, failure: string | null, detail: object | null = null): Promise<boolean> {
    const ended = await touch(
      this.#session,
      `with erased as (delete from imports where job_id = ?)
       update jobs set state = ?, failure = ?, failure_detail = ?::jsonb, source_blob = null, modified_at = clock_timestamp(),
              copied = case when ? then total else copied end
       where id = ? and state = 'started'`,
      [id, end, failure, detail === null ? null : JSON.stringify(detail), end === 'success', id],
    );
    return ended === 1;
  }

  async find(id: JobId, owner: UserUuid): Promise<Job | null> {
    const row = await firstRow<JobRow>(this.#session, `select ${COLUMNS} from jobs where id = ? and owner = ?`, [
      id,
      owner,
    ]);
    return row === null ? null : jobFrom(row);
  }

  async list(owner: UserUuid, page: PageTerms): Promise<FirstBatch<Job>> {
    const [[count], batch] = await Promise.all([
      rows<{ total: string }>(this.#session, 'select count(*) as total from jobs where owner = ?', [owner]),
      this.#batch(owner, LIST_START, page),
    ]);
    return { total: Number(count?.total), ...batch };
  }

  async listBehind(owner: UserUuid, after: ListCursor, max: number): Promise<Batch<Job>> {
    return this.#batch(owner, after, { limit: max, offset: 0 });
  }

  async #batch(owner: UserUuid, after: ListCursor, { limit, offset }: PageTerms): Promise<Batch<Job>> {
    const found = await rows<JobRow & CursorRow>(
      this.#session,
      `select ${COLUMNS}, ${momentOf('created_at')} as at from jobs
       where owner = ? and (created_at, id) > (?::timestamptz, ?::uuid) order by created_at, id limit ?::bigint offset ?::bigint`,
      [owner, after.at, after.id, limit, offset],
    );
    return batchOf(found, found.map(jobFrom));
  }

  async page(viewer: Viewer, state: JobState | null, terms: KeysetTerms<'created'>): Promise<KeysetPage<ListedJob>> {
    return pageOfJobs(this.#session, viewer, state, terms);
  }

  async findListed(viewer: Viewer, id: JobId): Promise<ListedJob | null> {
    return findListedJob(this.#session, viewer, id);
  }

  async about(media: readonly MediaId[]): Promise<readonly JobAbout[]> {
    const found = await rows<JobRow>(
      this.#session,
      `select ${COLUMNS} from jobs
       where state = 'started' and (source_media = any(?::uuid[]) or target_media = any(?::uuid[])) order by created_at, id`,
      [media, media],
    );
    return found.map((row) => ({
      id: row.id as JobId,
      operation: operationFrom(row.operation),
      owner: row.owner as UserUuid,
      source: row.source_media as MediaId,
      target: row.target_media as MediaId,
    }));
  }

  async countOpen(max: number): Promise<OpenJobs> {
    const row = await firstRow<{ waiting: string; under_way: string }>(
      this.#session,
      `select count(*) filter (where lease_until >= clock_timestamp()) as under_way,
              count(*) filter (where lease_until >= clock_timestamp() is not true) as waiting
       from (
         select target_media from jobs where state = 'started' and due_at < 'infinity' order by due_at limit ?
       ) as open
       left join media on media.id = target_media`,
      [max],
    );
    return { waiting: Number(row?.waiting), underway: Number(row?.under_way) };
  }

  async forgetEnded(seconds: number): Promise<number> {
    return touch(
      this.#session,
      `delete from jobs where id in (
         select id from jobs where state <> 'started' and modified_at < clock_timestamp() - make_interval(secs => ?)
         order by modified_at limit 1000 for update skip locked
       )`,
      [seconds],
    );
  }
}

function jobFrom(row: JobRow): Job {
  return {
    id: row.id as JobId,
    operation: operationFrom(row.operation),
    state: row.state,
    owner: row.owner as UserUuid,
    source: row.source_media as MediaId,
    target: row.target_media as MediaId,
    copied: bytes(Number(row.copied)),
    total: bytes(Number(row.total)),
    created: row.created_at,
    modified: row.modified_at,
  };
}
