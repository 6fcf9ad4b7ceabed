import { hasAt, headerAt, sizeOf } from './fields.ts';
import { refuse, type FormatReader, type Image, type ImageContent } from './image.ts';

/*
 * VirtualBox's VDI 1.1, whose header is documented by VirtualBox's VDICore.h and QEMU's
 * block/vdi.c. Little-endian.
 */
const SIGNATURE_AT = 0x40;
const HEADER = 0x1c8;
const VERSION_1_1 = 0x0001_0001;
const DYNAMIC = 1;
const FIXED = 2;

/** A VDI without a parent. */
export const vdi: FormatReader = {
  format: 'vdi',
  matches: ({ head }) => hasAt(head, SIGNATURE_AT, '\x7f\x10\xda\xbe'),
  read: readVdi,
};

function readVdi(image: Image): ImageContent {
  const header = headerAt(image, 0, HEADER, 'VDI header');
  if (header.getUint32(0x44, true) !== VERSION_1_1) refuse('only version 1.1 of VDI is known');
  const kind = header.getUint32(0x4c, true);
  if (kind !== DYNAMIC && kind !== FIXED) refuse('the VDI is a differencing disk');
  // Two UUIDs, of the parent image and of its last modification: all zeros without a parent.
  for (let at = 0x1a8; at < HEADER; at += 8) {
    if (header.getBigUint64(at) !== 0n) refuse('the VDI has a parent');
  }
  return { virtualSize: sizeOf(header.getBigUint64(0x170, true)), label: null };
}
