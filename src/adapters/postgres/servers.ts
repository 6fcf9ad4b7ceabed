import type {
  Detached,
  Holder,
  LostRights,
  MediaUse,
  ServerRepository,
} from '../../application/ports/server-repository.ts';
import {
  isNarrowed,
  type Attachment,
  type Device,
  type Server,
  type ServerDefinition,
  type ServerSearch,
} from '../../domain/servers/server.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId, ServerId, UserUuid } from '../../domain/shared/ids.ts';
import { LIST_START, type Batch, type FirstBatch, type ListCursor, type PageTerms } from '../../domain/shared/page.ts';
import { detachUnentitled } from './attachment-rights.ts';
import { allOf, storable, equalsOneOfEach, matchesEach, uuids, ALL, type Filter } from './filters.ts';
import { grouped } from './grouped.ts';
import { batchOf, fittingOf, type CursorRow } from './batches.ts';
import { firstRow, rows, searchedRows, touch } from './query.ts';
import type { Binding, Session } from './session.ts';

interface ServerRow {
  readonly id: ServerId;
  readonly owner: UserUuid;
  readonly name: string;
  readonly cpu: string;
  readonly memory: string;
  readonly screen_password: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly kept: Readonly<Record<string, unknown>>;
}

interface AttachmentRow {
  readonly server_id: ServerId;
  readonly media_id: MediaId;
  readonly device: Device;
  readonly controller: number;
  readonly unit: number;
  readonly boot_order: number | null;
}

const COLUMNS = 'id, owner, name, cpu, memory, screen_password, meta, kept';

/** Stores servers in PostgreSQL. */
export class PostgresServers implements ServerRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert({ id, owner, ...definition }: Omit<Server, 'attachments'>): Promise<void> {
    const touched = await touch(
      this.#session,
      `insert into servers (id, owner, name, cpu, memory, screen_password, meta, kept)
       select ?::uuid, uuid, ?, ?::bigint, ?::bigint, ?, ?::jsonb, ?::jsonb from users where uuid = ? for key share`,
      [id, ...bindingsOf(definition), owner],
    );
    if (touched === 0) throw new DomainError('user-not-found');
  }

  async find(id: ServerId, owner: UserUuid): Promise<Server | null> {
    return this.#one(`select ${COLUMNS} from servers where id = ? and owner = ?`, id, owner);
  }

  async lock(id: ServerId, owner: UserUuid): Promise<Server | null> {
    return this.#one(`select ${COLUMNS} from servers where id = ? and owner = ? for no key update`, id, owner);
  }

  async define(id: ServerId, definition: ServerDefinition): Promise<void> {
    await touch(
      this.#session,
      `update servers set name = ?, cpu = ?, memory = ?, screen_password = ?, meta = ?::jsonb, kept = ?::jsonb where id = ?`,
      [...bindingsOf(definition), id],
    );
  }

  async attach(id: ServerId, attachments: readonly Attachment[]): Promise<void> {
    await touch(this.#session, 'delete from attachments where server_id = ?', [id]);
    await touch(
      this.#session,
      `insert into attachments (server_id, media_id, device, controller, unit, boot_order)
       select ?, * from unnest(?::uuid[], ?::text[], ?::integer[], ?::integer[], ?::integer[])`,
      [
        id,
        attachments.map(({ media }) => media),
        attachments.map(({ device }) => device),
        attachments.map(({ controller }) => controller),
        attachments.map(({ unit }) => unit),
        attachments.map(({ bootOrder }) => bootOrder),
      ],
    );
  }

  async detachUnentitled(lost: LostRights): Promise<readonly Detached[]> {
    return detachUnentitled(this.#session, lost);
  }

  async remove(id: ServerId): Promise<void> {
    await touch(this.#session, 'delete from servers where id = ?', [id]);
  }

  async search(owner: UserUuid, search: ServerSearch): Promise<FirstBatch<Server>> {
    const { ask, where, values } = conditionOf(owner, search);
    const [[count], batch] = await Promise.all([
      ask<{ total: string }>(this.#session, `select count(*) as total from servers where ${where}`, values),
      this.#batch(owner, search, LIST_START, search),
    ]);
    return { total: Number(count?.total), ...batch };
  }

  async searchBehind(owner: UserUuid, search: ServerSearch, after: ListCursor, max: number): Promise<Batch<Server>> {
    return this.#batch(owner, search, after, { limit: max, offset: 0 });
  }

  async #batch(
    owner: UserUuid,
    search: ServerSearch,
    after: ListCursor,
    { limit, offset }: PageTerms,
  ): Promise<Batch<Server>> {
    const { ask, where, values } = conditionOf(owner, search);
    const page = `select *, octet_length(meta::text) + octet_length(kept::text) as bytes from servers
      where ${where} and (created_at, id) > (?::timestamptz, ?::uuid) order by created_at, id limit ?::bigint offset ?::bigint`;
    const found = await ask<ServerRow & CursorRow>(this.#session, fittingOf(page, COLUMNS), [
      ...values,
      after.at,
      after.id,
      limit,
      offset,
    ]);
    return batchOf(found, await this.#complete(found));
  }

  async usesOf(media: readonly MediaId[], owner: UserUuid): Promise<ReadonlyMap<MediaId, MediaUse>> {
    const found = await rows<{ media_id: MediaId; servers: readonly ServerId[] }>(
      this.#session,
      `select media_id, coalesce(array_agg(server_id order by created_at, server_id) filter (where owner = ?), '{}')::text[] as servers
       from (select distinct media_id, server_id from attachments where media_id = any(?::uuid[])) as uses
         join servers on servers.id = server_id
       group by media_id`,
      [owner, media],
    );
    return new Map(found.map(({ media_id, servers }) => [media_id, { isAttached: true, servers }]));
  }

  async holdersOf(media: MediaId, max: number): Promise<{ count: number; oldest: readonly Holder[] }> {
    const found = await rows<{ count: string; id: ServerId; name: string; owner: string }>(
      this.#session,
      `select count(*) over () as count, servers.id, servers.name, users.name as owner
       from servers join users on users.uuid = servers.owner
       where servers.id in (select server_id from attachments where media_id = ?)
       order by servers.created_at, servers.id limit ?`,
      [media, max],
    );
    return {
      count: Number(found[0]?.count ?? 0),
      oldest: found.map(({ id, name, owner }) => ({ server: id, name, owner })),
    };
  }

  async having(media: MediaId): Promise<readonly ServerId[]> {
    const found = await rows<{ server_id: ServerId }>(
      this.#session,
      'select distinct server_id from attachments where media_id = ?',
      [media],
    );
    return found.map((row) => row.server_id);
  }

  async #one(sql: string, id: ServerId, owner: UserUuid): Promise<Server | null> {
    const row = await firstRow<ServerRow>(this.#session, sql, [id, owner]);
    return row === null ? null : ((await this.#complete([row]))[0] ?? null);
  }

  async #complete(found: readonly ServerRow[]): Promise<readonly Server[]> {
    const attached = await rows<AttachmentRow>(
      this.#session,
      `select server_id, media_id, device, controller, unit, boot_order from attachments
       where server_id = any(?::uuid[]) order by device, controller, unit`,
      [found.map(({ id }) => id)],
    );
    const byServer = grouped(attached.map((row) => [row.server_id, row]));
    return found.map((row) => serverFrom(row, byServer.get(row.id) ?? []));
  }
}

function conditionOf(
  owner: UserUuid,
  search: ServerSearch,
): { readonly ask: typeof rows; readonly where: string; readonly values: readonly Binding[] } {
  const isSearch = isNarrowed(search);
  const { sql, bindings } = isSearch ? filterOf(search) : ALL;
  return { ask: isSearch ? searchedRows : rows, where: `owner = ? and ${sql}`, values: [owner, ...bindings] };
}

function filterOf({ ids, names, tags }: ServerSearch): Filter {
  return allOf([
    equalsOneOfEach('id', 'uuid', uuids(ids)),
    equalsOneOfEach('name', 'text', storable(names)),
    matchesEach(
      'uuid',
      uuids(tags),
      (wanted) => `id in (
         select server_id from ${wanted} join server_tags on tag_id = value join tags on tags.id = tag_id
         where tags.owner = servers.owner group by server_id having count(distinct list) = ?)`,
    ),
  ]);
}

function bindingsOf({
  name,
  cpu,
  memory,
  screenPassword,
  meta,
  otherFields,
}: ServerDefinition): readonly (string | number)[] {
  return [name, cpu, memory, screenPassword, JSON.stringify(meta), JSON.stringify(otherFields)];
}

function serverFrom(row: ServerRow, attached: readonly AttachmentRow[]): Server {
  return {
    id: row.id,
    owner: row.owner,
    name: row.name,
    cpu: Number(row.cpu),
    memory: bytes(Number(row.memory)),
    screenPassword: row.screen_password,
    meta: row.meta,
    otherFields: row.kept,
    attachments: attached.map(({ media_id, device, controller, unit, boot_order }) => ({
      media: media_id,
      device,
      controller,
      unit,
      bootOrder: boot_order,
    })),
  };
}
