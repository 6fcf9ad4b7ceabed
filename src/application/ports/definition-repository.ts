import type { UserUuid } from '../../domain/shared/ids.ts';

/**
 * How much room the definitions of a user take: its servers, its tags, the labels that it was the
 * last to write, and its profile. In octets of their JSON, before any compression.
 */
export interface DefinitionRepository {
  /**
   * Makes all others wait that lock the definitions or count the possessions of this user, until
   * the transaction ends. Take it before any other lock: then no deadlock can come of it.
   */
  lock(user: UserUuid): Promise<void>;
  /** Returns the bytes of all definitions of a user, 0 for a user that does not exist. */
  bytesOf(user: UserUuid): Promise<number>;
  /**
   * Refuses what the transaction wrote since it locked the definitions of a user that has more of
   * them now than the limit allows. A change passes that leaves no more than `before`, so that a
   * user above a lowered limit can shorten definitions.
   *
   * @throws DomainError `definitions-too-large`
   */
  requireRoom(user: UserUuid, before?: number): Promise<void>;
}
