import type { FailureCode } from '../../domain/shared/domain-error.ts';

/**
 * What each unique index says when it refuses a row: the index is the judge, not a look-up before
 * it.
 */
export const UNIQUE_VIOLATIONS = {
  users_name_unique: 'user-name-taken',
  groups_name_unique: 'group-name-taken',
  media_name_unique: 'media-name-taken',
} as const satisfies Record<string, FailureCode>;
