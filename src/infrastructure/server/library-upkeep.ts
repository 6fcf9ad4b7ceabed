import { setTimeout } from 'node:timers/promises';
import type { LibraryStatus } from '../../application/library/library-status.ts';
import type { DeclaredLibrary, SyncLibrary } from '../../application/library/sync-library.ts';
import type { Log } from '../../application/ports/log.ts';

/** The pause before a retry. */
const RETRY_MS = 10_000;

/** Applies the library file after the start, while the service already serves requests. */
export class LibraryUpkeep {
  readonly #sync: SyncLibrary;
  readonly #libraryStatus: LibraryStatus;
  readonly #log: Log;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(sync: SyncLibrary, libraryStatus: LibraryStatus, log: Log) {
    this.#sync = sync;
    this.#libraryStatus = libraryStatus;
    this.#log = log;
  }

  /** Repeats the pass until no fault is left that a retry may clear. Does nothing for null. */
  start(library: DeclaredLibrary | null): void {
    if (library !== null) this.#running = this.#run(library, this.#stop.signal);
  }

  /** Aborts a running pass, which leaves no partial item, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(library: DeclaredLibrary, signal: AbortSignal): Promise<void> {
    while (!(await this.#pass(library, signal)) && !signal.aborted) {
      await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Returns whether there is nothing to retry. */
  async #pass(library: DeclaredLibrary, signal: AbortSignal): Promise<boolean> {
    try {
      const markApplied = (): void => this.#libraryStatus.markApplied();
      const { faults, ...counts } = await this.#sync.run(library, () => undefined, signal, markApplied);
      this.#log.info({ ...counts, faults: faults.length }, 'the library file has been applied');
      return !faults.some(({ mayPass }) => mayPass);
    } catch (error) {
      if (signal.aborted) return true;
      this.#log.warn({ err: error }, 'applying the library file failed and will be tried again');
      return false;
    }
  }
}
