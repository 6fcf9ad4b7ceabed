import type { Bytes } from '../../shared/bytes.ts';
import { DomainError } from '../../shared/domain-error.ts';
import type { ImageFormat } from './image-format.ts';

/** Some bytes of an image, from the offset `at`. */
export interface Part {
  readonly at: number;
  readonly content: Uint8Array;
}

/** The offset and length of a part of an image. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** The inspected bytes of an image, and its size. */
export interface Image {
  readonly head: Uint8Array;
  /** Its last bytes, which may overlap with the others; null while they have not arrived. */
  readonly tail: Uint8Array | null;
  readonly size: Bytes;
  /** The parts that the format requested by `next`, in that order. */
  readonly parts: readonly Part[];
}

/** What the header of an image declares. */
export interface ImageContent {
  /** The size of the disk that a guest sees; the size of the image if the format has no other. */
  readonly virtualSize: Bytes;
  /** The name of the volume; null if the format has none or it is empty. */
  readonly label: string | null;
  /** Whether its content is encrypted. */
  readonly encrypted?: true;
}

/** One format. All functions accept any bytes, and read a bounded number of them. */
export interface FormatReader {
  readonly format: ImageFormat;
  /** Returns whether a program that guesses formats may choose this one. Called for every image. */
  readonly matches: (image: Image) => boolean;
  /**
   * Returns the next part that `read` needs besides the head and the tail, or null. It lies behind
   * the head and all earlier parts, since an image is read once, from start to end. `parts` does
   * not contain it if the image is too short.
   *
   * @throws DomainError `format-refused` when the bytes so far are enough to refuse the image
   */
  readonly next?: (image: Image) => Span | null;
  /**
   * Returns what the image declares; only called if `matches` returned true. Without the tail,
   * checks what the other bytes decide.
   *
   * @throws DomainError `format-refused` when the image names other files or its header is invalid
   */
  readonly read: (image: Image) => ImageContent;
}

/**
 * Refuses an image. The reason contains no bytes of the image, since users see it.
 *
 * @throws DomainError `format-refused`, always
 */
export function refuse(reason: string): never {
  throw new DomainError('format-refused', { reason });
}
