import type { Damage } from '../../domain/media/damage.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { BlobContent, BlobEntry } from '../ports/blob-store.ts';
import type { BlobRecord } from '../ports/examination-repository.ts';

/** A fault of one blob. */
export type BlobFault =
  | { readonly kind: 'bytes-missing'; readonly media: MediaId; readonly expected: Bytes }
  | { readonly kind: 'bytes-too-few'; readonly media: MediaId; readonly expected: Bytes; readonly found: Bytes }
  | { readonly kind: 'bytes-too-many'; readonly media: MediaId; readonly expected: Bytes; readonly found: Bytes }
  | { readonly kind: 'bytes-damaged'; readonly media: MediaId; readonly damage: Damage }
  | { readonly kind: 'bytes-unowned'; readonly found: Bytes }
  | { readonly kind: 'half-written'; readonly owned: boolean; readonly attempts: number };

/**
 * Returns the faults of a blob, provided that its row and its entry are of the same moment. Bytes
 * that are being written or deleted may exist completely, partly or not at all.
 */
export function faultsOf(
  record: BlobRecord | null,
  entry: BlobEntry | null,
  { immutable }: Pick<BlobContent, 'immutable'>,
): readonly BlobFault[] {
  const { storedBytes: found = null, incompleteWrites: incompleteWrites = 0 } = entry ?? {};
  if (record === null) {
    if (found !== null) return [{ kind: 'bytes-unowned', found }];
    return incompleteWrites > 0 ? [{ kind: 'half-written', owned: false, attempts: incompleteWrites }] : [];
  }
  const { media, storedBytes, damage } = record;
  if (media === null || storedBytes === null) return [];
  const faults: BlobFault[] =
    incompleteWrites > 0 ? [{ kind: 'half-written', owned: true, attempts: incompleteWrites }] : [];
  const { min, max } = expected(record, immutable);
  if (found === null) {
    if (isKept(record, immutable)) faults.push({ kind: 'bytes-missing', media, expected: bytes(min) });
  } else if (!record.resizing) {
    if (found < min) faults.push({ kind: 'bytes-too-few', media, expected: bytes(min), found });
    if (found > max) faults.push({ kind: 'bytes-too-many', media, expected: bytes(max), found });
  }
  if (damage !== null) faults.push({ kind: 'bytes-damaged', media, damage });
  return faults;
}

/** In an immutable store, a blob of zeros only need not exist. */
function isKept({ storedBytes, digested }: BlobRecord, immutable: boolean): boolean {
  return !immutable || digested || storedBytes !== 0;
}

/**
 * Uploaded bytes are never cut off. In a writable store, a writable item has space for its whole
 * size, or more if its format grows; a read-only item may have grown to its size before, or share
 * bytes that do not grow with it.
 */
function expected(
  { storedBytes, readOnly, largest }: BlobRecord,
  immutable: boolean,
): { readonly min: number; readonly max: number } {
  const stored = storedBytes ?? 0;
  if (immutable) return { min: stored, max: stored };
  const whole = Math.max(stored, largest);
  return readOnly ? { min: stored, max: whole } : { min: whole, max: Infinity };
}
