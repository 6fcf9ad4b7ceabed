import type { Bytes } from '../shared/bytes.ts';
import type { GroupId, MediaId, PoolId, UserUuid } from '../shared/ids.ts';
import { MAX_NAME_BYTES } from '../shared/name.ts';
import type { PageTerms } from '../shared/page.ts';
import { truncateUtf8 } from '../shared/truncate-utf8.ts';
import { DEFAULT_MEDIA_TYPE } from './media.ts';
import type { MediaState } from './media-states.ts';

/** What users write on media. */
export interface Label {
  /** What they call it: by the rules of names, and not unique. */
  readonly text: string;
  /** Texts by name. */
  readonly meta: Readonly<Record<string, string>>;
  /** Whether several servers may have it attached at once. */
  readonly shareable: boolean;
  /** Where it should lie; kept, with no effect. */
  readonly affinities: readonly string[];
}

/** Media with their label: those that nobody labelled are labelled with their name. */
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

/**
 * Media that somebody looks for, by their labels. Every element of a list has to fit, with any of
 * its values.
 */
export interface LabelSearch extends PageTerms {
  readonly ids: readonly (readonly string[])[];
  readonly labels: readonly (readonly string[])[];
  /** Of the one who looks. */
  readonly tags: readonly (readonly string[])[];
  /**
   * Found anywhere in the label, in either case of letters; no character means anything but itself.
   */
  readonly labelParts: readonly (readonly string[])[];
}

/** Whether a search looks for less than everything. */
export function isNarrowed({ ids, labels, tags, labelParts }: LabelSearch): boolean {
  return [ids, labels, tags, labelParts].some((lists) => lists.length > 0);
}

/** The type of optical media; those of all other types are disks. */
export const OPTICAL_TYPE = 'ISO';
const SUFFIX_CHARACTERS = 8;

/** Whether media of this type are optical; all others are disks (docs/cloudsigma.md#drives). */
export function isOptical(type: string): boolean {
  return type === OPTICAL_TYPE;
}

/**
 * The type of media that are made here, and whether they are read-only
 * (docs/cloudsigma.md#one-depot-two-apis).
 */
export function kindOf(optical: boolean): { readonly type: string; readonly readOnly: boolean } {
  return { type: optical ? OPTICAL_TYPE : DEFAULT_MEDIA_TYPE, readOnly: optical };
}

/**
 * The file name that media get from their label, once: the label itself where nobody in the pool
 * has it, else the label with a short suffix of the id, cut to 255 bytes of UTF-8
 * (docs/cloudsigma.md#drives).
 */
export function fileNameFor(label: string, id: MediaId, isTaken: (name: string) => boolean): string {
  if (!isTaken(label)) return label;
  const suffix = `-${id.slice(0, SUFFIX_CHARACTERS)}`;
  return truncateUtf8(label, MAX_NAME_BYTES - suffix.length) + suffix;
}
