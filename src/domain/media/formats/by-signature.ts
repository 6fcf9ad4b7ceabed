import { hasAt } from './fields.ts';
import { refuse, type FormatReader } from './image.ts';
import type { ImageFormat } from './image-format.ts';

/**
 * Formats that are recognised by a signature and accepted as they are. They cannot name other
 * files; a disk inside a compressed file is inspected when it is uploaded uncompressed.
 */
export const harmless: readonly FormatReader[] = [
  bySignature('gzip', '\x1f\x8b\x08'),
  bySignature('bzip2', 'BZh', '1AY&SY'),
  bySignature('xz', '\xfd7zXZ\0'),
  bySignature('zstd', '\x28\xb5\x2f\xfd'),
];

/**
 * Formats that can name other files in places that are not inspected or not documented. Always
 * refused.
 */
export const unjudgeable: readonly FormatReader[] = [
  // An extent of ESX: it is a delta of a parent that it names, or belongs to a descriptor.
  refused('vmdk', 'COWD', 'the VMDK is part of a disk in several files'),
  // Two of its three kinds are deltas of another file. QEMU guesses it; no current program writes
  // it.
  refused('bochs', 'Bochs Virtual HD Image', 'Bochs disks are not supported: convert it'),
];

/** `block`: the start of the first block, one byte (the level) after the signature. */
function bySignature(format: ImageFormat, signature: string, block = ''): FormatReader {
  return {
    format,
    matches: ({ head }) => hasAt(head, 0, signature) && hasAt(head, signature.length + 1, block),
    read: ({ size }) => ({ virtualSize: size, label: null }),
  };
}

function refused(format: ImageFormat, signature: string, reason: string): FormatReader {
  return { ...bySignature(format, signature), read: () => refuse(reason) };
}
