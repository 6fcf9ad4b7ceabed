import type { Bytes } from '../../shared/bytes.ts';
import { footerAt, hasAt, headerAt, SECTOR, sizeOf } from './fields.ts';
import { refuse, type FormatReader, type Image, type ImageContent } from './image.ts';
import { requireOwnDescriptor } from './vmdk-descriptor.ts';

/*
 * Rules with a section name come from VMware's “Virtual Disk Format 1.1”. Numbers count sectors of
 * 512 bytes, little-endian.
 */
const MAX_VERSION = 3;
/**
 * “Hosted Sparse Extents”, grainSize: a power of two, at least 4 KiB. QEMU refuses more than 1 GiB.
 */
const MIN_GRAIN_SECTORS = 8n;
const MAX_GRAIN_SECTORS = 1n << 21n;
const MAX_TABLE_ENTRIES = 512;
const MAX_DIRECTORY_ENTRIES = 32n * 1024n * 1024n;
/**
 * “Hosted Sparse Extents”, descriptorOffset. Programs write the descriptor right after the header,
 * and QEMU looks for the name of the parent there whatever the header says: with a descriptor
 * elsewhere, that place would not be checked.
 */
const DESCRIPTOR_SECTOR = 1n;
const MAX_DESCRIPTOR_SECTORS = 100n;
/** “Stream-Optimized Compressed Sparse Extents”: the footer names the grain directory. */
const DIRECTORY_IN_FOOTER = 0xffff_ffff_ffff_ffffn;
const FOOTER_MARKER = 3;

/** A VMDK in one file with an embedded descriptor: monolithicSparse and streamOptimized. */
export const vmdk: FormatReader = {
  format: 'vmdk',
  matches: ({ head }) => hasAt(head, 0, 'KDMV'),
  read: readVmdk,
};

function readVmdk(image: Image): ImageContent {
  const header = headerAt(image, 0, SECTOR, 'VMDK header');
  const extent = extentOf(header);
  if (header.getBigUint64(56, true) === DIRECTORY_IN_FOOTER && image.tail !== null) {
    requireSameFooter(image.tail, image.size, extent);
  }
  requireSaneExtent(extent);
  const { descriptorSectors } = extent;
  if (descriptorSectors === 0n) refuse('the VMDK is part of a disk in several files');
  if (extent.descriptorSector !== DESCRIPTOR_SECTOR || descriptorSectors > MAX_DESCRIPTOR_SECTORS) {
    refuse('the VMDK has its descriptor at an invalid offset');
  }
  const length = Number(descriptorSectors) * SECTOR;
  headerAt(image, SECTOR, length, 'VMDK descriptor');
  const { sectors } = requireOwnDescriptor(image.head.subarray(SECTOR, SECTOR + length));
  // Readers use either number: some programs round the one of the header up to whole grains.
  const larger = sectors > extent.capacity ? sectors : extent.capacity;
  return { virtualSize: sizeOf(larger * BigInt(SECTOR)), label: null };
}

/** The fields of “Hosted Sparse Extents” that a footer repeats. */
interface Extent {
  readonly version: number;
  readonly flags: number;
  readonly capacity: bigint;
  readonly grain: bigint;
  readonly descriptorSector: bigint;
  readonly descriptorSectors: bigint;
  readonly tableEntries: number;
  readonly compression: number;
}

function extentOf(header: DataView): Extent {
  return {
    version: header.getUint32(4, true),
    flags: header.getUint32(8, true),
    capacity: header.getBigUint64(12, true),
    grain: header.getBigUint64(20, true),
    descriptorSector: header.getBigUint64(28, true),
    descriptorSectors: header.getBigUint64(36, true),
    tableEntries: header.getUint32(44, true),
    compression: header.getUint16(77, true),
  };
}

/** OSSA-2016-012: a reader allocates as much memory as these fields request. */
function requireSaneExtent(extent: Extent): void {
  const { version, capacity, grain, tableEntries } = extent;
  if (version < 1 || version > MAX_VERSION) refuse('only versions 1 to 3 of VMDK are known');
  // QEMU then reads the descriptor as one with its content in other files (OSSA-2023-002).
  if (capacity === 0n) refuse('the VMDK has no content of its own');
  if (grain < MIN_GRAIN_SECTORS || grain > MAX_GRAIN_SECTORS || (grain & (grain - 1n)) !== 0n) {
    refuse('the VMDK has grains of an invalid size');
  }
  if (tableEntries > MAX_TABLE_ENTRIES) refuse('the VMDK has tables of an invalid size');
  if (capacity > MAX_DIRECTORY_ENTRIES * grain * BigInt(tableEntries)) refuse('the VMDK is larger than its tables');
}

/**
 * “Stream-Optimized Compressed Sparse Extents”: the file ends with a marker, a copy of the header
 * that names the grain directory, and the end marker. Readers use the copy, so it must equal the
 * header; it may omit the location of the descriptor, for then it names none.
 */
function requireSameFooter(tail: Uint8Array, size: Bytes, extent: Extent): void {
  const footer = footerAt(tail, 3 * SECTOR, 3 * SECTOR);
  if (footer === null || size % SECTOR !== 0) refuse('the VMDK is cut off before its footer');
  const copy = new DataView(footer.buffer, footer.byteOffset + SECTOR, SECTOR);
  const content = new Uint8Array(footer.buffer, footer.byteOffset, footer.byteLength);
  if (footer.getUint32(12, true) !== FOOTER_MARKER || !hasAt(content, SECTOR, 'KDMV')) {
    refuse('the VMDK is cut off before its footer');
  }
  if (!isEndOfStream(footer, 2 * SECTOR)) refuse('the VMDK goes on after its footer');
  const repeated = extentOf(copy);
  const same = (Object.keys(extent) as (keyof Extent)[]).every(
    (field) => repeated[field] === extent[field] || (field.startsWith('descriptor') && repeated[field] === 0n),
  );
  if (!same || copy.getBigUint64(56, true) === DIRECTORY_IN_FOOTER)
    refuse('the footer of the VMDK contradicts its header');
}

/**
 * “Stream-Optimized Compressed Sparse Extents”, end-of-stream marker: no value, no size, type 0.
 */
function isEndOfStream(footer: DataView, at: number): boolean {
  return footer.getBigUint64(at) === 0n && footer.getBigUint64(at + 8) === 0n;
}
