import type {
  BlobRecord,
  ExaminationRepository,
  UnlimitedGroup,
  UsageDrift,
} from '../../application/ports/examination-repository.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import {
  ROOT_GROUP,
  ROOT_USER,
  type BlobId,
  type GroupId,
  type MediaId,
  type PoolId,
} from '../../domain/shared/ids.ts';
import { OWNERS, RECORD_COLUMNS, recordFrom, type RecordRow } from './blob-record.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';

interface DriftRow {
  readonly group_id: string | null;
  readonly pool_id: string;
  readonly used: string;
  readonly counted: string;
  readonly used_items: string;
  readonly counted_items: string;
}

/** Further conditions follow it. */
const RECORDS = `select ${RECORD_COLUMNS} from blobs ${OWNERS} where blobs.pool_id = ?`;

/** An adopted item has no creator. */
const NO_CREATOR = '00000000-0000-0000-0000-000000000000';

/** Reads and repairs rows that are compared with the stored bytes, in PostgreSQL. */
export class PostgresExamination implements ExaminationRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async blobsIn(pool: PoolId, location: number, after: BlobId | null, max: number): Promise<readonly BlobRecord[]> {
    const found = await rows<RecordRow>(
      this.#session,
      `${RECORDS} and blobs.place = ? and (?::uuid is null or blobs.id > ?::uuid) order by blobs.id limit ?`,
      [pool, location, after, after, max],
    );
    return found.map(recordFrom);
  }

  async blobsAmong(pool: PoolId, ids: readonly BlobId[]): Promise<readonly BlobRecord[]> {
    const found = await rows<RecordRow>(this.#session, `${RECORDS} and blobs.id = any(?::uuid[])`, [pool, ids]);
    return found.map(recordFrom);
  }

  async mediaInOtherLocations(pool: PoolId, location: number, ids: readonly BlobId[]): Promise<readonly BlobId[]> {
    const found = await rows<{ id: BlobId }>(
      this.#session,
      `select id from media where pool_id = ? and place <> ? and id = any(?::uuid[])
         and not exists (select from blobs where blobs.id = media.id)`,
      [pool, location, ids],
    );
    return found.map(({ id }) => id);
  }

  async copiesOfMovedItems(pool: PoolId, ids: readonly BlobId[]): Promise<readonly BlobId[]> {
    const found = await rows<{ id: BlobId }>(
      this.#session,
      'select stored_as as id from media where pool_id = ? and stored_as = any(?::uuid[])',
      [pool, ids],
    );
    return found.map(({ id }) => id);
  }

  async drift(): Promise<readonly UsageDrift[]> {
    const found = await rows<DriftRow>(
      this.#session,
      `select group_id, pool_id, used, counted, used_items, counted_items from usage_drift
       order by pool_id, group_id nulls first`,
    );
    return found.map((row) => ({
      pool: Number(row.pool_id) as PoolId,
      group: row.group_id === null ? null : (Number(row.group_id) as GroupId),
      used: bytes(Number(row.used)),
      counted: bytes(Number(row.counted)),
      usedItems: Number(row.used_items),
      countedItems: Number(row.counted_items),
    }));
  }

  async unlimitedGroups(max: number): Promise<readonly UnlimitedGroup[]> {
    const found = await rows<{ group_id: string; name: string; pool_id: string }>(
      this.#session,
      `select group_id, name, pool_id from assignments join groups on groups.id = group_id
       where can_manage and group_id <> ?
         and exists (select from grants where permission = 'velocity.media.create' and user_id <> ? and grants.group_id = any(path))
         and not exists (select from usage where usage.pool_id = assignments.pool_id and usage.group_id = any(path) and quota > 0)
       order by group_id, pool_id limit ?`,
      [ROOT_GROUP, ROOT_USER, max],
    );
    return found.map(({ group_id, name, pool_id }) => ({
      group: Number(group_id) as GroupId,
      name,
      pool: Number(pool_id) as PoolId,
    }));
  }

  /**
   * A transaction that changes counted items updates this usage row too. So a statement after the
   * lock on the row sees all earlier changes, and later ones wait for the lock.
   */
  async recount(pool: PoolId, group: GroupId | null): Promise<void> {
    if (group === null) {
      await firstRow(this.#session, 'select from pools where id = ? for update', [pool]);
      const { sum } = await this.#count('media.pool_id = ?', [pool]);
      await touch(this.#session, 'update pools set used = ? where id = ?', [sum, pool]);
      return;
    }
    await touch(
      this.#session,
      `insert into usage (group_id, pool_id) select id, ? from groups where id = ?
       on conflict (group_id, pool_id) do update set used = usage.used`,
      [pool, group],
    );
    const { sum, items } = await this.#count(
      'media.pool_id = ? and coalesce(group_id, charged_to) in (select id from groups where path @> array[?::bigint])',
      [pool, group],
    );
    await touch(this.#session, 'update usage set used = ?, items = ? where group_id = ? and pool_id = ?', [
      sum,
      items,
      group,
      pool,
    ]);
  }

  async adopt(pool: PoolId, location: number, id: BlobId): Promise<MediaId | null> {
    const row = await firstRow<{ id: MediaId }>(
      this.#session,
      `with blob as (insert into blobs (id, pool_id, place) values (?, ?, ?) on conflict do nothing returning id, place)
       insert into media (id, pool_id, blob_id, place, name, type, size, readonly, state, created_by)
       select gen_random_uuid(), ?, blob.id, blob.place, blob.id::text, 'DISK', 0, true, 'removing', ? from blob returning id`,
      [id, pool, location, pool, NO_CREATOR],
    );
    return row?.id ?? null;
  }

  async #count(
    condition: string,
    bindings: readonly number[],
  ): Promise<{ readonly sum: Bytes; readonly items: number }> {
    const row = await firstRow<{ sum: string; items: string }>(
      this.#session,
      `select coalesce(sum(size), 0) as sum, count(*) as items from media where ${condition}`,
      bindings,
    );
    return { sum: bytes(Number(row?.sum ?? 0)), items: Number(row?.items ?? 0) };
  }
}
