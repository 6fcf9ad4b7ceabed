import { open, stat } from 'node:fs/promises';
import type { ByteSource } from '../../application/ports/blob-store.ts';
import type { ImageFile, ImageFiles } from '../../application/ports/image-files.ts';
import { bytes } from '../../domain/shared/bytes.ts';

const CHUNK = 1024 * 1024;

/** Images in files of this host's filesystems. */
export class DiskImageFiles implements ImageFiles {
  async open(path: string): Promise<ImageFile> {
    try {
      // Before it is opened: to open a pipe is to wait for whoever writes into it.
      if (!(await stat(path)).isFile()) throw new Error('it is no file');
      const handle = await open(path, 'r');
      return {
        size: bytes((await handle.stat()).size),
        read: (): ByteSource => handle.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK }),
        close: async () => handle.close(),
      };
    } catch (cause) {
      throw new Error(`${path} can't be read: ${(cause as Error).message}`, { cause });
    }
  }
}
