import type { UserId, UserUuid } from '../../domain/shared/ids.ts';

export interface User {
  readonly id: UserId;
  readonly uuid: UserUuid;
  readonly name: string;
}

/** A user together with what proves who they are. */
export interface Credential {
  readonly user: User;
  /** A memory-hard hash in PHC form. */
  readonly passwordHash: string;
}

export interface UserRepository {
  /** Makes a user. Fails with `user-name-taken`. */
  insert(name: string, passwordHash: string): Promise<User>;
  /** Makes the root user, or does nothing if there is one. Answers whether it made it. */
  insertRoot(name: string, passwordHash: string): Promise<boolean>;
  find(id: UserId): Promise<User | null>;
  findCredential(name: string): Promise<Credential | null>;
  /** Replaces the hash and counts the credential version up, so that remembered checks stop holding on every replica. */
  changePassword(id: UserId, passwordHash: string): Promise<void>;
  /** Every user, by ascending id. */
  list(): Promise<readonly User[]>;
  /** Removes a user with grants and authkeys. Answers whether there was one. */
  remove(id: UserId): Promise<boolean>;
}
