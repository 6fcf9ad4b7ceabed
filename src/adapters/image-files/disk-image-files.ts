import { open, stat } from 'node:fs/promises';
import type { ByteSource } from '../../application/ports/blob-store.ts';
import type { ImageFile, ImageFiles } from '../../application/ports/image-files.ts';
import { bytes } from '../../domain/shared/bytes.ts';

const CHUNK_BYTES = 1024 * 1024;

/** Reads images from files of this host. */
export class DiskImageFiles implements ImageFiles {
  async open(path: string): Promise<ImageFile> {
    try {
      // Before opening it: opening a pipe would wait for its writer.
      if (!(await stat(path)).isFile()) throw new Error('it is not a regular file');
      const handle = await open(path, 'r');
      return {
        size: bytes((await handle.stat()).size),
        read: (): ByteSource => handle.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK_BYTES }),
        close: async () => handle.close(),
      };
    } catch (cause) {
      throw new Error(`${path} cannot be read: ${(cause as Error).message}`, { cause });
    }
  }
}
