import type { Profile, ProfileChanges } from '../../domain/access/profile.ts';
import type { UserId } from '../../domain/shared/ids.ts';

export interface ProfileRepository {
  /** What a user says; everybody has a profile. Null where there is no such user. */
  find(user: UserId): Promise<Profile | null>;
  /**
   * Changes what is given and answers the whole. Null, having done nothing, where there is no such
   * user.
   */
  change(user: UserId, changes: ProfileChanges): Promise<Profile | null>;
}
