import type { Caller } from '../../domain/access/caller.ts';
import type { Link } from '../../domain/media/link.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { LinkId, MediaId, UserUuid } from '../../domain/shared/ids.ts';

/** The SHA-256 of the secret of a link, in lower-case hex. */
export type LinkHash = string;

/** A link to be stored. */
export interface NewLink {
  readonly id: LinkId;
  readonly hash: LinkHash;
  readonly media: MediaId;
  readonly creator: UserUuid;
  /** Addresses and networks in CIDR notation. */
  readonly networks: readonly string[];
  readonly note: string;
  /** How long it is valid. */
  readonly seconds: number;
}

/** The bytes that a link served since the last report. */
export interface LinkUse {
  readonly id: LinkId;
  readonly bytes: number;
}

/** Links to items. A link that has expired is as good as deleted. */
export interface LinkRepository {
  /**
   * Stores a link and returns it; null if its creator has `max` links already. Inserts for one user
   * wait for each other.
   */
  insert(link: NewLink, max: number): Promise<Link | null>;
  /**
   * Returns the link with this hash and its creator as a caller, if a client with this address may
   * use it. `address` is normalised; null if it is unknown.
   */
  find(hash: LinkHash, address: string | null): Promise<{ readonly link: Link; readonly creator: Caller } | null>;
  /** Returns a page of the valid links of an item. One statement. */
  page(media: MediaId, terms: KeysetTerms<'created'>): Promise<KeysetPage<Link>>;
  /** Deletes a link of an item. Returns whether there was one. */
  remove(media: MediaId, id: LinkId): Promise<boolean>;
  /** Records that links are being used, and returns those that are still valid. */
  recordUses(uses: readonly LinkUse[]): Promise<ReadonlySet<LinkId>>;
  /** Deletes expired links, at most 1000 per call. */
  forgetExpired(): Promise<void>;
}
