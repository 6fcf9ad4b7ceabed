import { footerAt, hasAt, headerAt, SECTOR, sizeOf } from './fields.ts';
import { refuse, type FormatReader, type Image, type ImageContent } from './image.ts';

/*
 * Microsoft's “Virtual Hard Disk Image Format Specification”, “Hard Disk Footer Format”: the last sector, of which dynamic and
 * differencing disks have a copy in their first. Big-endian.
 */
const COOKIE = 'conectix';
const FIXED = 2;
const DYNAMIC = 3;

/** A VHD without a parent, fixed or dynamic. */
export const vhd: FormatReader = {
  format: 'vhd',
  recognises: ({ head, tail }) => hasAt(head, 0, COOKIE) || hasAt(tail, tail.length - SECTOR, COOKIE),
  read: readVhd,
};

function readVhd(image: Image): ImageContent {
  const copy = hasAt(image.head, 0, COOKIE) ? headerAt(image, 0, SECTOR, 'VHD header') : null;
  const atEnd = hasAt(image.tail, image.tail.length - SECTOR, COOKIE) ? footerAt(image, SECTOR, SECTOR) : null;
  const footers = [copy, atEnd].filter((footer) => footer !== null);
  // Readers go by one or the other: neither may name a parent, and they must not contradict each other.
  const expected = copy === null ? FIXED : DYNAMIC;
  if (footers.some((footer) => footer.getUint32(60) !== expected)) {
    refuse('only VHDs that are fixed, or dynamic without a parent, are taken');
  }
  const sizes = footers.map(largestSize);
  return { virtualSize: sizeOf(sizes.reduce((most, size) => (size > most ? size : most), 0n)), label: null };
}

/** “Current Size” or what the geometry comes to: which of them a reader goes by depends on the program that made the image. */
function largestSize(footer: DataView): bigint {
  const current = footer.getBigUint64(48);
  const geometry = BigInt(footer.getUint16(56) * footer.getUint8(58) * footer.getUint8(59) * SECTOR);
  return current > geometry ? current : geometry;
}
