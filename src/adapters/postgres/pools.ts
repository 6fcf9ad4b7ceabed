import type { PoolRecord, PoolRepository, PoolUsage } from '../../application/ports/pool-repository.ts';
import type { Usage } from '../../application/ports/usage-repository.ts';
import type { PoolRights } from '../../domain/pools/assignment.ts';
import type { Pool } from '../../domain/pools/pool.ts';
import type { Level } from '../../domain/quotas/headroom.ts';
import { bytes, MAX_BYTES, type Bytes } from '../../domain/shared/bytes.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import { firstRow, rows, enqueue, touch } from './query.ts';
import type { Session } from './session.ts';

interface LevelRow {
  readonly id: string;
  readonly used: string;
  readonly capacity: string | null;
}

interface PoolUsageRow extends LevelRow {
  readonly can_write: boolean | null;
  readonly can_manage: boolean | null;
  readonly usage: readonly Usage[];
}

/** A configured capacity replaces the derived one. */
const LIMIT = 'coalesce(pools.capacity, pools.derived_capacity) as capacity';

/** Stores pools in PostgreSQL. */
export class PostgresPools implements PoolRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async installation(): Promise<string> {
    const row = await firstRow<{ id: string }>(this.#session, 'select id from installation');
    if (row === null) throw new Error('the table "installation" has lost its row: restore the database from a backup');
    return row.id;
  }

  async known(): Promise<readonly PoolRecord[]> {
    const found = await rows<{ id: string; name: string; place: number; holds_media: boolean; locations: number[] }>(
      this.#session,
      `with recursive found as (
         select id as pool_id, (select min(place) from blobs where pool_id = pools.id) as place from pools
         union all
         select pool_id, (select min(place) from blobs where blobs.pool_id = found.pool_id and blobs.place > found.place)
         from found where place is not null
       )
       select id, name, place, exists (select from media where media.pool_id = pools.id) as holds_media,
         array(select found.place from found where pool_id = pools.id and found.place is not null order by 1) as locations
       from pools order by id`,
    );
    return found.map((row) => ({
      id: Number(row.id) as PoolId,
      name: row.name,
      holdsMedia: row.holds_media,
      writesTo: row.place,
      locations: row.locations,
    }));
  }

  async store(pool: Pool): Promise<void> {
    await touch(
      this.#session,
      `insert into pools (id, name, capacity) values (?, ?, ?)
       on conflict (id) do update set name = excluded.name, capacity = excluded.capacity`,
      [pool.id, pool.name, pool.capacity],
    );
  }

  async deriveCapacity(pool: PoolId, capacity: Bytes | null): Promise<void> {
    await touch(
      this.#session,
      'update pools set derived_capacity = ?::bigint where id = ? and derived_capacity is distinct from ?::bigint',
      [capacity, pool, capacity],
    );
  }

  async writeTo(pool: PoolId, location: number): Promise<void> {
    await touch(this.#session, 'update pools set place = ? where id = ?', [location, pool]);
  }

  async charge(pool: PoolId, size: Bytes): Promise<Level | null> {
    const touched = await touch(
      this.#session,
      `update pools set used = used + ?::bigint where id = ? and (?::bigint = 0 or used + ?::bigint <= coalesce(capacity, derived_capacity, ?))`,
      [size, pool, size, size, MAX_BYTES],
    );
    if (touched === 1) return null;
    const level = (await this.levels([pool])).get(pool);
    if (level === undefined) throw new Error(`pool ${pool} is not in the database`);
    return level;
  }

  async refund(pool: PoolId, size: Bytes): Promise<void> {
    await enqueue(this.#session, 'update pools set used = used - ?::bigint where id = ?', [size, pool]);
  }

  async levels(pools: readonly PoolId[]): Promise<ReadonlyMap<PoolId, Level>> {
    const found = await rows<LevelRow>(this.#session, `select id, used, ${LIMIT} from pools where id = any(?)`, [
      pools,
    ]);
    return new Map(found.map((row) => [Number(row.id) as PoolId, levelFrom(row)]));
  }

  async usages(group: GroupId, pools: readonly PoolId[]): Promise<ReadonlyMap<PoolId, PoolUsage>> {
    const found = await rows<PoolUsageRow>(
      this.#session,
      `select pools.id, pools.used, ${LIMIT}, can_write, can_manage, coalesce((
         select json_agg(json_build_object('group', group_id, 'pool', pool_id, 'used', used, 'quota', quota, 'items', items)) from usage
         where usage.pool_id = pools.id and usage.group_id = any(asked.path)), '[]') as usage
       from pools cross join (select id, path from groups where id = ?) as asked
         left join assignments on assignments.group_id = asked.id and assignments.pool_id = pools.id
       where pools.id = any(?)`,
      [group, pools],
    );
    return new Map(
      found.map((row) => [
        Number(row.id) as PoolId,
        { assigned: rightsFrom(row), usage: row.usage, level: levelFrom(row) },
      ]),
    );
  }
}

function levelFrom({ used, capacity }: LevelRow): Level {
  return { kind: 'pool', used: bytes(Number(used)), limit: capacity === null ? null : bytes(Number(capacity)) };
}

function rightsFrom({ can_write: write, can_manage: manage }: PoolUsageRow): PoolRights | null {
  return write === null || manage === null ? null : { write, manage };
}
