import type {
  ClaimedImport,
  ImportRepository,
  NewImport,
  SourceFacts,
} from '../../application/ports/import-repository.ts';
import type { TenantOrder } from '../../application/ports/job-repository.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import { checksumText, requireChecksum, type Checksum } from '../../domain/imports/checksum.ts';
import type { ImportPhase } from '../../domain/jobs/job.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import type { InstanceId, JobId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { enqueue, firstRow, touch } from './query.ts';
import type { Session } from './session.ts';
import { FROM_NOW, HAS_OPEN_ITEM } from './uploads.ts';

interface ClaimedRow {
  readonly job_id: string;
  readonly upload_id: string;
  readonly tenant: string;
  readonly url: string;
  readonly checksum: string | null;
  readonly checksum_url: string | null;
  readonly max_bytes: string | null;
  readonly validator: string | null;
  readonly is_length_known: boolean | null;
  readonly tries: number;
  readonly age_seconds: string;
  readonly owner_id: string | null;
  readonly owner_uuid: string;
  readonly owner_name: string | null;
}

/** SQL: whether a process has the lease of an upload that still waits for bytes. */
const IS_HELD = `holder = ? and lease_until is not null and state = 'open' and ${HAS_OPEN_ITEM}`;

/** Stores imports in PostgreSQL. */
export class PostgresImports implements ImportRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert({ job, upload, owner, tenant, url, checksum, checksumUrl, maxBytes }: NewImport): Promise<void> {
    // The workers that copy never find a job that is due at infinity, in no release.
    await enqueue(
      this.#session,
      `with imported as (update uploads set imported = true where id = ?), job as (
         insert into jobs (id, operation, owner, tenant, source_media, target_media, total, due_at, group_id)
         values (?, 'import', ?, ?, ?, ?, 0, 'infinity', (select group_id from media where id = ?)) returning id
       )
       insert into imports (job_id, upload_id, tenant, url, checksum, checksum_url, max_bytes)
       select id, ?, ?, ?, ?, ?, ? from job`,
      [
        ...[upload, job, owner, tenant, upload, upload, upload],
        ...[upload, tenant, url, checksum && checksumText(checksum), checksumUrl, maxBytes],
      ],
    );
  }

  async claim({ excluded, served }: TenantOrder, holdSeconds: number): Promise<ClaimedImport | null> {
    // Finds the tenants one by one along the index, however many imports each has.
    const row = await firstRow<ClaimedRow>(
      this.#session,
      `with recursive tenants (tenant) as (
         select min(tenant) from imports
         union all
         select (select min(imports.tenant) from imports where imports.tenant > tenants.tenant)
         from tenants where tenant is not null
       ), due as (
         select due.job_id
         from (
           select tenant from tenants where tenant <> all(?::bigint[])
           order by coalesce(array_position(?::bigint[], tenant), 0)
         ) as turns cross join lateral (
           select job_id from imports
           where imports.tenant = turns.tenant and due_at <= clock_timestamp() and not exists (
             select from uploads where uploads.id = upload_id and lease_until >= clock_timestamp()
           )
           order by due_at, job_id limit 1 for update of imports skip locked
         ) as due
         limit 1
       ), claimed as (
         update imports set due_at = ${FROM_NOW} from due where imports.job_id = due.job_id returning imports.*
       ), begun as (
         update jobs set attempts = attempts + 1 from claimed where jobs.id = claimed.job_id
         returning jobs.id, owner, extract(epoch from clock_timestamp() - created_at) as age_seconds
       )
       select claimed.job_id, upload_id, claimed.tenant, url, checksum, checksum_url, max_bytes, validator, is_length_known, tries,
              age_seconds, users.id as owner_id, owner as owner_uuid, users.name as owner_name
       from claimed join begun on begun.id = claimed.job_id left join users on users.uuid = owner`,
      [excluded, served, holdSeconds],
    );
    return row === null ? null : claimedFrom(row);
  }

  async enter(job: JobId, phase: ImportPhase): Promise<void> {
    await touch(this.#session, 'update imports set phase = ? where job_id = ?', [phase, job]);
  }

  async learnChecksum(job: JobId, upload: UploadId, checksum: Checksum): Promise<void> {
    const text = checksumText(checksum);
    await touch(
      this.#session,
      `with found as (update imports set checksum = ? where job_id = ?) update media set source_checksum = ? where id = ?`,
      [text, job, text, upload],
    );
  }

  async begin(job: JobId, upload: UploadId, holder: InstanceId, facts: SourceFacts): Promise<boolean> {
    const { validator, isLengthKnown, length } = facts;
    const touched = await touch(
      this.#session,
      `with begun as (
         update uploads set length = ?, received = 0 where id = ? and ${IS_HELD} returning id
       ), item as (
         update media set size = ? from begun where media.id = begun.id
       ), job as (
         update jobs set total = ?, copied = 0, modified_at = clock_timestamp() from begun where jobs.id = ?
       )
       update imports set validator = ?, is_length_known = ? from begun where job_id = ?`,
      [length, upload, holder, length, length, job, validator, isLengthKnown, job],
    );
    return touched === 1;
  }

  async shorten(job: JobId, upload: UploadId, holder: InstanceId, length: Bytes): Promise<boolean> {
    const touched = await touch(
      this.#session,
      `with complete as (
         update uploads set length = ?, state = 'verifying' where id = ? and received = ? and ${IS_HELD} returning id
       ), job as (
         update jobs set total = ?, copied = ?, modified_at = clock_timestamp() from complete where jobs.id = ?
       )
       update media set size = ? from complete where media.id = complete.id`,
      [length, upload, length, holder, length, length, job, length],
    );
    return touched === 1;
  }

  async postpone(job: JobId, seconds: number, tries: number, failure: string | null): Promise<void> {
    await enqueue(
      this.#session,
      `with job as (update jobs set failure = ?, modified_at = clock_timestamp() where id = ? and state = 'started')
       update imports set due_at = ${FROM_NOW}, tries = ? where job_id = ?`,
      [failure, job, seconds, tries, job],
    );
  }
}

function claimedFrom(row: ClaimedRow): ClaimedImport {
  const { owner_id: id, owner_uuid: uuid, owner_name: name } = row;
  return {
    job: row.job_id as JobId,
    upload: row.upload_id as UploadId,
    owner: id === null || name === null ? null : { id: Number(id) as UserId, uuid: uuid as UserUuid, name },
    tenant: Number(row.tenant) as TenantId,
    url: row.url,
    checksum: row.checksum === null ? null : requireChecksum(row.checksum),
    checksumUrl: row.checksum_url,
    maxBytes: row.max_bytes === null ? null : bytes(Number(row.max_bytes)),
    validator: row.validator,
    isLengthKnown: row.is_length_known,
    tries: row.tries,
    ageSeconds: Number(row.age_seconds),
  };
}
