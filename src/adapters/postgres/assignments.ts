import type { AssignmentRepository } from '../../application/ports/assignment-repository.ts';
import type { PoolRights } from '../../domain/pools/assignment.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';

interface AssignmentRow {
  readonly pool_id: string;
  readonly can_write: boolean;
  readonly can_manage: boolean;
}

/** Stores assignments in PostgreSQL. */
export class PostgresAssignments implements AssignmentRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async find(group: GroupId, pool: PoolId): Promise<PoolRights | null> {
    const row = await firstRow<AssignmentRow>(
      this.#session,
      'select pool_id, can_write, can_manage from assignments where group_id = ? and pool_id = ?',
      [group, pool],
    );
    return row === null ? null : rightsFrom(row);
  }

  async lockShared(group: GroupId, pool: PoolId): Promise<PoolRights | null> {
    const row = await firstRow<AssignmentRow>(
      this.#session,
      'select pool_id, can_write, can_manage from assignments where group_id = ? and pool_id = ? for share',
      [group, pool],
    );
    return row === null ? null : rightsFrom(row);
  }

  async store(group: GroupId, pool: PoolId, rights: PoolRights): Promise<void> {
    await touch(
      this.#session,
      `insert into assignments (group_id, pool_id, can_write, can_manage) values (?, ?, ?, ?)
       on conflict (group_id, pool_id) do update set can_write = excluded.can_write, can_manage = excluded.can_manage`,
      [group, pool, rights.write, rights.manage],
    );
  }

  async remove(group: GroupId, pool: PoolId): Promise<void> {
    await touch(this.#session, 'delete from assignments where group_id = ? and pool_id = ?', [group, pool]);
  }

  async managedBy(groups: readonly GroupId[]): Promise<readonly { readonly group: GroupId; readonly pool: PoolId }[]> {
    const found = await rows<AssignmentRow & { readonly group_id: string }>(
      this.#session,
      'select group_id, pool_id from assignments where group_id = any(?) and can_manage',
      [groups],
    );
    return found.map((row) => ({ group: Number(row.group_id) as GroupId, pool: Number(row.pool_id) as PoolId }));
  }
}

function rightsFrom(row: AssignmentRow): PoolRights {
  return { write: row.can_write, manage: row.can_manage };
}
