import type { Tag, TaggedResource, TagText } from '../../domain/tags/tag.ts';
import type { MediaId, ServerId, TagId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { Batch, FirstBatch, ListCursor, PageTerms } from '../../domain/shared/page.ts';

/** What tags are put on. */
export type Tagged =
  { readonly kind: 'media'; readonly id: MediaId } | { readonly kind: 'server'; readonly id: ServerId };

/** Tags, and what they are on. A tag is locked before whatever it is put on. */
export interface TagRepository {
  /** Stores a tag that is on nothing. Fails with `user-not-found` where its owner is gone. */
  insert(tag: Tag): Promise<void>;
  /** A tag of this user, or null. */
  find(id: TagId, owner: UserUuid): Promise<Tag | null>;
  /** As `find`, and nobody else changes it until the transaction ends. */
  lock(id: TagId, owner: UserUuid): Promise<Tag | null>;
  write(id: TagId, text: TagText): Promise<void>;
  remove(id: TagId): Promise<void>;
  /** The tags of a user, newest last, then by id. */
  list(owner: UserUuid, page: PageTerms): Promise<FirstBatch<Tag>>;
  /** What `list` finds behind `after`, at most so many. */
  listBehind(owner: UserUuid, after: ListCursor, max: number): Promise<Batch<Tag>>;
  /**
   * What these tags are on, as far as the user sees it: servers of their own, and media as in the
   * list of labelled media; by id.
   */
  resourcesOf(tags: readonly TagId[], user: UserId): Promise<ReadonlyMap<TagId, readonly TaggedResource[]>>;
  /** Which of these ids are resources that the user sees. */
  resources(ids: readonly string[], user: UserId): Promise<readonly TaggedResource[]>;
  /**
   * Puts a tag on these resources, and takes it from all others. What is gone by now is passed
   * over.
   */
  putOn(id: TagId, resources: readonly Tagged[]): Promise<void>;
  /**
   * Whether this user has every one of these tags; keeps those that it has until the transaction
   * ends (key share).
   */
  lockShared(owner: UserUuid, tags: readonly TagId[]): Promise<boolean>;
  /**
   * Puts these tags of a user, which the caller has locked, on one resource, and takes all others
   * of that user from it.
   */
  put(owner: UserUuid, tags: readonly TagId[], on: Tagged): Promise<void>;
  /**
   * The tags of a user that are on these resources, oldest first; resources without one are left
   * out.
   */
  of<Id extends MediaId | ServerId>(
    kind: Tagged['kind'],
    ids: readonly Id[],
    owner: UserUuid,
  ): Promise<ReadonlyMap<Id, readonly TagId[]>>;
}
