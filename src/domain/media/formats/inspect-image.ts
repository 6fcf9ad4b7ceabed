import type { Bytes } from '../../shared/bytes.ts';
import { FORMATS } from './formats.ts';
import { refuse, type FormatReader, type Image, type ImageContent, type Part, type Span } from './image.ts';
import type { ImageFormat } from './image-format.ts';

/**
 * How many bytes of the beginning an inspection wants to see: up to the 16th descriptor of an ISO.
 */
export const HEAD_BYTES = 64 * 1024;
/** How many bytes of the end an inspection wants to see: the footer of a stream-optimised VMDK. */
export const TAIL_BYTES = 3 * 512;

/** What an image was found to be. */
export interface ImageFacts extends Omit<ImageContent, 'encrypted'> {
  readonly format: ImageFormat;
  readonly encrypted: boolean;
}

/**
 * Says what an image of `size` bytes is. `head` is its first HEAD_BYTES, `tail` its last
 * TAIL_BYTES, or all of it where it is smaller; what is passed beyond that is not looked at.
 * `parts` are those that `nextPart` named. What is nothing else is raw. The same bytes always give
 * the same answer, after work that is bounded by them.
 *
 * Without a tail (null) it says what the beginning of an image decides while the rest is still on
 * its way: what is refused then is refused with a tail too, while what passes may still turn out to
 * be something else.
 *
 * @throws DomainError `format-refused` for an image that names other files, that fits two formats
 *   at once, or whose header makes no sense
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
 * The next part of an image that `inspectImage` has to see, or null where the two ends and `parts`
 * are enough, or where the image ends before that part does. It begins behind all that was seen
 * before.
 *
 * @throws DomainError `format-refused` where what is seen already forbids to take the image
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
