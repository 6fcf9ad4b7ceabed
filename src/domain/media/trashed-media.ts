import type { GroupId, UserUuid } from '../shared/ids.ts';
import type { Media } from './media.ts';

/** A media item in the trash. */
export interface TrashedMedia {
  /** Its name is the one that it had; another item may have it now. */
  readonly media: Media;
  /** The group that it was in, which is still charged for it. */
  readonly group: GroupId;
  readonly trashedAt: Date;
  /** The user who moved it to the trash; it may not exist any more. */
  readonly trashedBy: UserUuid;
}
