import { hasAt, headerAt, SECTOR, sizeOf } from './fields.ts';
import { refuse, type FormatReader, type Image, type ImageContent } from './image.ts';

/*
 * “Parallels Expandable Image File Format” of QEMU's interoperability documents. Little-endian. Its
 * snapshots are described by an XML file beside the image, which an upload does not include.
 */
const HEADER = 64;
const VERSION = 2;

/** An expandable Parallels image. */
export const parallels: FormatReader = {
  format: 'parallels',
  matches: ({ head }) => hasAt(head, 0, 'WithoutFreeSpace') || hasAt(head, 0, 'WithouFreSpacExt'),
  read: readParallels,
};

function readParallels(image: Image): ImageContent {
  const header = headerAt(image, 0, HEADER, 'Parallels header');
  if (header.getUint32(16, true) !== VERSION) refuse('only version 2 of the Parallels format is known');
  if (header.getBigUint64(56, true) !== 0n) refuse('the Parallels image has extensions that are not known');
  return { virtualSize: sizeOf(header.getBigUint64(36, true) * BigInt(SECTOR)), label: null };
}
