import { crc32c } from './crc32c.ts';
import { hasAt, partAt } from './fields.ts';
import { refuse, type Image, type Span } from './image.ts';

/* [MS-VHDX] 2.2.2, “Headers”: two of them; the newer intact one is current. */
const LENGTH = 4096;
const CHECKSUM_AT = 4;
const SEQUENCE_AT = 8;
const LOG_AT = 48;
const VERSION_AT = 66;
const VERSION = 1;

/** The spans of the two headers. */
export const HEADERS: readonly Span[] = [
  { at: 64 * 1024, length: LENGTH },
  { at: 128 * 1024, length: LENGTH },
];

/**
 * Verifies the current header.
 *
 * @throws DomainError `format-refused` when no header is intact, its version is unknown, or its log
 *   is not empty: replaying the log may change the metadata
 */
export function currentHeader(image: Image): void {
  const whole = HEADERS.map(({ at }) => partAt(image, at, LENGTH, 'VHDX header')).filter(isWhole);
  const sequences = whole.map((header) => header.getBigUint64(SEQUENCE_AT, true));
  const newest = sequences.reduce((max, sequence) => (sequence > max ? sequence : max), 0n);
  // If both are equally new, readers may use either.
  const current = whole.filter((_, at) => sequences[at] === newest);
  if (current.length === 0) refuse('the VHDX has no header that is intact');
  if (current.some((header) => header.getUint16(VERSION_AT, true) !== VERSION)) {
    refuse('only version 1 of VHDX is known');
  }
  const isOpen = (header: DataView): boolean =>
    header.getBigUint64(LOG_AT) !== 0n || header.getBigUint64(LOG_AT + 8) !== 0n;
  if (current.some(isOpen)) {
    refuse(
      'the VHDX was not closed: open it once with a program that replays its log, such as "qemu-img check -r all"',
    );
  }
}

function isWhole(header: DataView): boolean {
  const content = new Uint8Array(header.buffer, header.byteOffset, header.byteLength);
  if (!hasAt(content, 0, 'head')) return false;
  const unsigned = Uint8Array.from(content).fill(0, CHECKSUM_AT, CHECKSUM_AT + 4);
  return crc32c(unsigned) === header.getUint32(CHECKSUM_AT, true);
}
