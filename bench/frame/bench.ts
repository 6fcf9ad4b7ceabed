import { randomUUID } from 'node:crypto';
import { chmod, mkdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The size of the measurements. */
export interface Extent {
  readonly rounds: number;
  /** The size of a large file in bytes. */
  readonly size: number;
  /** The number of media items in a full system. */
  readonly media: number;
}

/** The resources of a row; `clear` releases all of them at its end. */
export class Bench {
  readonly extent: Extent;
  readonly #ends: (() => Promise<void>)[] = [];
  #cleared = false;

  constructor(extent: Extent) {
    this.extent = extent;
  }

  /**
   * Registers a step for the end of the row; the latest runs first.
   *
   * @throws Error when the end has begun, so that nothing starts after it
   */
  afterwards(end: () => Promise<void>): void {
    if (this.#cleared) throw new Error('the row has ended');
    this.#ends.push(end);
  }

  /**
   * Creates an empty folder below TMPDIR. Other users may enter but not list it: started by root,
   * databases and nginx run as another user.
   */
  async folder(): Promise<string> {
    const folder = join(await realpath(tmpdir()), `platter-bench-${randomUUID()}`);
    this.afterwards(async () => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    await mkdir(folder, { mode: 0o700 });
    await chmod(folder, 0o711);
    return folder;
  }

  /** Runs all registered steps, even if some fail. */
  async clear(): Promise<void> {
    this.#cleared = true;
    const faults: unknown[] = [];
    for (let end = this.#ends.pop(); end !== undefined; end = this.#ends.pop()) {
      await end().catch((fault: unknown) => faults.push(fault));
    }
    if (faults.length > 0) throw faults[0];
  }
}
