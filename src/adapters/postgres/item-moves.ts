import type { ItemMoveRepository } from '../../application/ports/item-move-repository.ts';
import type { GroupId, MediaId } from '../../domain/shared/ids.ts';
import { touch } from './query.ts';
import type { Session } from './session.ts';

/** Stores moves of items between groups and pools in PostgreSQL. */
export class PostgresItemMoves implements ItemMoveRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async changeGroup(id: MediaId, group: GroupId): Promise<void> {
    await touch(this.#session, `update media set group_id = ? where id = ? and state = 'ready'`, [group, id]);
  }
}
