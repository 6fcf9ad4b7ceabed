import { hasAt, partAt } from './fields.ts';
import { refuse, type Image } from './image.ts';
import { guidAt } from './vhdx-guid.ts';

/*
 * [MS-VHDX] 2.6, “Metadata Region”: a table of 64 KiB, then the items. A disk without a parent has
 * five of them.
 */
export const TABLE_LENGTH = 4096;
const FIRST_ENTRY = 32;
const ENTRY = 32;
const MAX_ENTRIES = Math.floor((TABLE_LENGTH - FIRST_ENTRY) / ENTRY);
const FIRST_ITEM = 64 * 1024;
const MAX_ITEMS_END = 1024 * 1024;
/** The largest distance between the two items that are read. */
const MAX_APART = 4096;
const USER = 1;
const REQUIRED = 4;
const FILE_PARAMETERS = 'caa16737-fa36-4d43-b3b6-33f0aa44e76b';
const VIRTUAL_DISK_SIZE = '2fa54224-cd1b-4876-b211-5dbed83bf4b8';
const PARENT_LOCATOR = 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c';
/** The id of the disk and its two sector sizes. */
const OTHERS = [
  'beca12ab-b2e6-4523-93ef-c309e000c746',
  '8141bf1d-a96f-4709-ba47-f233a8faab5f',
  'cda348c7-445d-4471-9cc9-e9885251c556',
];
const HAS_PARENT = 2;

/** The offsets in the image of the items that are read. */
export interface Items {
  readonly parameters: number;
  readonly size: number;
}

/**
 * Reads the table of the metadata region at `region`.
 *
 * @throws DomainError `format-refused` when it names a parent or unknown required items, or lacks
 *   an item that every disk has
 */
export function itemsOf(image: Image, region: number): Items {
  const table = partAt(image, region, TABLE_LENGTH, 'VHDX metadata');
  const content = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
  if (!hasAt(content, 0, 'metadata')) refuse('the VHDX has no metadata');
  const entries = table.getUint16(10, true);
  if (entries > MAX_ENTRIES) refuse('the VHDX has too much metadata');
  const found = new Map<string, number>();
  for (let at = FIRST_ENTRY; at < FIRST_ENTRY + entries * ENTRY; at += ENTRY) {
    const flags = table.getUint32(at + 24, true);
    if ((flags & USER) !== 0) continue;
    const item = guidAt(table, at);
    if (item === PARENT_LOCATOR) refuse('the VHDX has a parent');
    const isKnown = item === FILE_PARAMETERS || item === VIRTUAL_DISK_SIZE || OTHERS.includes(item);
    if (!isKnown && (flags & REQUIRED) !== 0) refuse('the VHDX needs metadata that is not known');
    // Readers differ in which of two they use.
    if (found.has(item)) refuse('the metadata of the VHDX has an item twice');
    found.set(item, table.getUint32(at + 16, true));
  }
  const [parameters, size] = [found.get(FILE_PARAMETERS), found.get(VIRTUAL_DISK_SIZE)];
  if (parameters === undefined || size === undefined) refuse('the VHDX does not say how large it is');
  if (![parameters, size].every((at) => at >= FIRST_ITEM && at < MAX_ITEMS_END) || apart(parameters, size)) {
    refuse('the VHDX has its metadata at an invalid offset');
  }
  return { parameters: region + parameters, size: region + size };
}

function apart(one: number, other: number): boolean {
  return Math.abs(one - other) > MAX_APART;
}

/** 2.6.2.1, “File Parameters”. Refuses a differencing disk. */
export function requireNoParent(parameters: DataView): void {
  if ((parameters.getUint32(4, true) & HAS_PARENT) !== 0) refuse('the VHDX has a parent');
}
