import type { Profile, ProfileChanges } from '../../domain/access/profile.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** The profiles of users. */
export interface ProfileRepository {
  /**
   * Returns the profile of a user, with defaults if none was written; null if there is no such
   * user.
   */
  find(user: UserId): Promise<Profile | null>;
  /**
   * Updates fields and returns the whole profile; null, and does nothing, if there is no such user.
   */
  change(user: UserId, changes: ProfileChanges): Promise<Profile | null>;
}
