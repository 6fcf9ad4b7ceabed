import type { Creator } from '../media/media-listing.ts';
import type { MediaState } from '../media/media-states.ts';
import { bytes, type Bytes } from '../shared/bytes.ts';
import type { GroupId, MediaId, PoolId } from '../shared/ids.ts';
import type { Level } from './headroom.ts';

/** What charged bytes are charged for. */
export type ChargeKind = 'ready' | 'uploading' | 'cloning' | 'importing' | 'moving' | 'trashed';

/** The charged items of a pool in one state. */
export interface CountedItems {
  readonly pool: PoolId;
  readonly state: MediaState;
  /** Whether their bytes come from a URL. */
  readonly imported: boolean;
  readonly bytes: Bytes;
  readonly items: number;
}

/** An item that a group is charged for. */
export interface LedgerEntry {
  readonly id: MediaId;
  readonly group: GroupId;
  readonly name: string;
  readonly type: string;
  readonly size: Bytes;
  readonly state: MediaState;
  /** Whether its bytes come from a URL. */
  readonly imported: boolean;
  /** ISO 8601 in UTC, with microseconds. */
  readonly created: string;
  /** Null if that user was removed. */
  readonly creator: Creator | null;
}

/** Returns what an item in this state is charged for. */
export function chargeKindOf({ state, imported }: Pick<LedgerEntry, 'state' | 'imported'>): ChargeKind {
  if (state === 'uploading') return imported ? 'importing' : 'uploading';
  if (state === 'creating') return 'uploading';
  return state === 'cloning' || state === 'moving' || state === 'trashed' ? state : 'ready';
}

/** Returns the bytes of items by what they are charged for. */
export function splitByKind(counted: readonly CountedItems[]): Readonly<Record<ChargeKind, Bytes>> {
  const split = { ready: 0, uploading: 0, cloning: 0, importing: 0, moving: 0, trashed: 0 };
  for (const one of counted) split[chargeKindOf(one)] += one.bytes;
  return {
    ready: bytes(split.ready),
    uploading: bytes(split.uploading),
    cloning: bytes(split.cloning),
    importing: bytes(split.importing),
    moving: bytes(split.moving),
    trashed: bytes(split.trashed),
  };
}

/** The percentages of a limit at which a warning begins. */
const WARNINGS = [95, 80] as const;

export type QuotaWarning = (typeof WARNINGS)[number];

/** Returns the highest warning of these levels; null if none has reached one. */
export function warningOf(levels: readonly Level[]): QuotaWarning | null {
  const isReached = (percent: QuotaWarning): boolean =>
    levels.some(({ used, limit }) => limit !== null && used * 100 >= limit * percent);
  return WARNINGS.find(isReached) ?? null;
}
