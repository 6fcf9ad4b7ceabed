import { open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { BlobWriter, ByteSource } from '../../../application/ports/blob-store.ts';
import type { StoredBlob } from '../../../domain/media/media.ts';
import type { Bytes } from '../../../domain/shared/bytes.ts';
import { renameDurably } from './durable.ts';
import { translate } from './failures.ts';
import { Metered } from './metered.ts';
import type { BlobPaths } from './paths.ts';

/** Who may read a blob: its owner, and the group that a hypervisor on the same host belongs to. */
export const BLOB_MODE = 0o660;

/** Writes beside its target and renames: count → fsync → rename → fsync of the folder. */
export class LocalDiskWriter implements BlobWriter {
  readonly #paths: BlobPaths;
  readonly #size: Bytes;
  readonly #requireFolder: () => Promise<void>;
  readonly #metered: Metered;
  #file: FileHandle | null = null;
  #committed: Promise<StoredBlob> | null = null;

  /** `requireFolder` fails where the pool's folder is not there: bytes must not land below an empty mount point. */
  constructor(paths: BlobPaths, size: Bytes, requireFolder: () => Promise<void>) {
    this.#paths = paths;
    this.#size = size;
    this.#requireFolder = requireFolder;
    this.#metered = new Metered(size);
  }

  async write(source: ByteSource, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    try {
      await this.#requireFolder();
      const file = await open(this.#paths.partial, 'wx', BLOB_MODE);
      this.#file = file;
      await pipeline(source, this.#metered, async (chunks: AsyncIterable<Uint8Array>) => writeFile(file, chunks), {
        signal,
      });
    } catch (error) {
      throw signal.aborted ? signal.reason : translate(error, this.#size);
    }
  }

  async commit(): Promise<StoredBlob> {
    this.#committed ??= this.#commit();
    return this.#committed;
  }

  async cancel(): Promise<void> {
    await this.#committed?.catch(() => undefined);
    const file = this.#file;
    if (file === null) return;
    this.#file = null;
    await file.close().catch(() => undefined);
    await rm(this.#paths.partial, { force: true }).catch(() => undefined);
  }

  async #commit(): Promise<StoredBlob> {
    const file = this.#file;
    if (file === null) throw new Error('nothing was written that could be committed');
    try {
      await file.sync();
      await renameDurably(this.#paths.partial, this.#paths.visible);
    } catch (error) {
      throw translate(error, this.#size);
    }
    this.#file = null;
    await file.close().catch(() => undefined);
    return { storedBytes: this.#size, sha256: this.#metered.sha256() };
  }
}
