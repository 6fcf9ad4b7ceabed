import type { FailureCode } from '../../domain/shared/domain-error.ts';

/** The error of each unique index. The index decides, not an earlier lookup. */
export const UNIQUE_VIOLATIONS = {
  users_name_unique: 'user-name-taken',
  groups_name_unique: 'group-name-taken',
  media_name_unique: 'media-name-taken',
  media_stored_as_unique: 'media-busy',
} as const satisfies Record<string, FailureCode>;
