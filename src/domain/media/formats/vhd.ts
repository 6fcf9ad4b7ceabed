import { footerAt, hasAt, headerAt, SECTOR, sizeOf } from './fields.ts';
import { refuse, type FormatReader, type Image, type ImageContent } from './image.ts';

/*
 * Microsoft's “Virtual Hard Disk Image Format Specification”, “Hard Disk Footer Format”: the last
 * sector, of which dynamic and differencing disks have a copy in their first. Big-endian.
 */
const COOKIE = 'conectix';
const FIXED = 2;
const DYNAMIC = 3;
const CREATOR_AT = 28;
/** The geometry of a disk with more sectors than a geometry can express. */
const SATURATED = { cylinders: 65_535, heads: 16, sectors: 255 };
/**
 * Programs whose disks have “Current Size” for every reader, whatever the geometry: `vpc_open` of
 * QEMU's block/vpc.c lists Hyper-V, Disk2vhd, QEMU with `force_size`, XenConverter, XenServer and
 * Azure.
 */
const GO_BY_SIZE = ['win ', 'd2v ', 'qem2', 'CTXS', 'tap\0', 'wa\0\0'];

/** A VHD without a parent, fixed or dynamic. */
export const vhd: FormatReader = {
  format: 'vhd',
  matches: ({ head, tail }) => hasAt(head, 0, COOKIE) || endsWithFooter(tail),
  read: readVhd,
};

function endsWithFooter(tail: Uint8Array | null): tail is Uint8Array {
  return tail !== null && hasAt(tail, tail.length - SECTOR, COOKIE);
}

function readVhd(image: Image): ImageContent {
  const copy = hasAt(image.head, 0, COOKIE) ? headerAt(image, 0, SECTOR, 'VHD header') : null;
  const atEnd = endsWithFooter(image.tail) ? footerAt(image.tail, SECTOR, SECTOR) : null;
  const footers = [copy, atEnd].filter((footer) => footer !== null);
  // Readers use one or the other: neither may name a parent, and they must not contradict each
  // other.
  const expected = copy === null ? FIXED : DYNAMIC;
  if (footers.some((footer) => footer.getUint32(60) !== expected)) {
    refuse('only VHDs that are fixed, or dynamic without a parent, are supported');
  }
  const sizes = footers.map(virtualSizeOf);
  return { virtualSize: sizeOf(sizes.reduce((max, size) => (size > max ? size : max), 0n)), label: null };
}

/**
 * “Current Size”, or the larger of it and the geometry if readers differ in which of them they use.
 */
function virtualSizeOf(footer: DataView): bigint {
  const current = footer.getBigUint64(48);
  const [cylinders, heads, sectors] = [footer.getUint16(56), footer.getUint8(58), footer.getUint8(59)];
  const saturated = cylinders === SATURATED.cylinders && heads === SATURATED.heads && sectors === SATURATED.sectors;
  if (saturated || GO_BY_SIZE.some((creator) => isBy(footer, creator))) return current;
  const geometry = BigInt(cylinders * heads * sectors * SECTOR);
  return current > geometry ? current : geometry;
}

function isBy(footer: DataView, creator: string): boolean {
  return hasAt(new Uint8Array(footer.buffer, footer.byteOffset, footer.byteLength), CREATOR_AT, creator);
}
