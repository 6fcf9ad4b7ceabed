import type { Bytes } from '../../shared/bytes.ts';
import { DomainError } from '../../shared/domain-error.ts';

/** What an image can be found to be. `raw` is everything that is nothing else, text and archives included. */
export type ImageFormat =
  | 'raw'
  | 'iso'
  | 'qcow2'
  | 'vmdk'
  | 'vdi'
  | 'vhd'
  | 'vhdx'
  | 'qed'
  | 'parallels'
  | 'bochs'
  | 'luks'
  | 'gzip'
  | 'bzip2'
  | 'xz'
  | 'zstd';

/** What is seen of an image: its first bytes, its last bytes (they may overlap), and how many bytes it has. */
export interface Image {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly size: Bytes;
}

/** What an image says of itself. */
export interface ImageContent {
  /** The bytes that a guest would see; the size of the image itself where the format has no other. */
  readonly virtualSize: Bytes;
  /** The name of the volume, or null where the format has none or it is empty. */
  readonly label: string | null;
}

/** One format. Both functions take any bytes at all, and look at a bounded number of them. */
export interface FormatReader {
  readonly format: ImageFormat;
  /** Whether a program that guesses formats would take the image for this one. It is asked of every image. */
  readonly recognises: (image: Image) => boolean;
  /**
   * What the image says of itself; asked only where `recognises` said yes.
   *
   * @throws DomainError `format-refused` where it does not stand alone, or its header makes no sense
   */
  readonly read: (image: Image) => ImageContent;
}

/** Refuses an image. The reason names no bytes of the image, since it is shown to people. */
export function refuse(reason: string): never {
  throw new DomainError('format-refused', { reason });
}
