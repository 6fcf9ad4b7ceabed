import { MAX_BYTES, bytes, type Bytes } from '../../shared/bytes.ts';
import { refuse, type Image } from './image.ts';

/** Bytes per sector, the unit in which disk formats count. */
export const SECTOR = 512;

/** Whether `signature`, one byte per character, stands at `offset` of `content`. */
export function hasAt(content: Uint8Array, offset: number, signature: string): boolean {
  for (let at = 0; at < signature.length; at++) {
    if (content[offset + at] !== signature.charCodeAt(at)) return false;
  }
  return true;
}

/**
 * A view of exactly `length` bytes at `offset` of the image's head.
 *
 * @throws DomainError `format-refused` where the image, or what is seen of it, ends before
 */
export function headerAt(image: Image, offset: number, length: number, what: string): DataView {
  if (image.head.length < offset + length) refuse(`the ${what} is cut off`);
  return viewOf(image.head.subarray(offset, offset + length));
}

/**
 * A view of exactly `length` bytes at `offset` of the image, among the parts that were asked for.
 *
 * @throws DomainError `format-refused` where they are not all there
 */
export function partAt(image: Image, offset: number, length: number, what: string): DataView {
  const part = image.parts.find(({ at, content }) => offset >= at && offset + length <= at + content.length);
  if (part === undefined) refuse(`the ${what} is cut off`);
  return viewOf(part.content.subarray(offset - part.at, offset - part.at + length));
}

/**
 * A view of the `length` bytes that begin `distance` bytes before the image's end, or null where
 * there are none.
 */
export function footerAt(tail: Uint8Array, distance: number, length: number): DataView | null {
  const start = tail.length - distance;
  return start < 0 ? null : viewOf(tail.subarray(start, start + length));
}

/** The bytes of a view as characters, one each, so that they can be searched like text. */
export function charactersOf(content: Uint8Array): string {
  return new TextDecoder('latin1').decode(content);
}

/**
 * `count` as a size.
 *
 * @throws DomainError `format-refused` where it is more than anything can hold
 */
export function sizeOf(count: bigint): Bytes {
  if (count > BigInt(MAX_BYTES)) refuse('its virtual size is more than anything can hold');
  return bytes(Number(count));
}

/** A view of all of `content`. */
export function viewOf(content: Uint8Array): DataView {
  return new DataView(content.buffer, content.byteOffset, content.byteLength);
}
