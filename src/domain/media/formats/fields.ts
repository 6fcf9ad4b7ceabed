import { MAX_BYTES, bytes, type Bytes } from '../../shared/bytes.ts';
import { refuse, type Image } from './image.ts';

/** Bytes per sector, the unit of disk formats. */
export const SECTOR = 512;

/** Returns whether `content` contains `signature`, one byte per character, at `offset`. */
export function hasAt(content: Uint8Array, offset: number, signature: string): boolean {
  for (let at = 0; at < signature.length; at++) {
    if (content[offset + at] !== signature.charCodeAt(at)) return false;
  }
  return true;
}

/**
 * Returns a view of `length` bytes at `offset` of the head of the image.
 *
 * @throws DomainError `format-refused` when the head is shorter
 */
export function headerAt(image: Image, offset: number, length: number, what: string): DataView {
  if (image.head.length < offset + length) refuse(`the ${what} is cut off`);
  return viewOf(image.head.subarray(offset, offset + length));
}

/**
 * Returns a view of `length` bytes at `offset` of the image, from its requested parts.
 *
 * @throws DomainError `format-refused` when no part contains them
 */
export function partAt(image: Image, offset: number, length: number, what: string): DataView {
  const part = image.parts.find(({ at, content }) => offset >= at && offset + length <= at + content.length);
  if (part === undefined) refuse(`the ${what} is cut off`);
  return viewOf(part.content.subarray(offset - part.at, offset - part.at + length));
}

/**
 * Returns a view of the `length` bytes that start `distance` bytes before the end of the image, or
 * null if the tail is shorter.
 */
export function footerAt(tail: Uint8Array, distance: number, length: number): DataView | null {
  const start = tail.length - distance;
  return start < 0 ? null : viewOf(tail.subarray(start, start + length));
}

/** Returns the bytes as text, one character each, to be searched. */
export function charactersOf(content: Uint8Array): string {
  return new TextDecoder('latin1').decode(content);
}

/**
 * Returns `count` as a number of bytes.
 *
 * @throws DomainError `format-refused` when it exceeds `MAX_BYTES`
 */
export function sizeOf(count: bigint): Bytes {
  if (count > BigInt(MAX_BYTES)) refuse('its virtual size is too large');
  return bytes(Number(count));
}

/** Returns a view of all of `content`. */
export function viewOf(content: Uint8Array): DataView {
  return new DataView(content.buffer, content.byteOffset, content.byteLength);
}
