import type { MediaId, PoolId } from '../shared/ids.ts';
import { keyOf, type LibraryEntry, type LibraryFacts, type LibraryType } from './library-drive.ts';
import type { LicenceNeed } from './licence.ts';

/** A library drive as it is stored, in any stage. */
export interface LibraryRecord {
  readonly id: MediaId;
  /** What `keyOf` returned for its last declaration. */
  readonly key: string;
  /** `arriving` until it is published for the first time. */
  readonly stage: 'arriving' | 'published' | 'withdrawn';
  /** Whether its media item is in the state `ready`. */
  readonly ready: boolean;
  readonly pool: PoolId;
  readonly type: LibraryType;
  readonly sha256: string | null;
  readonly facts: LibraryFacts;
  /** By ascending name. */
  readonly licences: readonly LicenceNeed[];
}

/** The steps that make the library as declared. */
export interface LibraryPlan {
  /** Published as declared: nothing to do. */
  readonly unchanged: readonly LibraryEntry[];
  /** Their bytes are stored, but their facts or licences differ, or they are not published. */
  readonly update: readonly { readonly entry: LibraryEntry; readonly id: MediaId }[];
  /** Their bytes have to be stored first. */
  readonly publish: readonly LibraryEntry[];
  /** Published or stored, and no longer declared. */
  readonly withdraw: readonly MediaId[];
  /** They declare an id that belongs to other bytes. */
  readonly refused: readonly LibraryEntry[];
}

/**
 * Compares the declared entries with the stored ones. An id always names the same bytes, so an
 * entry with an id and other bytes is refused; an entry without an id gets a new one, and its
 * predecessor stays published until the new item is.
 */
export function planLibrary(entries: readonly LibraryEntry[], records: readonly LibraryRecord[]): LibraryPlan {
  const steps = entries.map((entry) => ({ entry, ...stepFor(entry, records) }));
  const declared = new Set(steps.flatMap(({ keeps }) => keeps));
  const entriesWith = (step: Step): readonly LibraryEntry[] =>
    steps.filter((one) => one.step === step).map(({ entry }) => entry);
  return {
    unchanged: entriesWith('none'),
    update: steps.flatMap(({ step, entry, id }) => (step === 'update' && id !== null ? [{ entry, id }] : [])),
    publish: entriesWith('publish'),
    withdraw: records
      .filter(({ id, stage, ready }) => stage !== 'withdrawn' && ready && !declared.has(id))
      .map(({ id }) => id),
    refused: entriesWith('refuse'),
  };
}

type Step = 'none' | 'update' | 'publish' | 'refuse';

function stepFor(
  entry: LibraryEntry,
  records: readonly LibraryRecord[],
): { readonly step: Step; readonly id: MediaId | null; readonly keeps: readonly MediaId[] } {
  const known = records.filter((record) => (entry.id === null ? record.key === keyOf(entry) : record.id === entry.id));
  const stored = known.filter((record) => record.ready && hasBytesOf(entry, record)).sort(publishedFirst)[0];
  const published = known.filter(({ stage }) => stage === 'published').map(({ id }) => id);
  if (stored === undefined) {
    const isTaken = entry.id !== null && known.some(({ ready }) => ready);
    return { step: isTaken ? 'refuse' : 'publish', id: null, keeps: published };
  }
  return { step: isAsDeclared(entry, stored) ? 'none' : 'update', id: stored.id, keeps: [stored.id] };
}

function publishedFirst(one: LibraryRecord, other: LibraryRecord): number {
  return Number(other.stage === 'published') - Number(one.stage === 'published');
}

function hasBytesOf(entry: LibraryEntry, record: LibraryRecord): boolean {
  return record.sha256 === entry.sha256 && record.pool === entry.pool && record.type === entry.type;
}

function isAsDeclared(entry: LibraryEntry, record: LibraryRecord): boolean {
  return (
    record.stage === 'published' &&
    record.key === keyOf(entry) &&
    sameFacts(entry.facts, record.facts) &&
    sameNeeds(entry.licences, record.licences)
  );
}

function sameFacts(one: LibraryFacts, other: LibraryFacts): boolean {
  const { category, meta, ...rest } = one;
  const plain = Object.keys(rest) as (keyof typeof rest)[];
  return (
    plain.every((name) => one[name] === other[name]) &&
    category.length === other.category.length &&
    category.every((part, at) => part === other.category[at]) &&
    Object.keys(meta).length === Object.keys(other.meta).length &&
    Object.entries(meta).every(([key, value]) => other.meta[key] === value)
  );
}

function sameNeeds(one: readonly LicenceNeed[], other: readonly LicenceNeed[]): boolean {
  return (
    one.length === other.length &&
    one.every((need) => other.some(({ licence, amount }) => licence === need.licence && amount === need.amount))
  );
}
