import type { UserUuid } from '../../domain/shared/ids.ts';

/**
 * The size of the definitions of a user: its servers, its tags, the labels that it was the last to
 * write, and its profile. In bytes of their JSON, uncompressed.
 */
export interface DefinitionRepository {
  /**
   * Locks the definitions and possessions of this user until the transaction ends. Call it before
   * any other lock, which rules out deadlocks.
   */
  lock(user: UserUuid): Promise<void>;
  /** Returns the bytes of all definitions of a user; 0 for a user that does not exist. */
  bytesOf(user: UserUuid): Promise<number>;
  /**
   * Verifies that the definitions of the user, which the caller has locked, are within the limit.
   * Passes as well if they are no larger than `before`, so that a user above a lowered limit can
   * shorten definitions.
   *
   * @throws DomainError `definitions-too-large`
   */
  requireRoom(user: UserUuid, before?: number): Promise<void>;
}
