import type { FileHandle } from 'node:fs/promises';

/** How much may gather before it is sent to the disk. Bytes. */
const FSYNC_INTERVAL_BYTES = 64 * 1024 * 1024;

/**
 * One at a time in the whole process, since others need the few threads that wait for disks as
 * well.
 */
let isBusy = false;

/**
 * Syncs a file while it grows, so that the disk works meanwhile and little is left for the sync at
 * the end.
 */
export class BackgroundFsync {
  readonly #file: FileHandle;
  readonly #fail: (error: unknown) => void;
  #unsynced = 0;
  #underway: Promise<void> | null = null;

  /**
   * `fail` hears of a sync that failed: the disk tells that once, and the next sync may know
   * nothing of it.
   */
  constructor(file: FileHandle, fail: (error: unknown) => void) {
    this.#file = file;
    this.#fail = fail;
  }

  /** Counts bytes that were written. Waits for nothing. */
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

  /**
   * Resolves when nothing is under way. Whoever relies on a sync of their own waits for this first.
   */
  async drain(): Promise<void> {
    await this.#underway;
  }
}
