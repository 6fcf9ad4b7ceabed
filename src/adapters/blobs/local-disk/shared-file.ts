import type { FileHandle } from 'node:fs/promises';
import type { SyncQueue } from './checkpoints.ts';

/** One open file for all that use it at once. Nothing is open while nothing uses it. */
export class SharedFile {
  readonly #open: () => Promise<FileHandle>;
  readonly #syncs: SyncQueue;
  #opened: Promise<FileHandle> | null = null;
  #users = 0;
  #nextSync: Promise<void> | null = null;
  #failedSyncs = 0;
  #failure: unknown = null;

  constructor(open: () => Promise<FileHandle>, syncs: SyncQueue) {
    this.#open = open;
    this.#syncs = syncs;
  }

  /** Runs `work` with the open file. Rejects as `work` or the opening does. */
  async use<T>(work: (file: FileHandle) => Promise<T>): Promise<T> {
    this.#users += 1;
    this.#opened ??= this.#open();
    const opened = this.#opened;
    try {
      return await work(await opened);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) {
        this.#opened = null;
        await opened.then(
          async (file) => file.close(),
          () => undefined,
        );
      }
    }
  }

  /** How many syncs have failed: the disk tells once that it lost bytes. */
  get failedSyncs(): number {
    return this.#failedSyncs;
  }

  /**
   * Makes the bytes durable that were written before. Calls that wait for their turn share a sync.
   *
   * @throws the error of a sync, this or an earlier one, if more than `failedBefore` have failed
   */
  async sync(file: FileHandle, failedBefore: number): Promise<void> {
    this.#nextSync ??= this.#syncs.run(async () => this.#sync(file));
    await this.#nextSync;
    if (this.#failedSyncs !== failedBefore) throw this.#failure as Error;
  }

  async #sync(file: FileHandle): Promise<void> {
    this.#nextSync = null;
    try {
      await file.datasync();
    } catch (error) {
      this.#failedSyncs += 1;
      this.#failure = error;
      throw error;
    }
  }
}
