import { bytes, type Bytes } from '../../shared/bytes.ts';
import type { ImageFormat } from './image-format.ts';
import type { ImageFacts } from './inspect-image.ts';

/**
 * Formats whose header declares the size of the disk that a guest sees. With any other format a
 * guest sees the bytes themselves.
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
 * Returns whether an image of this format declares the size of its disk, so that a guest would not
 * see more space behind it.
 */
export function declaresItsSize(format: ImageFormat): boolean {
  return DISK_FORMATS.includes(format);
}

/**
 * Returns by how many bytes an image of `size` bytes may grow while a guest writes to its disk: a
 * thin image stores only what was written. Excludes tables of the format and snapshots inside the
 * image.
 */
export function growthOf({ format, virtualSize }: ImageFacts, size: Bytes): Bytes {
  return bytes(declaresItsSize(format) ? Math.max(0, virtualSize - size) : 0);
}
