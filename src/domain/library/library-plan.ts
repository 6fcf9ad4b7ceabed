import type { MediaId, PoolId } from '../shared/ids.ts';
import { keyOf, type LibraryEntry, type LibraryFacts, type LibraryType } from './library-drive.ts';
import type { LicenceNeed } from './licence.ts';

/** A library drive as it is stored, in whatever stage. */
export interface LibraryRecord {
  readonly id: MediaId;
  /** As `keyOf` had it when it was last declared. */
  readonly key: string;
  /** `arriving` until it is published for the first time. */
  readonly stage: 'arriving' | 'published' | 'withdrawn';
  /** Whether all its bytes are there, and not about to be taken away. */
  readonly ready: boolean;
  readonly pool: PoolId;
  readonly type: LibraryType;
  readonly sha256: string | null;
  readonly facts: LibraryFacts;
  /** By ascending name. */
  readonly licences: readonly LicenceNeed[];
}

/** What has to be done so that the library is as declared. */
export interface LibraryPlan {
  /** Published, with the right bytes, and nothing to do. */
  readonly unchanged: readonly LibraryEntry[];
  /** Their bytes are there; what is said of them is not as declared, or they are not published. */
  readonly settle: readonly { readonly entry: LibraryEntry; readonly id: MediaId }[];
  /** Their bytes have to be brought. */
  readonly publish: readonly LibraryEntry[];
  /** Published or brought, and not declared any more. */
  readonly withdraw: readonly MediaId[];
  /** They ask for an id that other bytes have. */
  readonly refused: readonly LibraryEntry[];
}

/**
 * Compares what is declared with what is there. An id names the same bytes for ever, so that an
 * entry with an id of its own and other bytes is refused; one without gets a new id, and its
 * predecessor stays published until the new one is.
 */
export function planLibrary(entries: readonly LibraryEntry[], records: readonly LibraryRecord[]): LibraryPlan {
  const steps = entries.map((entry) => ({ entry, ...stepFor(entry, records) }));
  const declared = new Set(steps.flatMap(({ keeps }) => keeps));
  const entriesWith = (step: Step): readonly LibraryEntry[] =>
    steps.filter((one) => one.step === step).map(({ entry }) => entry);
  return {
    unchanged: entriesWith('none'),
    settle: steps.flatMap(({ step, entry, id }) => (step === 'settle' && id !== null ? [{ entry, id }] : [])),
    publish: entriesWith('bring'),
    withdraw: records
      .filter(({ id, stage, ready }) => stage !== 'withdrawn' && ready && !declared.has(id))
      .map(({ id }) => id),
    refused: entriesWith('refuse'),
  };
}

type Step = 'none' | 'settle' | 'bring' | 'refuse';

function stepFor(
  entry: LibraryEntry,
  records: readonly LibraryRecord[],
): { readonly step: Step; readonly id: MediaId | null; readonly keeps: readonly MediaId[] } {
  const known = records.filter((record) => (entry.id === null ? record.key === keyOf(entry) : record.id === entry.id));
  const there = known.filter((record) => record.ready && hasBytesOf(entry, record)).sort(publishedFirst)[0];
  const published = known.filter(({ stage }) => stage === 'published').map(({ id }) => id);
  if (there === undefined) {
    const taken = entry.id !== null && known.some(({ ready }) => ready);
    return { step: taken ? 'refuse' : 'bring', id: null, keeps: published };
  }
  return { step: isAsDeclared(entry, there) ? 'none' : 'settle', id: there.id, keeps: [there.id] };
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
