import type { LibraryDrive, LibraryEntry } from '../../domain/library/library-drive.ts';
import type { LibraryRecord } from '../../domain/library/library-plan.ts';
import type { LibrarySearch } from '../../domain/library/library-search.ts';
import type { MediaId, UserUuid } from '../../domain/shared/ids.ts';
import type { Page } from '../../domain/shared/page.ts';

/**
 * The library drives. Each has a media item of the same id; the licence repository has their
 * licences.
 */
export interface LibraryRepository {
  /**
   * Stores, in the transaction that admits the item, the entry that it is to be published as. It is
   * invisible before `publish`.
   */
  insert(id: MediaId, entry: LibraryEntry): Promise<void>;
  /**
   * Publishes a finished item as declared, or updates a published one, and withdraws every other
   * drive with the same key. Idempotent.
   */
  publish(id: MediaId, entry: LibraryEntry): Promise<void>;
  /** Removes a library drive from every list, until it is published again. Idempotent. */
  withdraw(id: MediaId): Promise<void>;
  /** Returns every library drive whose media item exists, in any stage, by ascending id. */
  records(): Promise<readonly LibraryRecord[]>;
  /** Returns whether the item was stored for the library, in any stage. */
  has(id: MediaId): Promise<boolean>;
  /**
   * Returns a published library drive, or null; with the servers of the viewer, if there is one.
   */
  find(id: MediaId, viewer?: UserUuid | null): Promise<LibraryDrive | null>;
  /** Returns a withdrawn library drive that a server of this user still has, or null. */
  findAttached(id: MediaId, owner: UserUuid): Promise<LibraryDrive | null>;
  /**
   * Returns the published library drives that meet all conditions, newest last, then by id; with
   * the servers of the viewer, if there is one.
   */
  search(search: LibrarySearch, viewer?: UserUuid | null): Promise<Page<LibraryDrive>>;
  /** Returns the withdrawn library drives with a finished item that no server and no job uses. */
  releasable(): Promise<readonly MediaId[]>;
  /** Returns whether `releasable` would still return this drive. */
  isReleasable(id: MediaId): Promise<boolean>;
}
