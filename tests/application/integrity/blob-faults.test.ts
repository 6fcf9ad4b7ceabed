import { faultsOf } from '../../../src/application/integrity/blob-faults.ts';
import type { BlobEntry } from '../../../src/application/ports/blob-store.ts';
import type { BlobRecord } from '../../../src/application/ports/examination-repository.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { BlobId, MediaId } from '../../../src/domain/shared/ids.ts';

const id = 'b' as BlobId;
const DISK = { immutable: false };
const S3 = { immutable: true };
const FINISHED: BlobRecord = {
  id,
  location: 0,
  media: 'm' as MediaId,
  storedBytes: bytes(10),
  digested: true,
  resizing: false,
  damage: null,
  readOnly: true,
  largest: bytes(10),
};

const entry = (stored: number | null, incompleteWrites = 0): BlobEntry => ({
  id,
  storedBytes: stored === null ? null : bytes(stored),
  incompleteWrites,
});

function kinds(record: BlobRecord | null, found: BlobEntry | null, store: { readonly immutable: boolean }): string {
  return faultsOf(record, found, store)
    .map((fault) => ('expected' in fault ? `${fault.kind} ${fault.expected}` : fault.kind))
    .join(', ');
}

describe('faultsOf', () => {
  it.each([
    ['is there', FINISHED, entry(10), '', ''],
    ['is not there', FINISHED, null, 'bytes-missing 10', 'bytes-missing 10'],
    [
      'is only half there',
      FINISHED,
      entry(null, 1),
      'half-written, bytes-missing 10',
      'half-written, bytes-missing 10',
    ],
    ['was cut off', FINISHED, entry(9), 'bytes-too-few 10', 'bytes-too-few 10'],
    ['has more than anybody put there', FINISHED, entry(11), 'bytes-too-many 10', 'bytes-too-many 10'],
    ['grew before it was closed to writers', { ...FINISHED, largest: bytes(12) }, entry(12), '', 'bytes-too-many 10'],
    ['is shared with larger media', { ...FINISHED, largest: bytes(12) }, entry(10), '', ''],
    [
      'may be written to and lacks room',
      { ...FINISHED, readOnly: false, largest: bytes(12) },
      entry(10),
      'bytes-too-few 12',
      '',
    ],
    ['may be written to and grew', { ...FINISHED, readOnly: false }, entry(99), '', 'bytes-too-many 10'],
    ['gets another size', { ...FINISHED, resizing: true, readOnly: false }, entry(5), '', ''],
    ['is nothing but zeros', { ...FINISHED, storedBytes: bytes(0), digested: false }, null, 'bytes-missing 0', ''],
    [
      'is empty, and came in',
      { ...FINISHED, storedBytes: bytes(0), largest: bytes(0) },
      null,
      'bytes-missing 0',
      'bytes-missing 0',
    ],
    ['has yet to come', { ...FINISHED, storedBytes: null }, null, '', ''],
    ['is on its way in', { ...FINISHED, storedBytes: null }, entry(null, 2), '', ''],
    ['came in a moment ago', { ...FINISHED, storedBytes: null }, entry(10), '', ''],
    ['is on its way out', { ...FINISHED, media: null }, null, '', ''],
    ['is still to be removed', { ...FINISHED, media: null }, entry(10, 1), '', ''],
    ['belongs to nobody', null, entry(10, 1), 'bytes-unowned', 'bytes-unowned'],
    ['was begun by nobody', null, entry(null, 1), 'half-written', 'half-written'],
    ['was there a moment ago', null, entry(null), '', ''],
  ])('%s', (_, record, found, onDisk, inS3) => {
    expect([kinds(record, found, DISK), kinds(record, found, S3)]).toEqual([onDisk, inS3]);
  });
});
