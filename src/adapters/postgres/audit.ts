import type { AuditRepository, AuditEventFilter } from '../../application/ports/audit-repository.ts';
import type { AuditEntry, AuditCursor, AuditSearch, Named } from '../../domain/audit/audit-entry.ts';
import type { Action, Actor, AuditEvent, Channel, Details, OwnChannel } from '../../domain/audit/audit-event.ts';
import type { GroupId, MediaId, PoolId, ServerId, TagId, UserId } from '../../domain/shared/ids.ts';
import { rows, enqueue, touch } from './query.ts';
import type { Session } from './session.ts';

interface EntryRow {
  readonly id: string;
  readonly moment: string;
  readonly action: Action;
  readonly result: string;
  readonly way: Channel;
  readonly address: string | null;
  readonly request: string | null;
  readonly actor_id: string | null;
  readonly actor_name: string | null;
  readonly user_id: string | null;
  readonly user_name: string | null;
  readonly group_id: string | null;
  readonly group_name: string | null;
  readonly pool_id: string | null;
  readonly pool_name: string | null;
  readonly media_id: MediaId | null;
  readonly media_name: string | null;
  readonly server_id: ServerId | null;
  readonly server_name: string | null;
  readonly tag_id: TagId | null;
  readonly tag_name: string | null;
  readonly details: Details;
}

/** The limits make the planner look up each row by its key, even if it expects many rows. */
const RECORD = `
  insert into audit_entries (
    action, result, way, address, request, actor_id, actor_name, user_id, user_name, group_id, group_name, pool_id, pool_name,
    media_id, media_name, server_id, server_name, tag_id, tag_name, details
  )
  select action, result, ?, ?, ?::uuid, actor_id, coalesce(?, (select name from users where id = actor_id)),
    user_id, (select name from users where id = user_id),
    coalesce(group_id, of_group), (select name from groups where id = coalesce(group_id, of_group)),
    coalesce(pool_id, of_pool), (select name from pools where id = coalesce(pool_id, of_pool)),
    media_id, media_name, server_id, (select name from servers where id = server_id),
    tag_id, (select name from tags where id = tag_id), details
  from jsonb_to_recordset(?::jsonb) as deeds (
    action text, result text, actor_id bigint, user_id bigint, group_id bigint, pool_id bigint, media_id uuid, server_id uuid, tag_id uuid, details jsonb
  )
  left join lateral (
    select name as media_name, coalesce(media.group_id, charged_to) as of_group, media.pool_id as of_pool from media where id = deeds.media_id limit 1
  ) as subject on true`;

const COLUMNS = `id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment, at, action, result, way, address, request,
  actor_id, actor_name, user_id, user_name, group_id, group_name, pool_id, pool_name, media_id, media_name,
  server_id, server_name, tag_id, tag_name, details`;

const NEWEST_FIRST = 'order by at desc, id desc limit ?';

/** Stores audit events in PostgreSQL. */
export class PostgresAudit implements AuditRepository {
  readonly #session: Session;
  readonly #ownChannel: OwnChannel;
  readonly #filter: AuditEventFilter;

  /** `ownChannel`: the channel of events without an origin. */
  constructor(session: Session, ownChannel: OwnChannel, filter: AuditEventFilter) {
    this.#session = session;
    this.#ownChannel = ownChannel;
    this.#filter = filter;
  }

  async record(by: Actor, ...events: readonly AuditEvent[]): Promise<void> {
    const { id, name, origin } = by;
    const written = this.#filter.toWrite(by, events);
    if (written.length === 0) return;
    const records = written.map((event) => ({
      action: event.action,
      result: event.result ?? 'done',
      actor_id: id,
      user_id: event.user,
      group_id: event.group,
      pool_id: event.pool,
      media_id: event.media,
      server_id: event.server,
      tag_id: event.tag,
      details: event.details ?? {},
    }));
    const { channel = this.#ownChannel, address = null, request = null } = origin ?? {};
    await enqueue(this.#session, RECORD, [channel, address, request, name ?? null, JSON.stringify(records)]);
  }

  async search(search: AuditSearch, max: number, after: AuditCursor | null): Promise<readonly AuditEntry[]> {
    const { clauses, bindings } = conditionsOf(search, after);
    const { user } = search;
    const found = await rows<EntryRow>(
      this.#session,
      user === undefined
        ? `select ${COLUMNS} from audit_entries where ${clauses} ${NEWEST_FIRST}`
        : `select * from (
             (select ${COLUMNS} from audit_entries where actor_id = ? and ${clauses} ${NEWEST_FIRST})
             union all
             (select ${COLUMNS} from audit_entries where user_id = ? and actor_id is distinct from user_id and ${clauses} ${NEWEST_FIRST})
           ) as either ${NEWEST_FIRST}`,
      user === undefined ? [...bindings, max] : [user, ...bindings, max, user, ...bindings, max, max],
    );
    return found.map(entryFrom);
  }

  async forget(days: number): Promise<number> {
    return touch(
      this.#session,
      `delete from audit_entries where id = any(array(
         select id from audit_entries where at < clock_timestamp() - make_interval(days => ?::integer)
         order by at, id limit 1000 for update skip locked
       ))`,
      [days],
    );
  }
}

function conditionsOf(
  { group, pool, media, action, result, since, until }: AuditSearch,
  after: AuditCursor | null,
): { readonly clauses: string; readonly bindings: readonly (string | number)[] } {
  const conditions: readonly (readonly [clause: string, ...bindings: readonly (string | number)[]] | null)[] = [
    group === undefined ? null : ['group_id = ?', group],
    pool === undefined ? null : ['pool_id = ?', pool],
    media === undefined ? null : ['media_id = ?', media],
    action === undefined ? null : ['action = ?', action],
    resultClause(result),
    since === undefined ? null : ['at >= ?::timestamptz', since],
    until === undefined ? null : ['at < ?::timestamptz', until],
    after === null ? null : ['(at, id) < (?::timestamptz, ?::bigint)', after.at, after.id],
  ];
  const active = conditions.filter((condition) => condition !== null);
  return {
    clauses: ['true', ...active.map(([clause]) => clause)].join(' and '),
    bindings: active.flatMap(([, ...bindings]) => bindings),
  };
}

/** The indexes of refused actions have the condition `result <> 'done'`. */
function resultClause(result: string | undefined): readonly [clause: string, ...bindings: readonly string[]] | null {
  if (result === undefined) return null;
  if (result === 'done') return [`result = 'done'`];
  return result === 'refused' ? [`result <> 'done'`] : [`result <> 'done' and result = ?`, result];
}

function entryFrom(row: EntryRow): AuditEntry {
  return {
    id: row.id,
    at: row.moment,
    action: row.action,
    result: row.result,
    channel: row.way,
    address: row.address,
    request: row.request,
    by:
      row.actor_id === null && row.actor_name === null
        ? null
        : { id: row.actor_id === null ? null : (Number(row.actor_id) as UserId), name: row.actor_name },
    user: numbered<UserId>(row.user_id, row.user_name),
    group: numbered<GroupId>(row.group_id, row.group_name),
    pool: numbered<PoolId>(row.pool_id, row.pool_name),
    media: named(row.media_id, row.media_name),
    server: named(row.server_id, row.server_name),
    tag: named(row.tag_id, row.tag_name),
    details: row.details,
  };
}

function numbered<Id extends number>(id: string | null, name: string | null): Named<Id> | null {
  return id === null ? null : { id: Number(id) as Id, name };
}

function named<Id>(id: Id | null, name: string | null): Named<Id> | null {
  return id === null ? null : { id, name };
}
