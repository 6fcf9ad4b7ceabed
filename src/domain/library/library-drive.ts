import type { Bytes } from '../shared/bytes.ts';
import type { MediaId, PoolId, ServerId } from '../shared/ids.ts';
import type { BoundLicence, LicenceNeed } from './licence.ts';

/** The description of a library drive by the operator (docs/cloudsigma.md#library-drives). */
export interface LibraryFacts {
  /** For people; not unique. */
  readonly name: string;
  readonly description: string | null;
  readonly os: string;
  /** The word size of its processor, in bits, as text. */
  readonly arch: string;
  readonly distribution: string | null;
  readonly version: string | null;
  readonly category: readonly string[];
  /** Its use, such as `preinst` or `install`. */
  readonly imageType: string;
  readonly installNotes: string | null;
  readonly paid: boolean;
  readonly favourite: boolean;
  /** Empty if there is none. */
  readonly url: string;
  /** The user name to sign in to the installed system with. */
  readonly defaultUser: string | null;
  readonly meta: Readonly<Record<string, string>>;
}

/** The types of library drives: an `ISO` is attached, a `DISK` is cloned. */
export type LibraryType = 'ISO' | 'DISK';

/** A published media item, as users see it. */
export interface LibraryDrive {
  readonly id: MediaId;
  readonly pool: PoolId;
  readonly type: LibraryType;
  readonly size: Bytes;
  /** When it was published first, with microseconds (ISO 8601 in UTC). */
  readonly published: string;
  readonly facts: LibraryFacts;
  /** By ascending name. */
  readonly licences: readonly BoundLicence[];
  /** The servers of the viewer to which it is attached; never those of other users. */
  readonly servers: readonly ServerId[];
}

/**
 * The source of the bytes of a library drive: a file of this host (an absolute path), a finished
 * media item, or a URL. The query of a URL may be a secret: never log, show or store it.
 */
export type LibrarySource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'media'; readonly id: MediaId }
  | { readonly kind: 'url'; readonly url: string };

/** A library drive as the operator declares it. */
export interface LibraryEntry {
  /** Null if any id will do. */
  readonly id: MediaId | null;
  readonly pool: PoolId;
  readonly type: LibraryType;
  /** The expected digest, in lower-case hex. */
  readonly sha256: string;
  readonly source: LibrarySource;
  readonly facts: LibraryFacts;
  readonly licences: readonly LicenceNeed[];
}

/**
 * Returns the key by which a drive is recognised in the next declaration: its declared id, else its
 * name.
 */
export function keyOf(entry: LibraryEntry): string {
  return entry.id ?? entry.facts.name;
}
