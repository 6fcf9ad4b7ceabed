import type { Bytes } from '../../domain/shared/bytes.ts';
import type { ByteSource } from './blob-store.ts';

/** A file that is open. */
export interface ImageFile {
  readonly size: Bytes;
  /** Its bytes from the beginning, in constant memory. Called once. */
  read(): ByteSource;
  /** Has to be called in the end, whether it was read or not. */
  close(): Promise<void>;
}

/** Images in files of this host. */
export interface ImageFiles {
  /**
   * Opens a file. Fails with an Error for the operator where it is not there, no file, or can't be
   * read.
   */
  open(path: string): Promise<ImageFile>;
}
