import { charactersOf, hasAt } from './fields.ts';
import type { FormatReader, Image } from './image.ts';
import { printableLabel, untilZero } from './label-text.ts';
import { nextUdfPart, udfLabel } from './udf.ts';

/*
 * ECMA-119 (ISO 9660), section 8: descriptors of 2,048 bytes from sector 16 on. Those of ECMA-167
 * (UDF) part 2 follow them, or stand there alone. Neither defines the first 16 sectors, so an MBR
 * or GPT there is valid (isohybrid).
 */
const SECTOR = 2048;
const FIRST = 16;
/** Images have three to eight descriptors; more than this many are ignored. */
const MAX_DESCRIPTORS = 16;
const PRIMARY = 1;
const SUPPLEMENTARY = 2;
const LABEL_AT = 40;
const LABEL_LENGTH = 32;
const ESCAPES_AT = 88;
/** The Joliet Specification, “SVD Escape Sequences”: the three levels of UCS-2. */
const JOLIET = ['%/@', '%/C', '%/E'];
const UDF = ['BEA01', 'NSR02', 'NSR03', 'BOOT2', 'TEA01', 'CDW02'];

/** ISO 9660, UDF, or both over the same files (the UDF bridge). Neither can name other files. */
export const iso: FormatReader = {
  format: 'iso',
  matches: ({ head }) => standardOf(head, FIRST) !== null,
  // The label of ISO 9660 is in the head.
  next: (image) => (isUdf(image.head) && isoLabel(image.head) === null ? nextUdfPart(image) : null),
  read: (image) => ({ virtualSize: image.size, label: labelOf(image) }),
};

function labelOf(image: Image): string | null {
  return isoLabel(image.head) ?? (isUdf(image.head) ? printableLabel(udfLabel(image)) : null);
}

function isoLabel(head: Uint8Array): string | null {
  const descriptors = sectorsOf(head)
    .filter(({ standard }) => standard === 'CD001')
    .map(({ sector }) => head.subarray(sector * SECTOR, (sector + 1) * SECTOR));
  const primary = descriptors.find((descriptor) => descriptor[0] === PRIMARY);
  const joliet = descriptors.find((descriptor) => descriptor[0] === SUPPLEMENTARY && isJoliet(descriptor));
  return asciiLabel(primary) ?? jolietLabel(joliet);
}

function isUdf(head: Uint8Array): boolean {
  return sectorsOf(head).some(({ standard }) => standard.startsWith('NSR'));
}

/** The sectors with descriptors of a standard, up to the first one without. */
function sectorsOf(head: Uint8Array): readonly { readonly sector: number; readonly standard: string }[] {
  const found = [];
  for (let sector = FIRST; sector < FIRST + MAX_DESCRIPTORS; sector++) {
    const standard = standardOf(head, sector);
    if (standard === null) break;
    found.push({ sector, standard });
  }
  return found;
}

/** The standard identifier of the descriptor in a sector, or null if it has none. */
function standardOf(head: Uint8Array, sector: number): string | null {
  return ['CD001', ...UDF].find((standard) => hasAt(head, sector * SECTOR + 1, standard)) ?? null;
}

function isJoliet(descriptor: Uint8Array): boolean {
  return JOLIET.some((escapes) => hasAt(descriptor, ESCAPES_AT, escapes));
}

/**
 * The volume identifier of the primary descriptor, which has 32 characters where Joliet has 16.
 * Only ASCII is defined there.
 */
function asciiLabel(descriptor: Uint8Array | undefined): string | null {
  const text = untilZero(charactersOf(identifierOf(descriptor)));
  return /^[ -~]+$/.test(text) ? printableLabel(text) : null;
}

/** The volume identifier of Joliet, big-endian UCS-2: for names that are not ASCII. */
function jolietLabel(descriptor: Uint8Array | undefined): string | null {
  const label = identifierOf(descriptor);
  const units = Array.from(
    { length: label.length >> 1 },
    (_, at) => ((label[2 * at] ?? 0) << 8) | (label[2 * at + 1] ?? 0),
  );
  return printableLabel(untilZero(String.fromCharCode(...units)));
}

function identifierOf(descriptor: Uint8Array | undefined): Uint8Array {
  return descriptor?.subarray(LABEL_AT, LABEL_AT + LABEL_LENGTH) ?? new Uint8Array();
}
