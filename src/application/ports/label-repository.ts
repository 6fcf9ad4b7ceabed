import type { Label, Drive, LabelSearch } from '../../domain/media/label.ts';
import type { MediaId, PoolId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { Batch, FirstBatch, ListCursor } from '../../domain/shared/page.ts';

/** The labels that users write on media items, and the drives that they make of them. */
export interface LabelRepository {
  /**
   * Creates or replaces the label of a media item. It counts among the definitions of its last
   * writer.
   */
  store(id: MediaId, label: Label, writer: UserUuid): Promise<void>;
  /** Returns an item in any state but `removing`, with its label. */
  find(id: MediaId): Promise<Drive | null>;
  /** As `find`, for several items; leaves out those that do not exist. */
  findAll(ids: readonly MediaId[]): Promise<readonly Drive[]>;
  /**
   * Returns the drives of a user that match: items in every group where the user holds
   * `velocity.media.list` and to which the pool is assigned, in any state but `removing`, without
   * those of the library. Newest last, then by id.
   */
  search(user: UserId, search: LabelSearch): Promise<FirstBatch<Drive>>;
  /** Continues `search` after `after`, with at most `max` drives. */
  searchBehind(user: UserId, search: LabelSearch, after: ListCursor, max: number): Promise<Batch<Drive>>;
  /** Returns those of these names that items in the pool already have. */
  namesTaken(pool: PoolId, names: readonly string[]): Promise<ReadonlySet<string>>;
}
