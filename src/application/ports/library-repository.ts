import type { LibraryDrive, LibraryEntry } from '../../domain/library/library-drive.ts';
import type { LibraryRecord } from '../../domain/library/library-plan.ts';
import type { LibrarySearch } from '../../domain/library/library-search.ts';
import type { MediaId, UserUuid } from '../../domain/shared/ids.ts';
import type { Page } from '../../domain/shared/page.ts';

/**
 * Library drives. Theirs are the media of the same id; the licences that they need are in the
 * licence repository.
 */
export interface LibraryRepository {
  /**
   * Stores, in the transaction that admits the media, what they are to be published as. Nobody sees
   * it before `publish`.
   */
  insert(id: MediaId, entry: LibraryEntry): Promise<void>;
  /**
   * Publishes finished media as declared, for the first time or again, and withdraws whatever else
   * is published under the same key. What is published already is brought up to date.
   */
  publish(id: MediaId, entry: LibraryEntry): Promise<void>;
  /**
   * Takes a library drive out of every list, for good or until it is published again. Twice is
   * fine.
   */
  withdraw(id: MediaId): Promise<void>;
  /** Everything that is or was to be published and whose media are not gone, by ascending id. */
  records(): Promise<readonly LibraryRecord[]>;
  /** Whether these media were brought in for the library, in whatever stage they are. */
  has(id: MediaId): Promise<boolean>;
  /** A published library drive, or null; with the servers of this user, if anybody looks. */
  find(id: MediaId, viewer?: UserUuid | null): Promise<LibraryDrive | null>;
  /** A library drive that was withdrawn and that a server of this user still has, or null. */
  findAttached(id: MediaId, owner: UserUuid): Promise<LibraryDrive | null>;
  /**
   * The published library drives for which all conditions hold, newest last, then by id; with the
   * servers of this user, if anybody looks.
   */
  search(search: LibrarySearch, viewer?: UserUuid | null): Promise<Page<LibraryDrive>>;
  /** Withdrawn library drives with finished media that nothing holds. */
  releasable(): Promise<readonly MediaId[]>;
  /** Whether this is still one of them. */
  isReleasable(id: MediaId): Promise<boolean>;
}
