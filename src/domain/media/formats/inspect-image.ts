import type { Bytes } from '../../shared/bytes.ts';
import { FORMATS } from './formats.ts';
import { refuse, type Image, type ImageContent, type ImageFormat } from './image.ts';

/** How many bytes of the beginning an inspection wants to see: up to the 16th descriptor of an ISO. */
export const HEAD_BYTES = 64 * 1024;
/** How many bytes of the end an inspection wants to see: the footer of a stream-optimised VMDK. */
export const TAIL_BYTES = 3 * 512;

/** What an image was found to be. */
export interface ImageFacts extends ImageContent {
  readonly format: ImageFormat;
}

/**
 * Says what an image of `size` bytes is. `head` is its first HEAD_BYTES, `tail` its last TAIL_BYTES, or all of it where it is smaller;
 * what is passed beyond that is not looked at. What is nothing else is raw. The same bytes always give the same answer, after work that
 * is bounded by those two.
 *
 * @throws DomainError `format-refused` for an image that names other files, that fits two formats at once, or whose header makes no sense
 */
export function inspectImage(head: Uint8Array, tail: Uint8Array, size: Bytes): ImageFacts {
  const image: Image = { head: head.subarray(0, HEAD_BYTES), tail: tail.subarray(-TAIL_BYTES), size };
  const [match, other] = FORMATS.filter((format) => format.recognises(image));
  if (match === undefined) return { format: 'raw', virtualSize: size, label: null };
  // Whoever looks at it next may see the other one (OSSA-2024-002).
  if (other !== undefined) refuse(`it fits two formats at once, ${match.format} and ${other.format}`);
  return { format: match.format, ...match.read(image) };
}
