import type { Tagged, TagRepository } from '../../application/ports/tag-repository.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import {
  isUuid,
  type MediaId,
  type ServerId,
  type TagId,
  type UserId,
  type UserUuid,
} from '../../domain/shared/ids.ts';
import { LIST_START, type Batch, type FirstBatch, type ListCursor, type PageTerms } from '../../domain/shared/page.ts';
import type { Tag, TaggedResource, TagText } from '../../domain/tags/tag.ts';
import { batchOf, fittingOf, type CursorRow } from './batches.ts';
import { grouped } from './grouped.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';
import { groupsListedBy, VISIBLE, WITH_ASSIGNMENT } from './visible-media.ts';

const COLUMNS = 'id, owner, name, meta';

/** Approximate size of a resource in the response for a tag. */
const RESOURCE_BYTES = 250;

/** The tables that hold which tags are on which resources. */
const TAG_TABLES: Readonly<Record<Tagged['kind'], { readonly table: string; readonly column: string }>> = {
  media: { table: 'media_tags', column: 'media_id' },
  server: { table: 'server_tags', column: 'server_id' },
};

/**
 * Selects existing resources and locks them shared, so that they stay until the transaction ends.
 */
const TAGGABLE: Readonly<Record<Tagged['kind'], string>> = {
  media: 'select id from media where group_id is not null and id = any(?::uuid[]) order by id for key share',
  server: 'select id from servers where id = any(?::uuid[]) order by id for key share',
};

type ResourceRow = TaggedResource & { readonly tag_id: TagId };

/** Stores tags in PostgreSQL. */
export class PostgresTags implements TagRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert({ id, owner, name, meta }: Tag): Promise<void> {
    const touched = await touch(
      this.#session,
      `insert into tags (id, owner, name, meta) select ?::uuid, uuid, ?, ?::jsonb from users where uuid = ? for key share`,
      [id, name, JSON.stringify(meta), owner],
    );
    if (touched === 0) throw new DomainError('user-not-found');
  }

  async find(id: TagId, owner: UserUuid): Promise<Tag | null> {
    return firstRow<Tag>(this.#session, `select ${COLUMNS} from tags where id = ? and owner = ?`, [id, owner]);
  }

  async lock(id: TagId, owner: UserUuid): Promise<Tag | null> {
    return firstRow<Tag>(this.#session, `select ${COLUMNS} from tags where id = ? and owner = ? for no key update`, [
      id,
      owner,
    ]);
  }

  async write(id: TagId, { name, meta }: TagText): Promise<void> {
    await touch(this.#session, 'update tags set name = ?, meta = ?::jsonb where id = ?', [
      name,
      JSON.stringify(meta),
      id,
    ]);
  }

  async remove(id: TagId): Promise<void> {
    await touch(this.#session, 'delete from tags where id = ?', [id]);
  }

  async list(owner: UserUuid, page: PageTerms): Promise<FirstBatch<Tag>> {
    const [[count], batch] = await Promise.all([
      rows<{ total: string }>(this.#session, 'select count(*) as total from tags where owner = ?', [owner]),
      this.#batch(owner, LIST_START, page),
    ]);
    return { total: Number(count?.total), ...batch };
  }

  async listBehind(owner: UserUuid, after: ListCursor, max: number): Promise<Batch<Tag>> {
    return this.#batch(owner, after, { limit: max, offset: 0 });
  }

  async #batch(owner: UserUuid, after: ListCursor, { limit, offset }: PageTerms): Promise<Batch<Tag>> {
    const page = `select *, octet_length(meta::text) + ${RESOURCE_BYTES} * (
        (select count(*) from media_tags where tag_id = tags.id) + (select count(*) from server_tags where tag_id = tags.id)
      ) as bytes from tags
      where owner = ? and (created_at, id) > (?::timestamptz, ?::uuid) order by created_at, id limit ?::bigint offset ?::bigint`;
    const found = await rows<Tag & CursorRow>(this.#session, fittingOf(page, COLUMNS), [
      owner,
      after.at,
      after.id,
      limit,
      offset,
    ]);
    const items = found.map(({ id, owner, name, meta }) => ({ id, owner, name, meta }));
    return batchOf(found, items);
  }

  async resourcesOf(tags: readonly TagId[], user: UserId): Promise<ReadonlyMap<TagId, readonly TaggedResource[]>> {
    const groups = await groupsListedBy(this.#session, user);
    const found = await rows<ResourceRow>(
      this.#session,
      `select tag_id, 'media' as kind, media.id, media.created_by as owner
       from media_tags join media on media.id = media_id ${WITH_ASSIGNMENT} where tag_id = any(?::uuid[]) and ${VISIBLE}
       union all
       select tag_id, 'server', servers.id, servers.owner from server_tags join servers on servers.id = server_id
       where tag_id = any(?::uuid[])
       order by kind, id`,
      [tags, groups, tags],
    );
    return grouped(found.map(({ tag_id, ...resource }) => [tag_id, resource]));
  }

  async resources(ids: readonly string[], user: UserId): Promise<readonly TaggedResource[]> {
    const groups = await groupsListedBy(this.#session, user);
    const uuids = ids.filter(isUuid);
    return rows<TaggedResource>(
      this.#session,
      `select 'media' as kind, media.id, media.created_by as owner from media ${WITH_ASSIGNMENT}
       where media.id = any(?::uuid[]) and ${VISIBLE}
       union all
       select 'server', id, owner from servers
       where id = any(?::uuid[]) and owner = (select uuid from users where users.id = ?)`,
      [uuids, groups, uuids, user],
    );
  }

  async putOn(id: TagId, resources: readonly Tagged[]): Promise<void> {
    for (const kind of ['media', 'server'] as const) {
      const { table, column } = TAG_TABLES[kind];
      const ids = resources.filter((resource) => resource.kind === kind).map((resource) => resource.id);
      await touch(this.#session, `delete from ${table} where tag_id = ? and ${column} <> all(?::uuid[])`, [id, ids]);
      await touch(
        this.#session,
        `with present as (${TAGGABLE[kind]})
         insert into ${table} (tag_id, ${column}) select ?::uuid, id from present on conflict do nothing`,
        [ids, id],
      );
    }
  }

  async lockShared(owner: UserUuid, tags: readonly TagId[]): Promise<boolean> {
    if (tags.length === 0) return true;
    const locked = await rows<{ id: TagId }>(
      this.#session,
      'select id from tags where id = any(?::uuid[]) and owner = ? order by id for key share',
      [tags, owner],
    );
    return locked.length === new Set(tags).size;
  }

  async put(owner: UserUuid, tags: readonly TagId[], on: Tagged): Promise<void> {
    const { table, column } = TAG_TABLES[on.kind];
    await touch(
      this.#session,
      `delete from ${table} where ${column} = ? and tag_id in (select id from tags where owner = ?) and tag_id <> all(?::uuid[])`,
      [on.id, owner, tags],
    );
    if (tags.length === 0) return;
    await touch(
      this.#session,
      `insert into ${table} (tag_id, ${column}) select unnest(?::uuid[]), ?::uuid on conflict do nothing`,
      [tags, on.id],
    );
  }

  async of<Id extends MediaId | ServerId>(
    kind: Tagged['kind'],
    ids: readonly Id[],
    owner: UserUuid,
  ): Promise<ReadonlyMap<Id, readonly TagId[]>> {
    const { table, column } = TAG_TABLES[kind];
    const found = await rows<{ resource: Id; tag: TagId }>(
      this.#session,
      `select ${column} as resource, tag_id as tag from ${table} join tags on tags.id = tag_id
       where ${column} = any(?::uuid[]) and owner = ? order by created_at, tag_id`,
      [ids, owner],
    );
    return grouped(found.map(({ resource, tag }) => [resource, tag]));
  }
}
