import type { Tag, TaggedResource, TagText } from '../../domain/tags/tag.ts';
import type { MediaId, ServerId, TagId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { Batch, FirstBatch, ListCursor, PageTerms } from '../../domain/shared/page.ts';

/** A resource that tags can be put on. */
export type Tagged =
  { readonly kind: 'media'; readonly id: MediaId } | { readonly kind: 'server'; readonly id: ServerId };

/** The tags and their resources. Lock a tag before the resources. */
export interface TagRepository {
  /**
   * Stores a tag without resources.
   *
   * @throws DomainError `user-not-found` when its owner was removed
   */
  insert(tag: Tag): Promise<void>;
  /** Returns a tag of this user, or null. */
  find(id: TagId, owner: UserUuid): Promise<Tag | null>;
  /** As `find`, and locks the tag until the transaction ends (for update). */
  lock(id: TagId, owner: UserUuid): Promise<Tag | null>;
  write(id: TagId, text: TagText): Promise<void>;
  remove(id: TagId): Promise<void>;
  /** Returns the tags of a user, newest last, then by id. */
  list(owner: UserUuid, page: PageTerms): Promise<FirstBatch<Tag>>;
  /** Continues `list` after `after`, with at most `max` tags. */
  listBehind(owner: UserUuid, after: ListCursor, max: number): Promise<Batch<Tag>>;
  /**
   * Returns the resources of these tags that are visible to the user: its own servers, and the
   * items in its list of drives; by id.
   */
  resourcesOf(tags: readonly TagId[], user: UserId): Promise<ReadonlyMap<TagId, readonly TaggedResource[]>>;
  /** Returns those of these ids that are resources visible to the user. */
  resources(ids: readonly string[], user: UserId): Promise<readonly TaggedResource[]>;
  /** Replaces the resources of a tag. Skips resources that no longer exist. */
  putOn(id: TagId, resources: readonly Tagged[]): Promise<void>;
  /**
   * Returns whether this user has all of these tags, and locks those that it has until the
   * transaction ends (for key share).
   */
  lockShared(owner: UserUuid, tags: readonly TagId[]): Promise<boolean>;
  /** Replaces the tags of a user on one resource. The caller has locked the tags. */
  put(owner: UserUuid, tags: readonly TagId[], on: Tagged): Promise<void>;
  /**
   * Returns the tags of a user on each of these resources, oldest first; leaves out resources
   * without tags.
   */
  of<Id extends MediaId | ServerId>(
    kind: Tagged['kind'],
    ids: readonly Id[],
    owner: UserUuid,
  ): Promise<ReadonlyMap<Id, readonly TagId[]>>;
}
