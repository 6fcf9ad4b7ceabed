import type { Possession } from '../../domain/access/possessions.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import type { GroupId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { Batch } from '../../domain/shared/page.ts';

export interface User {
  readonly id: UserId;
  readonly uuid: UserUuid;
  readonly name: string;
  /** The user who made it, which may be gone; null for the operator. */
  readonly createdBy: UserUuid | null;
  /** Known only where it was asked for. */
  readonly tenant?: TenantId;
}

/** A user together with what proves who they are. */
export interface Credential {
  readonly user: User;
  /** A memory-hard hash in PHC form; no two are alike, even of the same password. */
  readonly passwordHash: string;
  /** Counts up with each change of the password. */
  readonly version: number;
}

export interface UserRepository {
  /**
   * Makes a user, for the operator where no creator is named, and as one that an operator made
   * where no origin is. Fails with `user-name-taken`.
   */
  insert(name: string, passwordHash: string, createdBy?: UserUuid, origin?: UserUuid): Promise<User>;
  /** Makes the root user, or does nothing if there is one. Answers whether it made it. */
  insertRoot(name: string, passwordHash: string): Promise<boolean>;
  find(id: UserId): Promise<User | null>;
  /**
   * Finds a user, with its tenant, by the name in NFC, or by a name from before names were
   * normalised, which has to be sent as it is stored.
   */
  findCredential(name: string): Promise<Credential | null>;
  /**
   * Finds a user and keeps anybody from locking it until the transaction ends (key share): it is
   * not removed, and its password stays. Null if it is gone.
   */
  lockShared(id: UserId): Promise<Credential | null>;
  /**
   * Finds a user and makes everybody wait who would keep it, give it a permission or make it an
   * authkey, until the transaction ends (for update). What they had begun has ended. Null if it is
   * gone.
   */
  lock(id: UserId): Promise<Credential | null>;
  /**
   * Replaces the hash of a user that the caller has locked, and counts the credential version up,
   * so that remembered checks stop holding on every replica.
   */
  changePassword(id: UserId, passwordHash: string): Promise<void>;
  /** Sets the home group of a user that the caller has kept. */
  setHome(id: UserId, group: GroupId): Promise<void>;
  /**
   * Counts what a user has. Others that count for the same user, or lock its definitions, wait
   * until the transaction ends, so that the count holds. To be asked before any other lock is
   * taken.
   */
  countPossessions(user: Pick<User, 'uuid'>, of: Exclude<Possession, 'users'>): Promise<number>;
  /**
   * Finds the user that a user comes from, itself where an operator made it, and counts the users
   * that come from there, however many made one another. Others that ask for the same origin wait
   * until the transaction ends. Fails with `not-authenticated` when the user was removed.
   */
  countFromOrigin(user: Pick<User, 'id'>): Promise<{ readonly origin: UserUuid; readonly made: number }>;
  /** Every user, by ascending id. */
  list(after?: UserId | null): Promise<Batch<User, UserId>>;
  /** Removes a user with grants and authkeys. Answers whether there was one. */
  remove(id: UserId): Promise<boolean>;
}
