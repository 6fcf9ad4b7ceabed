import type { LinkId, MediaId, UserUuid } from '../shared/ids.ts';

/**
 * A link to the bytes of one item, for clients that cannot log in. Its secret is shown once and
 * stored as a hash.
 */
export interface Link {
  readonly id: LinkId;
  readonly media: MediaId;
  /** The user who created it, whose rights count at each use. */
  readonly creator: UserUuid;
  /** The addresses and networks that may use it; all if empty. */
  readonly networks: readonly string[];
  readonly note: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Null if it was never used. */
  readonly lastUsedAt: Date | null;
  readonly bytesServed: number;
}
