import { bytes } from '../../domain/shared/bytes.ts';
import type { BlobStore, BlobTrace } from '../ports/blob-store.ts';
import type { BlobRecord } from '../ports/examination-repository.ts';
import type { BlobFault } from './finding.ts';

/**
 * What is wrong with a blob, if the record and the trace are of the same moment; they may not be.
 * What is on its way in or out may lie there whole, in part or not at all.
 */
export function faultsOf(
  record: BlobRecord | null,
  trace: BlobTrace | null,
  { immutable }: Pick<BlobStore, 'immutable'>,
): readonly BlobFault[] {
  const { storedBytes: found = null, halves = 0 } = trace ?? {};
  if (record === null) {
    if (found !== null) return [{ kind: 'bytes-unowned', found }];
    return halves > 0 ? [{ kind: 'half-written', owned: false, attempts: halves }] : [];
  }
  const { media, storedBytes, damage } = record;
  if (media === null || storedBytes === null) return [];
  const faults: BlobFault[] = halves > 0 ? [{ kind: 'half-written', owned: true, attempts: halves }] : [];
  const { least, most } = expected(record, immutable);
  if (found === null) {
    if (isKept(record, immutable)) faults.push({ kind: 'bytes-missing', media, expected: bytes(least) });
  } else if (!record.resizing) {
    if (found < least) faults.push({ kind: 'bytes-too-few', media, expected: bytes(least), found });
    if (found > most) faults.push({ kind: 'bytes-too-many', media, expected: bytes(most), found });
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
): { readonly least: number; readonly most: number } {
  const stored = storedBytes ?? 0;
  if (immutable) return { least: stored, most: stored };
  const whole = Math.max(stored, largest);
  return readOnly ? { least: stored, most: whole } : { least: whole, most: Infinity };
}
