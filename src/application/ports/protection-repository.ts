import type { Media } from '../../domain/media/media.ts';
import type { GroupId, MediaId } from '../../domain/shared/ids.ts';

/** Protected items of some groups. */
export interface ProtectedItems {
  readonly count: number;
  /** The oldest of them. */
  readonly items: readonly Pick<Media, 'id' | 'name'>[];
}

/** The protection of items from deletion. */
export interface ProtectionRepository {
  /** Protects an item that the caller has locked, or ends its protection. */
  set(id: MediaId, isProtected: boolean): Promise<void>;
  /** Returns the protected items of these groups, at most `max` of them with their names. */
  ofGroups(groups: readonly GroupId[], max: number): Promise<ProtectedItems>;
}
