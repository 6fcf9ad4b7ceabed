import type { DefinitionRepository } from '../../application/ports/definition-repository.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserUuid } from '../../domain/shared/ids.ts';
import { firstRow, enqueue } from './query.ts';
import type { Session } from './session.ts';

/**
 * Serializes the transactions that create or change resources of one user. Does not lock the row of
 * the user, since other transactions lock that later than the rows of groups and servers.
 */
export const LOCK_POSSESSIONS = `select pg_advisory_xact_lock(hashtextextended('possessions of ' || ?::uuid, 0))`;

/** Counts the bytes of definitions, which PostgreSQL computes when one is written. */
export class PostgresDefinitions implements DefinitionRepository {
  readonly #session: Session;
  readonly #maxBytes: number;

  constructor(session: Session, maxBytes: number) {
    this.#session = session;
    this.#maxBytes = maxBytes;
  }

  async lock(user: UserUuid): Promise<void> {
    await enqueue(this.#session, LOCK_POSSESSIONS, [user]);
  }

  async bytesOf(user: UserUuid): Promise<number> {
    const row = await firstRow<{ readonly bytes: string }>(
      this.#session,
      `select octet_length(first_name) + octet_length(last_name)
         + (select coalesce(sum(definition_bytes), 0) from servers where owner = users.uuid)
         + (select coalesce(sum(definition_bytes), 0) from tags where owner = users.uuid)
         + (select coalesce(sum(definition_bytes), 0) from media_labels where written_by = users.uuid) as bytes
       from users where uuid = ?`,
      [user],
    );
    return Number(row?.bytes ?? 0);
  }

  async requireRoom(user: UserUuid, before = 0): Promise<void> {
    const bytes = await this.bytesOf(user);
    if (bytes > this.#maxBytes && bytes > before) {
      throw new DomainError('definitions-too-large', { max: this.#maxBytes });
    }
  }
}
