import { hasAt } from './fields.ts';
import { refuse, type FormatReader } from './image.ts';
import type { ImageFormat } from './image-format.ts';

/**
 * Formats that are told by their first bytes and named for whoever lists them. They have no way to
 * name another file, so nothing in them needs judging; what is compressed in them is nobody's disk
 * until somebody unpacks it, and comes in again.
 */
export const harmless: readonly FormatReader[] = [
  bySignature('gzip', '\x1f\x8b\x08'),
  bySignature('bzip2', 'BZh', '1AY&SY'),
  bySignature('xz', '\xfd7zXZ\0'),
  bySignature('zstd', '\x28\xb5\x2f\xfd'),
];

/**
 * Formats that can name other files, in places that are not looked at or not documented: never
 * taken.
 */
export const unjudgeable: readonly FormatReader[] = [
  // An extent of ESX: it holds what differs from a parent, which it names, or belongs to a
  // descriptor.
  refused('vmdk', 'COWD', 'the VMDK is part of a disk in several files'),
  // Two of its three kinds only hold what differs from another file; QEMU guesses it, nothing
  // writes it any more.
  refused('bochs', 'Bochs Virtual HD Image', 'Bochs disks are not taken: convert it'),
];

/** `block` is what the first block begins with, one byte (the level) after the signature. */
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
