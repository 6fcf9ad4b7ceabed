import { randomUUID } from 'node:crypto';
import { chmod, mkdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How large everything is made. */
export interface Extent {
  readonly rounds: number;
  /** The bytes of a large file. */
  readonly size: number;
  /** The media of a system that has filled up. */
  readonly media: number;
}

/** What a row stands on: it takes what it needs, and whatever it took goes when it has ended. */
export class Bench {
  readonly extent: Extent;
  readonly #ends: (() => Promise<void>)[] = [];
  #cleared = false;

  constructor(extent: Extent) {
    this.extent = extent;
  }

  /**
   * What is to be done at the end of the row; the latest first. Fails where that has begun, so that
   * nothing is begun after it.
   */
  afterwards(end: () => Promise<void>): void {
    if (this.#cleared) throw new Error('the row has ended');
    this.#ends.push(end);
  }

  /**
   * An empty folder below TMPDIR. Others may pass through it, but not list it: started by root,
   * databases and nginx run as somebody else.
   */
  async folder(): Promise<string> {
    const folder = join(await realpath(tmpdir()), `platter-bench-${randomUUID()}`);
    this.afterwards(async () => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    await mkdir(folder, { mode: 0o700 });
    await chmod(folder, 0o711);
    return folder;
  }

  /** Takes everything away, even where some of it can't be. */
  async clear(): Promise<void> {
    this.#cleared = true;
    const faults: unknown[] = [];
    for (let end = this.#ends.pop(); end !== undefined; end = this.#ends.pop()) {
      await end().catch((fault: unknown) => faults.push(fault));
    }
    if (faults.length > 0) throw faults[0];
  }
}
