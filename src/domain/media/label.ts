import type { Bytes } from '../shared/bytes.ts';
import type { GroupId, MediaId, PoolId, UserUuid } from '../shared/ids.ts';
import { MAX_NAME_BYTES } from '../shared/name.ts';
import type { PageTerms } from '../shared/page.ts';
import { truncateUtf8 } from '../shared/truncate-utf8.ts';
import { DEFAULT_MEDIA_TYPE } from './media.ts';
import type { MediaState } from './media-states.ts';

/** The label that users write on a media item. */
export interface Label {
  /** Follows the rules of names; not unique. */
  readonly text: string;
  /** Texts by name. */
  readonly meta: Readonly<Record<string, string>>;
  /** Whether it may be attached to several servers at once. */
  readonly shareable: boolean;
  /** Stored and returned; without effect. */
  readonly affinities: readonly string[];
}

/** A media item with its label. The default label is the name of the item. */
export interface Drive {
  readonly id: MediaId;
  readonly pool: PoolId;
  readonly group: GroupId;
  readonly type: string;
  readonly size: Bytes;
  readonly readOnly: boolean;
  readonly state: MediaState;
  readonly createdBy: UserUuid;
  readonly label: Label;
}

/** A search for drives by their labels. Each list is a condition; any of its values may match. */
export interface LabelSearch extends PageTerms {
  readonly ids: readonly (readonly string[])[];
  readonly labels: readonly (readonly string[])[];
  /** Tags of the user who searches. */
  readonly tags: readonly (readonly string[])[];
  /** Found anywhere in the label, in either case, without wildcards. */
  readonly labelParts: readonly (readonly string[])[];
}

/** Returns whether a search has any condition. */
export function isNarrowed({ ids, labels, tags, labelParts }: LabelSearch): boolean {
  return [ids, labels, tags, labelParts].some((lists) => lists.length > 0);
}

/** The type of optical media; items of all other types are disks. */
export const OPTICAL_TYPE = 'ISO';
const SUFFIX_CHARACTERS = 8;

/** Returns whether items of this type are optical (docs/cloudsigma.md#drives). */
export function isOptical(type: string): boolean {
  return type === OPTICAL_TYPE;
}

/**
 * Returns the type of new drives, and whether they are read-only
 * (docs/cloudsigma.md#one-depot-two-apis).
 */
export function kindOf(optical: boolean): { readonly type: string; readonly readOnly: boolean } {
  return { type: optical ? OPTICAL_TYPE : DEFAULT_MEDIA_TYPE, readOnly: optical };
}

/**
 * Returns the file name that a drive gets from its label, permanently: the label if it is free in
 * the pool, else the label and a short suffix of the id, truncated to 255 bytes of UTF-8
 * (docs/cloudsigma.md#drives).
 */
export function fileNameFor(label: string, id: MediaId, isTaken: (name: string) => boolean): string {
  if (!isTaken(label)) return label;
  const suffix = `-${id.slice(0, SUFFIX_CHARACTERS)}`;
  return truncateUtf8(label, MAX_NAME_BYTES - suffix.length) + suffix;
}
