import type { ProtectedItems, ProtectionRepository } from '../../application/ports/protection-repository.ts';
import type { GroupId, MediaId } from '../../domain/shared/ids.ts';
import { enqueue, rows } from './query.ts';
import type { Session } from './session.ts';

/** Stores in PostgreSQL which items are protected. */
export class PostgresProtections implements ProtectionRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async set(id: MediaId, isProtected: boolean): Promise<void> {
    await enqueue(this.#session, 'update media set protected = ? where id = ?', [isProtected, id]);
  }

  async ofGroups(groups: readonly GroupId[], max: number): Promise<ProtectedItems> {
    const found = await rows<{ count: string; id: MediaId; name: string }>(
      this.#session,
      `select count(*) over () as count, id, name from media where group_id = any(?) and protected
       order by created_at, id limit ?`,
      [groups, max],
    );
    return { count: Number(found[0]?.count ?? 0), items: found.map(({ id, name }) => ({ id, name })) };
  }
}
