import type { Label, Drive, LabelSearch } from '../../domain/media/label.ts';
import type { MediaId, PoolId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { Batch, FirstBatch, ListCursor } from '../../domain/shared/page.ts';

/** What users wrote on media. */
export interface LabelRepository {
  /**
   * Writes the label of media, for the first time or anew. It counts among the definitions of its
   * last writer.
   */
  store(id: MediaId, label: Label, writer: UserUuid): Promise<void>;
  /** Media in any state but `removing`, with their label. */
  find(id: MediaId): Promise<Drive | null>;
  /** As `find`, for several; those that are not there are left out. */
  findAll(ids: readonly MediaId[]): Promise<readonly Drive[]>;
  /**
   * The media that a user may see and looks for: of every group on which the user holds
   * `velocity.media.list`, where the pool is assigned to it, in any state but `removing`, without
   * what came in for the library. Newest last, then by id.
   */
  search(user: UserId, search: LabelSearch): Promise<FirstBatch<Drive>>;
  /** What `search` finds behind `after`, at most so many. */
  searchBehind(user: UserId, search: LabelSearch, after: ListCursor, max: number): Promise<Batch<Drive>>;
  /** Which of these names media in the pool have already. */
  namesTaken(pool: PoolId, names: readonly string[]): Promise<ReadonlySet<string>>;
}
