import type { LabelRepository } from '../../application/ports/label-repository.ts';
import { isNarrowed, type Label, type Drive, type LabelSearch } from '../../domain/media/label.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import { foldCase } from '../../domain/shared/fold-case.ts';
import {
  ROOT_GROUP,
  type GroupId,
  type MediaId,
  type PoolId,
  type UserId,
  type UserUuid,
} from '../../domain/shared/ids.ts';
import { LIST_START, type Batch, type FirstBatch, type ListCursor, type PageTerms } from '../../domain/shared/page.ts';
import { allOf, storable, equalsOneOfEach, matchesEach, uuids, ALL, type Filter } from './filters.ts';
import { batchOf, fittingOf, type CursorRow } from './batches.ts';
import { stateFrom, type PersistedState } from './persisted-names.ts';
import { rows, searchedRows, touch } from './query.ts';
import type { Binding, Session } from './session.ts';
import { LISTED_GROUPS } from './visible-media.ts';

interface LabelRow {
  readonly id: string;
  readonly pool_id: string;
  readonly group_id: string;
  readonly type: string;
  readonly size: string;
  readonly readonly: boolean;
  readonly state: PersistedState;
  readonly created_by: string;
  readonly text: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly shareable: boolean;
  readonly affinities: readonly string[];
}

const COLUMNS = 'id, pool_id, group_id, type, size, readonly, state, created_by, text, meta, shareable, affinities';
const TEXT = `coalesce(media_labels.label, media.name)`;
/** Folded by `foldCase`. Labels written by an older Platter are folded at the next start. */
const FOLDED = `coalesce(case when media_labels.folded_from = media_labels.label then media_labels.folded_label end,
  media_labels.label, media.folded_name, media.name)`;
const SELECTED = `media.id, media.pool_id, media.group_id, media.type, media.size, media.readonly, media.state, media.created_by,
  ${TEXT} as text, coalesce(media_labels.meta, '{}') as meta, coalesce(shareable, false) as shareable, coalesce(affinities, '[]') as affinities`;
const WITH_LABELS = `(media left join media_labels on media_labels.media_id = media.id)`;
/** Its bindings are the groups and the pools of the placements. */
const VISIBLE_PLACEMENTS = `unnest(?::bigint[], ?::bigint[]) as placement (group_id, pool_id)`;
const IN_PLACEMENT = `media.group_id = placement.group_id and media.pool_id = placement.pool_id`;
/** Library drives belong to the root group. */
const IS_VISIBLE = `(media.group_id <> ${ROOT_GROUP}
  or not exists (select from library_drives where library_drives.media_id = media.id))`;

/** Stores labels in PostgreSQL. */
export class PostgresLabels implements LabelRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async store(id: MediaId, { text, meta, shareable, affinities }: Label, writer: UserUuid): Promise<void> {
    await touch(
      this.#session,
      `insert into media_labels (media_id, label, folded_from, folded_label, meta, shareable, affinities, written_by)
       values (?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?)
       on conflict (media_id) do update set label = excluded.label, folded_from = excluded.folded_from,
         folded_label = excluded.folded_label, meta = excluded.meta,
         shareable = excluded.shareable, affinities = excluded.affinities, written_by = excluded.written_by`,
      [id, text, text, foldCase(text), JSON.stringify(meta), shareable, JSON.stringify(affinities), writer],
    );
  }

  async find(id: MediaId): Promise<Drive | null> {
    return (await this.findAll([id]))[0] ?? null;
  }

  async findAll(ids: readonly MediaId[]): Promise<readonly Drive[]> {
    const found = await rows<LabelRow>(
      this.#session,
      `select ${SELECTED} from ${WITH_LABELS} where media.id = any(?::uuid[]) and media.group_id is not null
       order by media.created_at, media.id`,
      [ids],
    );
    return found.map(driveFrom);
  }

  async search(user: UserId, search: LabelSearch): Promise<FirstBatch<Drive>> {
    const placements = await this.#placementsVisibleTo(user);
    const { ask, where, values } = conditionOf(user, search);
    const [[count], batch] = await Promise.all([
      ask<{ total: string }>(
        this.#session,
        `select count(*) as total from ${VISIBLE_PLACEMENTS} join ${WITH_LABELS} on ${IN_PLACEMENT} where ${IS_VISIBLE} and ${where}`,
        [...placements, ...values],
      ),
      this.#batch(user, placements, search, LIST_START, search),
    ]);
    return { total: Number(count?.total), ...batch };
  }

  async searchBehind(user: UserId, search: LabelSearch, after: ListCursor, max: number): Promise<Batch<Drive>> {
    return this.#batch(user, await this.#placementsVisibleTo(user), search, after, { limit: max, offset: 0 });
  }

  /**
   * Reads the first media items of each placement in order, by an index, and the further columns
   * only for those of the page.
   */
  async #batch(
    user: UserId,
    placements: VisiblePlacements,
    search: LabelSearch,
    after: ListCursor,
    { limit, offset }: PageTerms,
  ): Promise<Batch<Drive>> {
    const { ask, where, values } = conditionOf(user, search);
    // If few items may match, reading all of them is faster than walking the index until there are
    // enough.
    const ahead = isNarrowed(search) || limit === null ? null : limit + offset;
    const page = `select ${SELECTED}, media.created_at, octet_length(coalesce(media_labels.meta, '{}')::text) as bytes
       from (
         select visible.id from ${VISIBLE_PLACEMENTS}
         cross join lateral (
           select media.id, media.created_at from ${WITH_LABELS} where ${IN_PLACEMENT} and ${IS_VISIBLE} and ${where}
             and (media.created_at, media.id) > (?::timestamptz, ?::uuid)
           order by media.created_at, media.id limit ?::bigint
         ) as visible
         order by visible.created_at, visible.id limit ?::bigint offset ?::bigint
       ) as page
       join media on media.id = page.id left join media_labels on media_labels.media_id = media.id`;
    const found = await ask<LabelRow & CursorRow>(this.#session, fittingOf(page, COLUMNS), [
      ...placements,
      ...values,
      after.at,
      after.id,
      ahead,
      limit,
      offset,
    ]);
    return batchOf(found, found.map(driveFrom));
  }

  async namesTaken(pool: PoolId, names: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await rows<{ name: string }>(
      this.#session,
      `select name from media where pool_id = ? and name = any(?::text[]) and state not in ('removing', 'trashed')`,
      [pool, names],
    );
    return new Set(found.map(({ name }) => name));
  }

  /**
   * Returns the groups on which the user holds the permission, directly or through an ancestor,
   * each with its assigned pools. The root group has all pools.
   */
  async #placementsVisibleTo(user: UserId): Promise<VisiblePlacements> {
    const found = await rows<{ group_id: string; pool_id: string }>(
      this.#session,
      `with listed as (${LISTED_GROUPS})
       select group_id, pool_id from assignments join listed on listed.id = group_id where group_id <> ${ROOT_GROUP}
       union all select listed.id, pools.id from listed cross join pools where listed.id = ${ROOT_GROUP}`,
      [user],
    );
    return [found.map(({ group_id }) => group_id), found.map(({ pool_id }) => pool_id)];
  }
}

/** Groups, each with a pool in which its media items are visible. */
type VisiblePlacements = readonly [groups: readonly string[], pools: readonly string[]];

function conditionOf(
  user: UserId,
  search: LabelSearch,
): { readonly ask: typeof rows; readonly where: string; readonly values: readonly Binding[] } {
  const isSearch = isNarrowed(search);
  const { sql, bindings } = isSearch ? filterOf(user, search) : ALL;
  return { ask: isSearch ? searchedRows : rows, where: sql, values: bindings };
}

function filterOf(user: UserId, { ids, labels, labelParts, tags }: LabelSearch): Filter {
  const tagged = matchesEach(
    'uuid',
    uuids(tags),
    (wanted) => `media.id in (
       select media_tags.media_id from ${wanted} join media_tags on tag_id = value join tags on tags.id = tag_id
       where tags.owner = (select uuid from users where users.id = ?)
       group by media_tags.media_id having count(distinct list) = ?)`,
    [user],
  );
  return allOf([
    equalsOneOfEach('media.id', 'uuid', uuids(ids)),
    equalsOneOfEach(TEXT, 'text', storable(labels)),
    tagged,
    matchesEach(
      'text',
      storable(labelParts).map((parts) => parts.map(foldCase)),
      (wanted) => `(select count(distinct list) from ${wanted} where strpos(${FOLDED}, value) > 0) = ?`,
    ),
  ]);
}

function driveFrom(row: LabelRow): Drive {
  return {
    id: row.id as MediaId,
    pool: Number(row.pool_id) as PoolId,
    group: Number(row.group_id) as GroupId,
    type: row.type,
    size: bytes(Number(row.size)),
    readOnly: row.readonly,
    state: stateFrom(row.state),
    createdBy: row.created_by as UserUuid,
    label: { text: row.text, meta: row.meta, shareable: row.shareable, affinities: row.affinities },
  };
}
