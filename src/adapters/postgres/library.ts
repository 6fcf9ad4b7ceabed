import type { LibraryRepository } from '../../application/ports/library-repository.ts';
import type { LibraryDrive, LibraryEntry, LibraryFacts, LibraryType } from '../../domain/library/library-drive.ts';
import { keyOf } from '../../domain/library/library-drive.ts';
import type { LibraryRecord } from '../../domain/library/library-plan.ts';
import type { LibraryCondition, LibraryField, LibrarySearch } from '../../domain/library/library-search.ts';
import type { LicenceNeed } from '../../domain/library/licence.ts';
import { isUuid, type MediaId, type PoolId, type UserUuid } from '../../domain/shared/ids.ts';
import type { Page } from '../../domain/shared/page.ts';
import { LICENCE } from './licences.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';

interface FactsRow {
  readonly name: string;
  readonly description: string | null;
  readonly os: string;
  readonly arch: string;
  readonly distribution: string | null;
  readonly version: string | null;
  readonly category: readonly string[];
  readonly image_type: string;
  readonly install_notes: string | null;
  readonly paid: boolean;
  readonly favourite: boolean;
  readonly url: string;
  readonly default_user: string | null;
  readonly meta: Readonly<Record<string, string>>;
}

type ShownRow = FactsRow & Omit<LibraryDrive, 'facts'>;

type RecordRow = FactsRow & {
  readonly media_id: string;
  readonly pool_id: string;
  readonly media_type: LibraryType;
  readonly key: string;
  readonly stage: LibraryRecord['stage'];
  readonly ready: boolean;
  readonly sha256: string | null;
  readonly needs: readonly LicenceNeed[];
};

const FACTS = [
  'name',
  'description',
  'os',
  'arch',
  'distribution',
  'version',
  'category',
  'image_type',
  'install_notes',
  'paid',
  'favourite',
  'url',
  'default_user',
  'meta',
] as const;

const QUALIFIED = FACTS.map((name) => `library_drives.${name}`).join(', ');
/** What `libraryDriveFrom` takes, as one text, which takes less to read than so many columns. The first binding is whose servers are told. */
const SHOWN = `library_drives.media_id as id, media.pool_id as pool, media.type as type, media.size as size, ${QUALIFIED},
  coalesce((
    select json_agg(json_build_object('licence', ${LICENCE}, 'amount', amount) order by licences.name)
    from media_licences join licences on licences.name = licence where media_licences.media_id = library_drives.media_id), '[]') as licences,
  coalesce((
    select json_agg(servers.id order by created_at, servers.id) from servers
    where owner = ? and id in (select server_id from attachments where attachments.media_id = library_drives.media_id)), '[]') as servers`;
const LISTED = 'published_at is not null and withdrawn_at is null';
const RELEASABLE = `withdrawn_at is not null and media.state = 'ready'
  and not exists (select from library_holds where library_holds.media_id = library_drives.media_id)`;

const FIELDS: Readonly<Record<LibraryField, { readonly column: string; readonly type: 'text' | 'uuid' | 'list' }>> = {
  arch: { column: 'library_drives.arch', type: 'text' },
  category: { column: 'library_drives.category', type: 'list' },
  distribution: { column: 'library_drives.distribution', type: 'text' },
  id: { column: 'library_drives.media_id', type: 'uuid' },
  imageType: { column: 'library_drives.image_type', type: 'text' },
  name: { column: 'library_drives.name', type: 'text' },
  os: { column: 'library_drives.os', type: 'text' },
  version: { column: 'library_drives.version', type: 'text' },
};

/** Library drives in PostgreSQL. */
export class PostgresLibrary implements LibraryRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(id: MediaId, entry: LibraryEntry): Promise<void> {
    await touch(
      this.#session,
      `insert into library_drives (media_id, key, ${FACTS.join(', ')}) values (?, ?, ${FACTS.map(() => '?').join(', ')})`,
      [id, keyOf(entry), ...factBindings(entry.facts)],
    );
  }

  async publish(id: MediaId, entry: LibraryEntry): Promise<void> {
    await touch(
      this.#session,
      `update library_drives set withdrawn_at = clock_timestamp() where key = ? and media_id <> ? and ${LISTED}`,
      [keyOf(entry), id],
    );
    await touch(
      this.#session,
      `update library_drives
       set key = ?, published_at = coalesce(published_at, clock_timestamp()), withdrawn_at = null, ${FACTS.map((name) => `${name} = ?`).join(', ')}
       where media_id = ?`,
      [keyOf(entry), ...factBindings(entry.facts), id],
    );
  }

  async withdraw(id: MediaId): Promise<void> {
    await touch(
      this.#session,
      'update library_drives set withdrawn_at = coalesce(withdrawn_at, clock_timestamp()) where media_id = ?',
      [id],
    );
  }

  async records(): Promise<readonly LibraryRecord[]> {
    const found = await rows<RecordRow>(
      this.#session,
      `select media_id, media.pool_id, media.type as media_type, key, ${QUALIFIED},
         case when withdrawn_at is not null then 'withdrawn' when published_at is not null then 'published' else 'arriving' end as stage,
         media.state = 'ready' as ready, encode(sha256, 'hex') as sha256,
         coalesce((select json_agg(json_build_object('licence', licence, 'amount', amount) order by licence)
           from media_licences where media_licences.media_id = library_drives.media_id), '[]') as needs
       from library_drives join media on media.id = media_id join blobs on blobs.id = blob_id order by media_id`,
    );
    return found.map((row) => ({
      id: row.media_id as MediaId,
      key: row.key,
      stage: row.stage,
      ready: row.ready,
      pool: Number(row.pool_id) as PoolId,
      type: row.media_type,
      sha256: row.sha256,
      facts: factsFrom(row),
      licences: row.needs,
    }));
  }

  async has(id: MediaId): Promise<boolean> {
    return (await firstRow(this.#session, 'select from library_drives where media_id = ?', [id])) !== null;
  }

  async find(id: MediaId, viewer: UserUuid | null = null): Promise<LibraryDrive | null> {
    return this.#one(`media_id = ? and ${LISTED}`, [viewer, id]);
  }

  async findAttached(id: MediaId, owner: UserUuid): Promise<LibraryDrive | null> {
    return this.#one(
      `media_id = ? and withdrawn_at is not null and media_id in (
         select attachments.media_id from attachments join servers on servers.id = server_id where owner = ?
       )`,
      [owner, id, owner],
    );
  }

  async search(
    { conditions, limit, offset }: LibrarySearch,
    viewer: UserUuid | null = null,
  ): Promise<Page<LibraryDrive>> {
    const where = [LISTED, ...conditions.map(clauseOf)].join(' and ');
    const values = conditions.map(bindingOf);
    const row = await firstRow<{ total: string; items: readonly ShownRow[] }>(
      this.#session,
      `select (select count(*) from library_drives where ${where}) as total, coalesce((
         select json_agg(shown) from (
           select ${SHOWN}
           from (
             select * from library_drives where ${where} order by published_at, media_id limit ?::bigint offset ?::bigint
           ) as library_drives join media on media.id = media_id
           order by published_at, media_id
         ) as shown
       ), '[]') as items`,
      [...values, viewer, ...values, limit, offset],
    );
    return { total: Number(row?.total), items: (row?.items ?? []).map(libraryDriveFrom) };
  }

  async releasable(): Promise<readonly MediaId[]> {
    const found = await rows<{ media_id: MediaId }>(
      this.#session,
      `select media_id from library_drives join media on media.id = media_id where ${RELEASABLE} order by media_id`,
    );
    return found.map((row) => row.media_id);
  }

  async isReleasable(id: MediaId): Promise<boolean> {
    const row = await firstRow(
      this.#session,
      `select from library_drives join media on media.id = media_id where media_id = ? and ${RELEASABLE}`,
      [id],
    );
    return row !== null;
  }

  async #one(condition: string, bindings: readonly (string | null)[]): Promise<LibraryDrive | null> {
    const row = await firstRow<{ shown: ShownRow }>(
      this.#session,
      `select to_json(shown) as shown from (
         select ${SHOWN} from library_drives join media on media.id = media_id where ${condition}
       ) as shown`,
      bindings,
    );
    return row === null ? null : libraryDriveFrom(row.shown);
  }
}

function libraryDriveFrom({ id, pool, type, size, licences, servers, ...facts }: ShownRow): LibraryDrive {
  return { id, pool, type, size, facts: factsFrom(facts), licences, servers };
}

/** A condition with one placeholder, for an array of what may match. */
function clauseOf({ field, match }: LibraryCondition): string {
  const { column, type } = FIELDS[field];
  if (type === 'list') return `${column} && ?::text[]`;
  if (match === 'exact') return `${column} = any(?::${type}[])`;
  // Upper and lower case of all letters, whatever the locale of the database.
  return `${column}::text collate "pg_c_utf8" ilike any(?::text[])`;
}

function bindingOf({ field, match, anyOf }: LibraryCondition): readonly string[] {
  // Nothing that is stored holds what the database can't even be asked for.
  const askable = anyOf.filter((value) => value.isWellFormed() && !value.includes('\0'));
  if (match === 'part') return askable.map((value) => `%${value.replace(/[\\%_]/g, '\\$&')}%`);
  return FIELDS[field].type === 'uuid' ? askable.filter(isUuid) : askable;
}

function factBindings(facts: LibraryFacts): readonly (string | boolean | null | readonly string[])[] {
  return [
    facts.name,
    facts.description,
    facts.os,
    facts.arch,
    facts.distribution,
    facts.version,
    facts.category,
    facts.imageType,
    facts.installNotes,
    facts.paid,
    facts.favourite,
    facts.url,
    facts.defaultUser,
    JSON.stringify(facts.meta),
  ];
}

function factsFrom(row: FactsRow): LibraryFacts {
  return {
    name: row.name,
    description: row.description,
    os: row.os,
    arch: row.arch,
    distribution: row.distribution,
    version: row.version,
    category: row.category,
    imageType: row.image_type,
    installNotes: row.install_notes,
    paid: row.paid,
    favourite: row.favourite,
    url: row.url,
    defaultUser: row.default_user,
    meta: row.meta,
  };
}
