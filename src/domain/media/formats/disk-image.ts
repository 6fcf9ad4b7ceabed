import { bytes, type Bytes } from '../../shared/bytes.ts';
import type { ImageFormat } from './image-format.ts';
import type { ImageFacts } from './inspect-image.ts';

/**
 * Formats whose header says how large the disk is that a guest sees. Of all others a guest sees the
 * bytes themselves.
 */
export const DISK_FORMATS: readonly ImageFormat[] = [
  'qcow2',
  'vmdk',
  'vdi',
  'vhd',
  'vhdx',
  'qed',
  'parallels',
  'bochs',
];

/**
 * Whether an image of this format says itself how large its disk is, so that room behind its bytes
 * changes nothing for a guest.
 */
export function declaresItsSize(format: ImageFormat): boolean {
  return DISK_FORMATS.includes(format);
}

/**
 * By how many bytes an image of `size` bytes may still grow while a guest writes to its disk: a
 * thin image holds only what was written so far. What a format needs for its own tables, and
 * snapshots that the hypervisor keeps in the image, come on top.
 */
export function growthOf({ format, virtualSize }: ImageFacts, size: Bytes): Bytes {
  return bytes(declaresItsSize(format) ? Math.max(0, virtualSize - size) : 0);
}
