import type { Bytes } from '../shared/bytes.ts';
import type { MediaId, PoolId, ServerId } from '../shared/ids.ts';
import type { BoundLicence, LicenceNeed } from './licence.ts';

/** What the operator says of a library drive (docs/cloudsigma.md#library-drives). */
export interface LibraryFacts {
  /** For people; it need not be unique. */
  readonly name: string;
  readonly description: string | null;
  readonly os: string;
  /** How many bits the processor has that it is for, in text. */
  readonly arch: string;
  readonly distribution: string | null;
  readonly version: string | null;
  readonly category: readonly string[];
  /** How it is used, such as `preinst` or `install`. */
  readonly imageType: string;
  readonly installNotes: string | null;
  readonly paid: boolean;
  readonly favourite: boolean;
  /** Empty where there is none. */
  readonly url: string;
  /** Who may sign in to what is installed on it. */
  readonly defaultUser: string | null;
  readonly meta: Readonly<Record<string, string>>;
}

/** What kinds of media there are in the library: optical ones are attached, disks are cloned. */
export type LibraryType = 'ISO' | 'DISK';

/** Media that the operator publishes, as everybody sees them. */
export interface LibraryDrive {
  readonly id: MediaId;
  readonly pool: PoolId;
  readonly type: LibraryType;
  readonly size: Bytes;
  readonly facts: LibraryFacts;
  /** By ascending name. */
  readonly licences: readonly BoundLicence[];
  /** The servers that have it, of whoever looks; those of others are theirs to know. */
  readonly servers: readonly ServerId[];
}

/**
 * Where the bytes of a library drive come from: a file of the host (an absolute path), or finished
 * media.
 */
export type LibrarySource =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'media'; readonly id: MediaId };

/** A library drive as the operator declares it. */
export interface LibraryEntry {
  /** Null where it may have any. */
  readonly id: MediaId | null;
  readonly pool: PoolId;
  readonly type: LibraryType;
  /** What its bytes must have, in lower-case hex. */
  readonly sha256: string;
  readonly source: LibrarySource;
  readonly facts: LibraryFacts;
  readonly licences: readonly LicenceNeed[];
}

/**
 * By what the same library drive is known again when it is declared the next time: its id where it
 * is given one, else its name.
 */
export function keyOf(entry: LibraryEntry): string {
  return entry.id ?? entry.facts.name;
}
