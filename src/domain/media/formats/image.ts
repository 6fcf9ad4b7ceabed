import type { Bytes } from '../../shared/bytes.ts';
import { DomainError } from '../../shared/domain-error.ts';
import type { ImageFormat } from './image-format.ts';

/** Some bytes of an image, and where they begin in it. */
export interface Part {
  readonly at: number;
  readonly content: Uint8Array;
}

/** Where a part of an image lies. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** What is seen of an image, and how many bytes it has. */
export interface Image {
  readonly head: Uint8Array;
  /** Its last bytes, which may overlap with the others; null where they have not arrived yet. */
  readonly tail: Uint8Array | null;
  readonly size: Bytes;
  /** What its format asked to see by `next`, in that order. */
  readonly parts: readonly Part[];
}

/** What an image says of itself. */
export interface ImageContent {
  /**
   * The bytes that a guest would see; the size of the image itself where the format has no other.
   */
  readonly virtualSize: Bytes;
  /** The name of the volume, or null where the format has none or it is empty. */
  readonly label: string | null;
  /** Whether its content can be read with a key only. */
  readonly encrypted?: true;
}

/** One format. Both functions take any bytes at all, and look at a bounded number of them. */
export interface FormatReader {
  readonly format: ImageFormat;
  /**
   * Whether a program that guesses formats would take the image for this one. It is asked of every
   * image.
   */
  readonly matches: (image: Image) => boolean;
  /**
   * The next part that `read` has to see besides the two ends, or null where there is none. It lies
   * behind the head and all parts that were asked for before, since images are read once, from the
   * beginning to the end. It is not among `parts` where the image ends before it does.
   *
   * @throws DomainError `format-refused` where what is seen already forbids to take the image
   */
  readonly next?: (image: Image) => Span | null;
  /**
   * What the image says of itself; asked only where `recognises` said yes. Without the tail it says
   * what the rest decides.
   *
   *
   * @throws DomainError `format-refused` where it does not stand alone, or its header makes no
   *   sense
   */
  readonly read: (image: Image) => ImageContent;
}

/** Refuses an image. The reason names no bytes of the image, since it is shown to people. */
export function refuse(reason: string): never {
  throw new DomainError('format-refused', { reason });
}
