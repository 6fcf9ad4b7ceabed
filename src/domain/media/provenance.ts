import type { Channel } from '../audit/audit-event.ts';
import type { MediaId } from '../shared/ids.ts';
import type { UnderWay } from './media-states.ts';

/** The ways in which items come into being. */
export const PROVENANCE_KINDS = ['upload', 'create', 'clone', 'import', 'library'] as const;

/** How an item came into being: `library` is a clone of a library drive. */
export type ProvenanceKind = (typeof PROVENANCE_KINDS)[number];

/** Where an item comes from. Its row also has its creator and the time. */
export interface Provenance {
  readonly kind: ProvenanceKind;
  /** The item that was cloned; it may not exist any more. */
  readonly source: MediaId | null;
  /** The URL that was imported. */
  readonly url: string | null;
  /** The checksum that the imported bytes were verified by, such as `sha256:…`; null for none. */
  readonly checksum: string | null;
  /** The channel of its creator; null if the program itself created it. */
  readonly channel: Channel | null;
}

const KINDS: Readonly<Record<UnderWay, ProvenanceKind>> = {
  creating: 'create',
  uploading: 'upload',
  cloning: 'clone',
};

/** Returns the provenance of an item without a source, by its first state. */
export function provenanceBy(state: UnderWay, channel: Channel | undefined): Provenance {
  return { kind: KINDS[state], source: null, url: null, checksum: null, channel: channel ?? null };
}
