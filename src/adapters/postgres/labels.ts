import type { Knex } from 'knex';
import type { LabelRepository } from '../../application/ports/label-repository.ts';
import type { Label, LabelledMedia, LabelSearch } from '../../domain/media/label.ts';
import type { MediaState } from '../../domain/media/media-states.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import {
  isUuid,
  type GroupId,
  type MediaId,
  type PoolId,
  type UserId,
  type UserUuid,
} from '../../domain/shared/ids.ts';
import type { Page } from '../../domain/shared/page.ts';
import { firstRow, rows, touch } from './query.ts';
import { groupsListedBy, VISIBLE, WITH_ASSIGNMENT } from './visible-media.ts';

interface LabelRow {
  readonly id: string;
  readonly pool_id: string;
  readonly group_id: string;
  readonly type: string;
  readonly size: string;
  readonly readonly: boolean;
  readonly state: MediaState;
  readonly created_by: string;
  readonly text: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly shareable: boolean;
  readonly affinities: readonly string[];
}

const TEXT = `coalesce(media_labels.label, media.name)`;
/** Upper and lower case of all letters, whatever the locale of the database. */
const FOLDED = `lower(${TEXT} collate "pg_c_utf8")`;
const SELECTED = `media.id, media.pool_id, media.group_id, media.type, media.size, media.readonly, media.state, media.created_by,
  ${TEXT} as text, coalesce(media_labels.meta, '{}') as meta, coalesce(shareable, false) as shareable, coalesce(affinities, '[]') as affinities`;
const LABELLED = `media left join media_labels on media_labels.media_id = media.id`;

/** Labels in PostgreSQL. */
export class PostgresLabels implements LabelRepository {
  readonly #transaction: Knex.Transaction;

  constructor(transaction: Knex.Transaction) {
    this.#transaction = transaction;
  }

  async store(id: MediaId, { text, meta, shareable, affinities }: Label): Promise<void> {
    await touch(
      this.#transaction,
      `insert into media_labels (media_id, label, meta, shareable, affinities) values (?, ?, ?::jsonb, ?, ?::jsonb)
       on conflict (media_id) do update set label = excluded.label, meta = excluded.meta,
         shareable = excluded.shareable, affinities = excluded.affinities`,
      [id, text, JSON.stringify(meta), shareable, JSON.stringify(affinities)],
    );
  }

  async find(id: MediaId): Promise<LabelledMedia | null> {
    return (await this.findAll([id]))[0] ?? null;
  }

  async findAll(ids: readonly MediaId[]): Promise<readonly LabelledMedia[]> {
    const found = await rows<LabelRow>(
      this.#transaction,
      `select ${SELECTED} from ${LABELLED} where media.id = any(?::uuid[]) and media.group_id is not null
       order by media.created_at, media.id`,
      [ids],
    );
    return found.map(labelledFrom);
  }

  async search(user: UserId, search: LabelSearch): Promise<Page<LabelledMedia>> {
    const groups = await groupsListedBy(this.#transaction, user);
    const [where, values] = conditionsOf(user, search);
    const visible = `${LABELLED} ${WITH_ASSIGNMENT} where ${VISIBLE} ${where}`;
    const count = await firstRow<{ total: string }>(this.#transaction, `select count(*) as total from ${visible}`, [
      groups,
      ...values,
    ]);
    const found = await rows<LabelRow>(
      this.#transaction,
      `select ${SELECTED} from ${visible} order by media.created_at, media.id limit ?::bigint offset ?::bigint`,
      [groups, ...values, search.limit, search.offset],
    );
    return { total: Number(count?.total), items: found.map(labelledFrom) };
  }

  async namesTaken(pool: PoolId, names: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await rows<{ name: string }>(
      this.#transaction,
      `select name from media where pool_id = ? and name = any(?::text[]) and state <> 'removing'`,
      [pool, names],
    );
    return new Set(found.map(({ name }) => name));
  }
}

type Condition = readonly [sql: string, ...values: (number | readonly string[])[]];

function conditionsOf(
  user: UserId,
  { ids, labels, labelParts, tags }: LabelSearch,
): readonly [sql: string, values: (number | readonly string[])[]] {
  const conditions: Condition[] = [
    ...ids.map((anyOf): Condition => ['media.id = any(?::uuid[])', anyOf.filter(isUuid)]),
    ...tags.map((anyOf): Condition => [
      `media.id in (select media_tags.media_id from media_tags join tags on tags.id = tag_id join users on uuid = owner
         where users.id = ? and tag_id = any(?::uuid[]))`,
      user,
      anyOf.filter(isUuid),
    ]),
    ...labels.map((anyOf): Condition => [`${TEXT} = any(?::text[])`, anyOf.filter(isKept)]),
    ...labelParts.map((anyOf): Condition => [
      `exists (select from unnest(?::text[]) as part where strpos(${FOLDED}, lower(part collate "pg_c_utf8")) > 0)`,
      anyOf.filter(isKept),
    ]),
  ];
  return [conditions.map(([sql]) => `and ${sql}`).join(' '), conditions.flatMap(([, ...values]) => values)];
}

/** No text in the database holds a NUL, nor can it be asked for one. */
function isKept(text: string): boolean {
  return !text.includes('\0');
}

function labelledFrom(row: LabelRow): LabelledMedia {
  return {
    id: row.id as MediaId,
    pool: Number(row.pool_id) as PoolId,
    group: Number(row.group_id) as GroupId,
    type: row.type,
    size: bytes(Number(row.size)),
    readOnly: row.readonly,
    state: row.state,
    createdBy: row.created_by as UserUuid,
    label: { text: row.text, meta: row.meta, shareable: row.shareable, affinities: row.affinities },
  };
}
