import type { LibraryRepository } from '../../application/ports/library-repository.ts';
import type { LibraryDrive, LibraryEntry, LibraryFacts, LibraryType } from '../../domain/library/library-drive.ts';
import { keyOf } from '../../domain/library/library-drive.ts';
import type { LibraryRecord } from '../../domain/library/library-plan.ts';
import type { LibraryCondition, LibrarySearch } from '../../domain/library/library-search.ts';
import type { LicenceNeed } from '../../domain/library/licence.ts';
import { foldCase } from '../../domain/shared/fold-case.ts';
import type { MediaId, PoolId, UserUuid } from '../../domain/shared/ids.ts';
import type { Page } from '../../domain/shared/page.ts';
import { storable, uuids } from './filters.ts';
import { LICENCE } from './licences.ts';
import { firstRow, rows, searchedRows, touch } from './query.ts';
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

interface DrivePageRow {
  readonly drives: readonly (FactsRow & Pick<LibraryDrive, 'id' | 'pool' | 'type' | 'size' | 'published'>)[];
  readonly licences: Readonly<Record<string, LibraryDrive['licences']>>;
  readonly servers: Readonly<Record<string, LibraryDrive['servers']>>;
}

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
/** The written columns: the facts, the folded name and its source. */
const WRITTEN = [...FACTS, 'folded_from', 'folded_name'] as const;

const QUALIFIED = FACTS.map((name) => `library_drives.${name}`).join(', ');
const PUBLISHED = `to_char(published_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
/**
 * SQL: library drives with their licences and servers, as JSON texts, which are faster to read than
 * as many columns. `page` selects their rows. Its bindings come first, then the owner of the
 * servers.
 */
const drivePage = (page: string): string => `page as materialized (${page}),
  drives as (
    select page.media_id as id, media.pool_id as pool, media.type as type, size, ${PUBLISHED} as published, ${FACTS.map((name) => `page.${name}`).join(', ')}
    from page join media on media.id = page.media_id order by published_at, page.media_id
  ),
  needed as (
    select media_id, json_agg(json_build_object('licence', ${LICENCE}, 'amount', amount) order by licences.name) as licences
    from media_licences join licences on licences.name = licence where media_id in (select media_id from page) group by media_id
  ),
  used as (
    select media_id, json_agg(servers.id order by created_at, servers.id) as servers
    from (select distinct media_id, server_id from attachments where media_id in (select media_id from page)) as uses
      join servers on servers.id = server_id where owner = ? group by media_id
  )`;
const DRIVE_PAGE_COLUMNS = `coalesce((select json_agg(drives) from drives), '[]') as drives,
  coalesce((select json_object_agg(media_id, licences) from needed), '{}') as licences,
  coalesce((select json_object_agg(media_id, servers) from used), '{}') as servers`;
const LISTED = 'published_at is not null and withdrawn_at is null';
const RELEASABLE = `withdrawn_at is not null and media.state = 'ready'
  and not exists (select from library_holds where library_holds.media_id = library_drives.media_id)`;

/** Folded by `foldCase`. Names written by an older Platter are folded at the next start. */
const FOLDED = `coalesce(case when library_drives.folded_from = library_drives.name then library_drives.folded_name end, library_drives.name)`;

/** Condition: all conditions of a search hold. Its binding comes from `bindingOf`. */
const FITS = `not exists (
  select from jsonb_to_recordset(?::jsonb) as asked (match text, field text, "anyOf" text[])
  where not coalesce(case
    when match = 'part' then exists (select from unnest("anyOf") as part where strpos(${FOLDED}, part) > 0)
    when field = 'category' then library_drives.category && "anyOf"
    else case field
      when 'arch' then library_drives.arch
      when 'distribution' then library_drives.distribution
      when 'id' then library_drives.media_id::text
      when 'imageType' then library_drives.image_type
      when 'name' then library_drives.name
      when 'os' then library_drives.os
      when 'version' then library_drives.version
    end = any("anyOf")
  end, false)
)`;

/** Stores library drives in PostgreSQL. */
export class PostgresLibrary implements LibraryRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(id: MediaId, entry: LibraryEntry): Promise<void> {
    await touch(
      this.#session,
      `insert into library_drives (media_id, key, ${WRITTEN.join(', ')}) values (?, ?, ${WRITTEN.map(() => '?').join(', ')})`,
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
       set key = ?, published_at = coalesce(published_at, clock_timestamp()), withdrawn_at = null, ${WRITTEN.map((name) => `${name} = ?`).join(', ')}
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
    return this.#one(`media_id = ? and ${LISTED}`, [id], viewer);
  }

  async findAttached(id: MediaId, owner: UserUuid): Promise<LibraryDrive | null> {
    return this.#one(
      `media_id = ? and withdrawn_at is not null and media_id in (
         select attachments.media_id from attachments join servers on servers.id = server_id where owner = ?
       )`,
      [id, owner],
      owner,
    );
  }

  async search(
    { conditions, limit, offset }: LibrarySearch,
    viewer: UserUuid | null = null,
  ): Promise<Page<LibraryDrive>> {
    const isSearch = conditions.length > 0;
    const where = isSearch ? `${LISTED} and ${FITS}` : LISTED;
    const values = isSearch ? [bindingOf(conditions)] : [];
    const page = `select * from library_drives where ${where} order by published_at, media_id limit ?::bigint offset ?::bigint`;
    const row = await firstRow<DrivePageRow & { total: string }>(
      this.#session,
      `with ${drivePage(page)} select ${DRIVE_PAGE_COLUMNS}, (select count(*) from library_drives where ${where}) as total`,
      [...values, limit, offset, viewer, ...values],
      isSearch ? searchedRows : rows,
    );
    return { total: Number(row?.total), items: libraryDrivesFrom(row) };
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

  async #one(condition: string, bindings: readonly string[], viewer: UserUuid | null): Promise<LibraryDrive | null> {
    const row = await firstRow<DrivePageRow>(
      this.#session,
      `with ${drivePage(`select * from library_drives where ${condition}`)} select ${DRIVE_PAGE_COLUMNS}`,
      [...bindings, viewer],
    );
    return libraryDrivesFrom(row)[0] ?? null;
  }
}

function libraryDrivesFrom(row: DrivePageRow | null): readonly LibraryDrive[] {
  return (row?.drives ?? []).map(({ id, pool, type, size, published, ...facts }) => ({
    id,
    pool,
    type,
    size,
    published,
    facts: factsFrom(facts),
    licences: row?.licences[id] ?? [],
    servers: row?.servers[id] ?? [],
  }));
}

function bindingOf(conditions: readonly LibraryCondition[]): string {
  return JSON.stringify(
    conditions.map(({ field, match, anyOf }) => {
      const [values = []] = field === 'id' ? uuids([anyOf]) : storable([anyOf]);
      return { field, match, anyOf: match === 'part' ? values.map(foldCase) : values };
    }),
  );
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
    facts.name,
    foldCase(facts.name),
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
