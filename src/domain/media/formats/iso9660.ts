import { charactersOf, hasAt } from './fields.ts';
import type { FormatReader, Image, ImageContent } from './image.ts';

/*
 * ECMA-119 (ISO 9660), section 8: descriptors of 2,048 bytes from sector 16 on. ECMA-167 (UDF) part 2 puts its own after them, or
 * there alone. Both leave the first 16 sectors to others, so an MBR or GPT there is as it should be (isohybrid).
 */
const SECTOR = 2048;
const FIRST = 16;
/** Images have three to eight descriptors; this many are looked at. */
const MOST = 16;
const PRIMARY = 1;
const SUPPLEMENTARY = 2;
const LABEL_AT = 40;
const LABEL_LENGTH = 32;
const ESCAPES_AT = 88;
/** The Joliet Specification, “SVD Escape Sequences”: the three levels of UCS-2. */
const JOLIET = ['%/@', '%/C', '%/E'];
const UDF = ['BEA01', 'NSR02', 'NSR03', 'BOOT2', 'TEA01', 'CDW02'];

/** ISO 9660, UDF, or both over the same files (the UDF bridge). Nothing in them names anything outside. */
export const iso: FormatReader = {
  format: 'iso',
  recognises: ({ head }) => standardOf(head, FIRST) !== null,
  read: readIso,
};

function readIso({ head, size }: Image): ImageContent {
  const descriptors: Uint8Array[] = [];
  for (let sector = FIRST; sector < FIRST + MOST && standardOf(head, sector) !== null; sector++) {
    if (standardOf(head, sector) === 'CD001') descriptors.push(head.subarray(sector * SECTOR, (sector + 1) * SECTOR));
  }
  const primary = descriptors.find((descriptor) => descriptor[0] === PRIMARY);
  const joliet = descriptors.find((descriptor) => descriptor[0] === SUPPLEMENTARY && isJoliet(descriptor));
  return { virtualSize: size, label: asciiLabel(primary) ?? jolietLabel(joliet) };
}

/** The identifier of the descriptor in a sector, where it is one. */
function standardOf(head: Uint8Array, sector: number): string | null {
  return ['CD001', ...UDF].find((standard) => hasAt(head, sector * SECTOR + 1, standard)) ?? null;
}

function isJoliet(descriptor: Uint8Array): boolean {
  return JOLIET.some((escapes) => hasAt(descriptor, ESCAPES_AT, escapes));
}

/**
 * The volume identifier of the primary descriptor, which has 32 characters where Joliet's has 16. Only the letters of ASCII have a
 * meaning there.
 */
function asciiLabel(descriptor: Uint8Array | undefined): string | null {
  const text = untilZero(charactersOf(labelOf(descriptor)));
  return /^[ -~]+$/.test(text) ? trimmed(text) : null;
}

/** Joliet's volume identifier, UCS-2 with the high byte first: for volumes whose name the primary descriptor cannot hold. */
function jolietLabel(descriptor: Uint8Array | undefined): string | null {
  const label = labelOf(descriptor);
  const units = Array.from(
    { length: label.length >> 1 },
    (_, at) => ((label[2 * at] ?? 0) << 8) | (label[2 * at + 1] ?? 0),
  );
  const text = untilZero(String.fromCharCode(...units));
  return text.isWellFormed() && !/[\p{Cc}\p{Bidi_Control}]/u.test(text) ? trimmed(text) : null;
}

function labelOf(descriptor: Uint8Array | undefined): Uint8Array {
  return descriptor?.subarray(LABEL_AT, LABEL_AT + LABEL_LENGTH) ?? new Uint8Array();
}

function untilZero(text: string): string {
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

function trimmed(text: string): string | null {
  const label = text.trim();
  return label === '' ? null : label;
}
