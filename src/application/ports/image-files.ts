import type { Bytes } from '../../domain/shared/bytes.ts';
import type { ByteSource } from './blob-store.ts';

/** An open file. */
export interface ImageFile {
  readonly size: Bytes;
  /** Returns the whole content, in constant memory. Call it once. */
  read(): ByteSource;
  /** Closes the file. Always call it, whether the file was read or not. */
  close(): Promise<void>;
}

/** Image files of this host. */
export interface ImageFiles {
  /**
   * Opens a file.
   *
   * @throws Error for the operator, when the path does not exist, is not a file or cannot be read
   */
  open(path: string): Promise<ImageFile>;
}
