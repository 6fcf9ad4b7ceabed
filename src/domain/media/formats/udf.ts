import { viewOf } from './fields.ts';
import type { Image, Span } from './image.ts';
import { untilZero } from './label-text.ts';

/*
 * ECMA-167 (UDF): an anchor at a fixed sector names the volume descriptor sequence, in which the
 * logical volume descriptor has the label. Programs choose the offset of that sequence; it may lie
 * before the anchor, and images are read only forwards. So only the offsets that known programs
 * choose are read, 100 KB in all. Other volumes have no label here.
 */
const KIB = 1024;
const ANCHOR = 2;
const LOGICAL_VOLUME = 6;
const TERMINATOR = 8;
const ANCHOR_SECTOR = 256;
/** Optical media have sectors of 2,048 bytes, disks of 512. */
const SECTORS = [2048, 512];
const SEQUENCE_LENGTH = 32 * KIB;
/** ECMA-167 part 3, 8.4.2: a sequence has at least 16 sectors; known programs write no more. */
const MAX_DESCRIPTORS = 16;
const TAG = 16;
const LABEL_AT = 84;
const LABEL_LENGTH = 128;

/**
 * By offset: the sequence of mkisofs and Windows, the anchor of a disk, the sequence of mkudffs,
 * the anchor of a disc.
 */
const DESCRIPTOR_LOCATIONS: readonly Span[] = [
  { at: 64 * KIB, length: SEQUENCE_LENGTH },
  { at: 128 * KIB, length: 512 },
  { at: 192 * KIB, length: SEQUENCE_LENGTH },
  { at: 512 * KIB, length: 2048 },
];

const DESCRIPTOR_LOCATIONS_END = 514 * KIB;

/** Returns the next part that `udfLabel` needs, as `FormatReader.next` does. */
export function nextUdfPart(image: Image): Span | null {
  const location = DESCRIPTOR_LOCATIONS[image.parts.length];
  if (location !== undefined) return location;
  const sequence = sequenceOf(image)?.at ?? 0;
  const isAhead =
    image.parts.length === DESCRIPTOR_LOCATIONS.length && sequence >= DESCRIPTOR_LOCATIONS_END && sequence < image.size;
  return isAhead ? { at: sequence, length: Math.min(SEQUENCE_LENGTH, image.size - sequence) } : null;
}

/** Returns the name of the logical volume, or an empty text. */
export function udfLabel(image: Image): string {
  const sequence = sequenceOf(image);
  if (sequence === null) return '';
  for (let count = 0; count < MAX_DESCRIPTORS; count++) {
    const descriptor = seen(image, sequence.at + count * sequence.sector, sequence.sector);
    const tag = tagOf(descriptor);
    if (descriptor === null || tag === null || tag === TERMINATOR) break;
    if (tag === LOGICAL_VOLUME) return dstring(descriptor.subarray(LABEL_AT, LABEL_AT + LABEL_LENGTH));
  }
  return '';
}

/** ECMA-167 part 3, 10.2: the start of the main sequence, as the anchor names it. */
function sequenceOf(image: Image): { readonly at: number; readonly sector: number } | null {
  for (const sector of SECTORS) {
    const anchor = seen(image, ANCHOR_SECTOR * sector, 512);
    if (anchor !== null && tagOf(anchor) === ANCHOR) {
      return { at: viewOf(anchor).getUint32(TAG + 4, true) * sector, sector };
    }
  }
  return null;
}

/** ECMA-167 part 3, 7.2: the type of a descriptor, or null if the checksum of its tag is wrong. */
function tagOf(descriptor: Uint8Array | null): number | null {
  if (descriptor === null) return null;
  const sum = descriptor.subarray(0, TAG).reduce((total, byte, at) => (at === 4 ? total : total + byte), 0);
  return (sum & 0xff) === descriptor[4] ? viewOf(descriptor).getUint16(0, true) : null;
}

/**
 * ECMA-167 part 1, 7.2.12, and UDF 2.60, 2.1.3: the width of the characters, the characters, and in
 * the last byte how many bytes are used.
 */
function dstring(field: Uint8Array): string {
  const length = Math.min(field.at(-1) ?? 0, field.length - 1);
  const characters = viewOf(field.subarray(1, Math.max(1, length)));
  const width = { 8: 1, 16: 2 }[field[0] ?? 0];
  if (width === undefined) return '';
  const units = Array.from({ length: Math.floor(characters.byteLength / width) }, (_, at) =>
    width === 1 ? characters.getUint8(at) : characters.getUint16(2 * at),
  );
  return untilZero(String.fromCharCode(...units));
}

/** The bytes at `at`, if the head or a part contains them. */
function seen({ head, parts }: Image, at: number, length: number): Uint8Array | null {
  const part = [{ at: 0, content: head }, ...parts].find(
    (part) => at >= part.at && at + length <= part.at + part.content.length,
  );
  return part?.content.subarray(at - part.at, at - part.at + length) ?? null;
}
