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
 * What is wrong with a blob, if the record and the trace are of the same moment; they may not be.
 * What is on its way in or out may lie there whole, in part or not at all.
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

/** Zeros of which none came in need not be kept where nobody writes in place. */
function isKept({ storedBytes, digested }: BlobRecord, immutable: boolean): boolean {
  return !immutable || digested || storedBytes !== 0;
}

/**
 * What came in is never cut off. Where it can be written to in place, writable media have room for
 * their whole size, or for more where their format grows; read-only media may have grown to their
 * size before, or share bytes that do not grow with them.
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
