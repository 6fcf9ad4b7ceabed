import { hasAt, partAt } from './fields.ts';
import { refuse, type Image, type Span } from './image.ts';
import { guidAt } from './vhdx-guid.ts';

/*
 * [MS-VHDX] 2.2.3, “Region Table”: two copies of 64 KiB, of which known programs use 100 bytes.
 */
const LENGTH = 4096;
const FIRST_ENTRY = 16;
const ENTRY = 32;
const MAX_ENTRIES = Math.floor((LENGTH - FIRST_ENTRY) / ENTRY);
const REQUIRED = 1;
const BLOCKS = '2dc27766-f623-4200-9d64-115e9bfd4a08';
const METADATA = '8b7ca206-4790-4b9a-b8fe-575f050f886e';
const MIB = 1024n * 1024n;

/** The spans of the starts of the two region tables. */
export const REGION_TABLES: readonly Span[] = [
  { at: 192 * 1024, length: LENGTH },
  { at: 256 * 1024, length: LENGTH },
];

/**
 * Returns the offset of the metadata region.
 *
 * @throws DomainError `format-refused` when the tables lack it, contradict each other, or name
 *   unknown required regions
 */
export function metadataRegion(image: Image): number {
  const [first, second] = REGION_TABLES.map(({ at }) => partAt(image, at, LENGTH, 'VHDX region table'));
  if (first === undefined || second === undefined || !isTable(first)) refuse('the VHDX has no region table');
  const metadata = readTable(first);
  // Readers use the intact one.
  if (isTable(second) && readTable(second) !== metadata) refuse('the region tables of the VHDX contradict each other');
  return metadata;
}

function isTable(table: DataView): boolean {
  return hasAt(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), 0, 'regi');
}

function readTable(table: DataView): number {
  const entries = table.getUint32(8, true);
  if (entries > MAX_ENTRIES) refuse('the VHDX has too many regions');
  const found: bigint[] = [];
  for (let at = FIRST_ENTRY; at < FIRST_ENTRY + entries * ENTRY; at += ENTRY) {
    const region = guidAt(table, at);
    if (region === METADATA) found.push(table.getBigUint64(at + 16, true));
    else if (region !== BLOCKS && (table.getUint32(at + 28, true) & REQUIRED) !== 0) {
      refuse('the VHDX needs a region that is not known');
    }
  }
  const [metadata, other] = found;
  if (metadata === undefined || other !== undefined) refuse('the VHDX must have one metadata region');
  // 2.1, “File layout”: the first MiB is for the headers; regions are aligned to 1 MiB.
  if (metadata < MIB || metadata % MIB !== 0n || metadata > BigInt(Number.MAX_SAFE_INTEGER)) {
    refuse('the VHDX has its metadata at an invalid offset');
  }
  return Number(metadata);
}
