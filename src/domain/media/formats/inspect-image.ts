import type { Bytes } from '../../shared/bytes.ts';
import { FORMATS } from './formats.ts';
import { refuse, type FormatReader, type Image, type ImageContent, type Part, type Span } from './image.ts';
import type { ImageFormat } from './image-format.ts';

/** The bytes of the head that an inspection needs: up to the 16th descriptor of an ISO. */
export const HEAD_BYTES = 64 * 1024;
/** The bytes of the tail that an inspection needs: the footer of a stream-optimised VMDK. */
export const TAIL_BYTES = 3 * 512;

/** What an image was recognised as. */
export interface ImageFacts extends Omit<ImageContent, 'encrypted'> {
  readonly format: ImageFormat;
  readonly encrypted: boolean;
}

/**
 * Recognises an image of `size` bytes. `head` is its first HEAD_BYTES and `tail` its last
 * TAIL_BYTES, or all of it if it is smaller; further bytes are ignored. `parts` are those that
 * `nextPart` requested. An image of no other format is `raw`. Deterministic, and bounded by the
 * bytes passed.
 *
 * Without a tail (null), decides what the start of an image decides while the rest arrives: an
 * image that is refused then is refused with a tail too, but one that passes may still be refused,
 * or be of another format.
 *
 * @throws DomainError `format-refused` when the image names other files, matches two formats, or
 *   has an invalid header
 */
export function inspectImage(
  head: Uint8Array,
  tail: Uint8Array | null,
  size: Bytes,
  parts: readonly Part[] = [],
): ImageFacts {
  const image = imageOf(head, tail, size, parts);
  const match = matchOf(image);
  if (match === null) return { format: 'raw', virtualSize: size, label: null, encrypted: false };
  return { format: match.format, encrypted: false, ...match.read(image) };
}

/**
 * Returns the next part of an image that `inspectImage` needs; null if head, tail and `parts` are
 * enough, or the image is too short. It lies behind all earlier parts.
 *
 * @throws DomainError `format-refused` when the bytes so far are enough to refuse the image
 */
export function nextPart(head: Uint8Array, size: Bytes, parts: readonly Part[]): Span | null {
  const image = imageOf(head, null, size, parts);
  const next = matchOf(image)?.next?.(image) ?? null;
  return next !== null && next.at + next.length <= size ? next : null;
}

function imageOf(head: Uint8Array, tail: Uint8Array | null, size: Bytes, parts: readonly Part[]): Image {
  return { head: head.subarray(0, HEAD_BYTES), tail: tail?.subarray(-TAIL_BYTES) ?? null, size, parts };
}

function matchOf(image: Image): FormatReader | null {
  const [match, other] = FORMATS.filter((format) => format.matches(image));
  // A program that looks at it next may see the other one (OSSA-2024-002).
  if (match !== undefined && other !== undefined) {
    refuse(`it fits two formats at once, ${match.format} and ${other.format}`);
  }
  return match ?? null;
}
