import type { LinkHash, LinkRepository, LinkUse, NewLink } from '../../application/ports/link-repository.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { Link } from '../../domain/media/link.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { LinkId, MediaId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import { KeysetList } from './keyset-list.ts';
import { enqueue, firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';
import { HOME_PATH, tenantFrom, type HomeRow } from './tenant.ts';

interface LinkRow {
  readonly link_id: LinkId;
  readonly media_id: MediaId;
  readonly creator: UserUuid;
  readonly networks: readonly string[];
  readonly note: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly last_used_at: Date | null;
  readonly bytes_served: string;
}

type CreatorRow = LinkRow & HomeRow & { readonly id: string; readonly uuid: UserUuid; readonly name: string };

const COLUMNS = `links.id as link_id, media_id, creator, networks::text[] as networks, note, links.created_at, links.expires_at,
  last_used_at, bytes_served`;
const IS_VALID = `links.expires_at > clock_timestamp()`;
const MAX_FORGOTTEN_AT_ONCE = 1000;

const PAGES = new KeysetList<'created'>({
  columns: COLUMNS,
  from: 'links',
  where: `media_id = ? and ${IS_VALID}`,
  sorts: { created: { column: 'links.created_at', type: 'timestamptz' } },
  id: { column: 'links.id', type: 'uuid' },
});

/** Stores links in PostgreSQL, and compares addresses with their networks there. */
export class PostgresLinks implements LinkRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(link: NewLink, max: number): Promise<Link | null> {
    // Serializes inserts for one user, so that each counts all earlier links.
    await enqueue(this.#session, 'select from users where uuid = ? for no key update', [link.creator]);
    const row = await firstRow<LinkRow>(
      this.#session,
      `insert into links (id, hash, media_id, creator, networks, note, expires_at)
       select ?, ?, ?, uuid, ?::text[]::inet[], ?, clock_timestamp() + make_interval(secs => ?::double precision)
       from users where uuid = ? and (select count(*) from links where creator = users.uuid and ${IS_VALID}) < ?
       returning ${COLUMNS}`,
      [link.id, toBytes(link.hash), link.media, link.networks, link.note, link.seconds, link.creator, max],
    );
    return row && linkFrom(row);
  }

  async find(hash: LinkHash, address: string | null): Promise<{ link: Link; creator: Caller } | null> {
    const row = await firstRow<CreatorRow>(
      this.#session,
      `select ${COLUMNS}, users.id, users.uuid, users.name, ${HOME_PATH}
       from links join users on users.uuid = creator
       where hash = ? and ${IS_VALID} and (cardinality(networks) = 0 or ?::inet <<= any(networks))`,
      [toBytes(hash), address],
    );
    if (row === null) return null;
    const { uuid, name } = row;
    return { link: linkFrom(row), creator: { id: Number(row.id) as UserId, uuid, name, tenant: tenantFrom(row) } };
  }

  async page(media: MediaId, terms: KeysetTerms<'created'>): Promise<KeysetPage<Link>> {
    return PAGES.page(this.#session, [media], terms, linkFrom);
  }

  async remove(media: MediaId, id: LinkId): Promise<boolean> {
    return (await touch(this.#session, 'delete from links where media_id = ? and id = ?', [media, id])) === 1;
  }

  async recordUses(uses: readonly LinkUse[]): Promise<ReadonlySet<LinkId>> {
    const found = await rows<{ id: LinkId }>(
      this.#session,
      `update links set bytes_served = bytes_served + used.bytes, last_used_at = clock_timestamp()
       from unnest(?::uuid[], ?::bigint[]) as used (id, bytes) where links.id = used.id and ${IS_VALID} returning links.id`,
      [uses.map(({ id }) => id), uses.map((use) => use.bytes)],
    );
    return new Set(found.map(({ id }) => id));
  }

  async forgetExpired(): Promise<void> {
    await touch(
      this.#session,
      `delete from links where id in (
         select id from links where not (${IS_VALID}) order by expires_at limit ${MAX_FORGOTTEN_AT_ONCE} for update skip locked
       )`,
    );
  }
}

function toBytes(hash: LinkHash): Uint8Array {
  return Buffer.from(hash, 'hex');
}

function linkFrom(row: LinkRow): Link {
  return {
    id: row.link_id,
    media: row.media_id,
    creator: row.creator,
    networks: row.networks,
    note: row.note,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    bytesServed: Number(row.bytes_served),
  };
}
