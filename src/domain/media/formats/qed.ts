import { hasAt, headerAt, sizeOf } from './fields.ts';
import { refuse, type FormatReader, type Image, type ImageContent } from './image.ts';

/*
 * “QED Image File Format” of QEMU's interoperability documents. Little-endian.
 */
const HEADER = 64;
const NEEDS_CHECK = 1n << 1n;

/** A QED image without a backing file. */
export const qed: FormatReader = {
  format: 'qed',
  matches: ({ head }) => hasAt(head, 0, 'QED\0'),
  read: readQed,
};

function readQed(image: Image): ImageContent {
  const header = headerAt(image, 0, HEADER, 'QED header');
  // Of the features, bits 0 and 2 are about a backing file, and those above are unknown.
  if ((header.getBigUint64(16, true) & ~NEEDS_CHECK) !== 0n) {
    refuse('the QED image has a backing file, or features that are not known');
  }
  return { virtualSize: sizeOf(header.getBigUint64(48, true)), label: null };
}
