import { levelOf, type Usage, type UsageRepository } from '../../application/ports/usage-repository.ts';
import type { Group } from '../../domain/access/group.ts';
import type { Level } from '../../domain/quotas/headroom.ts';
import { bytes, MAX_BYTES, type Bytes } from '../../domain/shared/bytes.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import { rows, tell, touch } from './query.ts';
import type { Session } from './session.ts';

interface UsageRow {
  readonly group_id: string;
  readonly pool_id: string;
  readonly used: string;
  readonly quota: string | null;
}

/** Usage in PostgreSQL. Limits are judged inside the statements that count, on the row as it is once its lock is held. */
export class PostgresUsage implements UsageRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async setQuota(group: GroupId, pool: PoolId, quota: Bytes | null): Promise<void> {
    await touch(
      this.#session,
      `insert into usage (group_id, pool_id, quota) values (?, ?, ?)
       on conflict (group_id, pool_id) do update set quota = excluded.quota`,
      [group, pool, quota],
    );
  }

  async charge(group: Group, pool: PoolId, size: Bytes): Promise<Level | null> {
    // Whoever waits here is let in by their turn; those who wait in the statement below are all woken whenever one of them may go on.
    this.#session.tell('select from usage where group_id = ? and pool_id = ? for no key update', [group.id, pool]);
    // Rows are inserted one after the other as the sorted query below brings them, so that locks are taken in that order.
    const counted = await rows<{ group_id: string }>(
      this.#session,
      `insert into usage (group_id, pool_id, used)
       select level, ?, ? from unnest(?::bigint[]) with ordinality as path (level, depth) order by depth desc
       on conflict (group_id, pool_id) do update set used = usage.used + excluded.used
       where excluded.used = 0 or usage.used + excluded.used <= coalesce(nullif(usage.quota, 0), ?)
       returning group_id`,
      [pool, size, group.path, MAX_BYTES],
    );
    const allowing = new Set(counted.map((row) => Number(row.group_id)));
    const refusing = group.path.findLast((level) => !allowing.has(level));
    return refusing === undefined ? null : this.#refusal(refusing, pool);
  }

  /** The refusing statement has locked the row, so this is what it was refused by. */
  async #refusal(group: GroupId, pool: PoolId): Promise<Level> {
    const [usage] = await this.ofPath([group], pool);
    if (usage === undefined) throw new Error(`group ${group} has no usage row on pool ${pool}`);
    return levelOf(usage);
  }

  async giveBack(path: readonly GroupId[], pool: PoolId, size: Bytes): Promise<void> {
    for (const level of path.toReversed()) {
      await tell(this.#session, 'update usage set used = used - ?::bigint where group_id = ? and pool_id = ?', [
        size,
        level,
        pool,
      ]);
    }
  }

  async ofPath(path: readonly GroupId[], pool: PoolId): Promise<readonly Usage[]> {
    const found = await rows<UsageRow>(
      this.#session,
      'select group_id, pool_id, used, quota from usage where group_id = any(?) and pool_id = ?',
      [path, pool],
    );
    return found.map(usageFrom);
  }

  async ofPathEverywhere(path: readonly GroupId[]): Promise<readonly Usage[]> {
    const found = await rows<UsageRow>(
      this.#session,
      'select group_id, pool_id, used, quota from usage where group_id = any(?) order by pool_id',
      [path],
    );
    return found.map(usageFrom);
  }
}

function usageFrom(row: UsageRow): Usage {
  return {
    group: Number(row.group_id) as GroupId,
    pool: Number(row.pool_id) as PoolId,
    used: bytes(Number(row.used)),
    quota: row.quota === null ? null : bytes(Number(row.quota)),
  };
}
