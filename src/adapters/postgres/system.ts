import type {
  DatabaseFacts,
  EndedExamination,
  ExaminationKind,
  ExaminationResult,
  SeenReplica,
  SystemRepository,
} from '../../application/ports/system-repository.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';

interface ReplicaRow {
  readonly id: string;
  readonly version: string;
  readonly started_at: Date;
  readonly seen_at: Date;
}

interface ExaminationRow {
  readonly kind: ExaminationKind;
  readonly ended_at: Date;
  readonly result: EndedExamination['result'];
  readonly findings: string;
}

const MAX_REPLICAS = 1000;

/** Stores replicas and examinations in PostgreSQL. */
export class PostgresSystem implements SystemRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async see(id: InstanceId, version: string): Promise<void> {
    await touch(
      this.#session,
      `with gone as (
         delete from replicas where id in (
           select id from replicas where seen_at < clock_timestamp() - interval '1 day' and id <> ?
           for update skip locked
         )
       )
       insert into replicas (id, version) values (?, ?)
       on conflict (id) do update set seen_at = clock_timestamp()`,
      [id, id, version],
    );
  }

  async replicas(): Promise<readonly SeenReplica[]> {
    const found = await rows<ReplicaRow>(
      this.#session,
      `select * from replicas where seen_at > clock_timestamp() - interval '1 minute'
       order by started_at, id limit ${MAX_REPLICAS}`,
    );
    return found.map(({ id, version, started_at: startedAt, seen_at: seenAt }) => ({
      id: id as InstanceId,
      version,
      startedAt,
      seenAt,
    }));
  }

  async recordExamination(kind: ExaminationKind, { result, findings }: ExaminationResult): Promise<void> {
    await touch(
      this.#session,
      `insert into examinations (kind, ended_at, result, findings) values (?, clock_timestamp(), ?, ?)
       on conflict (kind) do update
       set ended_at = excluded.ended_at, result = excluded.result, findings = excluded.findings`,
      [kind, result, findings],
    );
  }

  async examinations(): Promise<Readonly<Partial<Record<ExaminationKind, EndedExamination>>>> {
    const found = await rows<ExaminationRow>(this.#session, 'select * from examinations');
    return Object.fromEntries(
      found.map(({ kind, ended_at: endedAt, result, findings }) => [
        kind,
        { endedAt, result, findings: Number(findings) },
      ]),
    );
  }

  async database(): Promise<DatabaseFacts> {
    const row = await firstRow<{ readonly version: string; readonly size: string }>(
      this.#session,
      `select current_setting('server_version') as version, pg_database_size(current_database()) as size`,
    );
    if (row === null) throw new Error('the database did not return its version');
    return { version: row.version, sizeBytes: Number(row.size) };
  }
}
