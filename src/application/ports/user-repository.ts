import type { Possession } from '../../domain/access/possessions.ts';
import type { UserSort } from '../../domain/access/user-sort.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import type { GroupId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { Batch } from '../../domain/shared/page.ts';

/** A user, without credentials. */
export interface User {
  readonly id: UserId;
  readonly uuid: UserUuid;
  readonly name: string;
  /** The user who created it, who may have been removed; null for the operator. */
  readonly createdBy: UserUuid | null;
  /** Only set by the methods that say so. */
  readonly tenant?: TenantId;
}

/** A user with the hash of its password. */
export interface Credential {
  readonly user: User;
  /** A memory-hard hash in PHC form, salted: equal passwords have different hashes. */
  readonly passwordHash: string;
  /** Increases with each change of the password. */
  readonly version: number;
}

/** The users with their credentials. */
export interface UserRepository {
  /**
   * Creates a user; by default, for the operator and as its own origin.
   *
   * @throws DomainError `user-name-taken`
   */
  insert(name: string, passwordHash: string, createdBy?: UserUuid, origin?: UserUuid): Promise<User>;
  /** Creates the root user, unless it exists. Returns whether it did. */
  insertRoot(name: string, passwordHash: string): Promise<boolean>;
  find(id: UserId): Promise<User | null>;
  /**
   * Returns a user, with its tenant, by its name in NFC, or, for names from before normalisation,
   * by the exact stored name.
   */
  findCredential(name: string): Promise<Credential | null>;
  /**
   * Returns a user and locks it until the transaction ends (for key share): it is not removed, and
   * its password does not change. Null if it does not exist.
   */
  lockShared(id: UserId): Promise<Credential | null>;
  /**
   * Returns a user and locks it until the transaction ends (for update), after every `lockShared`
   * of it has ended. Null if it does not exist.
   */
  lock(id: UserId): Promise<Credential | null>;
  /**
   * Replaces the password hash of a user that the caller has locked, and increases the version,
   * which invalidates remembered credentials on every replica.
   */
  changePassword(id: UserId, passwordHash: string): Promise<void>;
  /** Sets the home group of a user that the caller has locked. */
  setHome(id: UserId, group: GroupId): Promise<void>;
  /**
   * Counts what a user owns. Locks the count until the transaction ends: others that count for the
   * same user, or lock its definitions, wait. Call it before any other lock.
   */
  countPossessions(user: Pick<User, 'uuid'>, of: Exclude<Possession, 'users'>): Promise<number>;
  /**
   * Returns the origin of a user, the user itself if an operator created it, and the number of
   * users that descend from there through any number of creators. Locks the count until the
   * transaction ends.
   *
   * @throws DomainError `not-authenticated` when the user was removed
   */
  countFromOrigin(user: Pick<User, 'id'>): Promise<{ readonly origin: UserUuid; readonly count: number }>;
  /** Returns a batch of all users, by ascending id. */
  list(after?: UserId | null): Promise<Batch<User, UserId>>;
  /** Returns a page of all users. One indexed query. */
  page(terms: KeysetTerms<UserSort>): Promise<KeysetPage<User>>;
  /** Deletes a user with its grants and authkeys. Returns whether it existed. */
  remove(id: UserId): Promise<boolean>;
}
