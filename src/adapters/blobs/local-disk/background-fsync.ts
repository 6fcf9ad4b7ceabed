import type { FileHandle } from 'node:fs/promises';

/** Unsynced bytes that start a sync. */
const FSYNC_INTERVAL_BYTES = 64 * 1024 * 1024;

/**
 * Only one sync at a time in the whole process, since the thread pool that waits for disks is
 * small.
 */
let isBusy = false;

/** Syncs a file while it grows, so that the final sync has little left to do. */
export class BackgroundFsync {
  readonly #file: FileHandle;
  readonly #fail: (error: unknown) => void;
  #unsynced = 0;
  #underway: Promise<void> | null = null;

  /**
   * `fail` receives the error of a failed sync: the kernel reports it once, and the next sync may
   * succeed all the same.
   */
  constructor(file: FileHandle, fail: (error: unknown) => void) {
    this.#file = file;
    this.#fail = fail;
  }

  /** Counts written bytes, and starts a sync when there are enough. Does not wait. */
  wrote(length: number): void {
    this.#unsynced += length;
    if (this.#unsynced < FSYNC_INTERVAL_BYTES || isBusy) return;
    this.#unsynced = 0;
    isBusy = true;
    this.#underway = this.#file
      .datasync()
      .catch(this.#fail)
      .finally(() => (isBusy = false));
  }

  /** Resolves when no sync is under way. Call it before a sync of your own. */
  async drain(): Promise<void> {
    await this.#underway;
  }
}
