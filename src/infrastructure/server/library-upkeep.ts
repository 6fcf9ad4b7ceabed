import { setTimeout } from 'node:timers/promises';
import type { LibraryStatus } from '../../application/library/library-status.ts';
import type { DeclaredLibrary, SyncLibrary } from '../../application/library/sync-library.ts';
import type { Log } from '../../application/ports/log.ts';

/** What could not be done now is tried again after this. Milliseconds. */
const PAUSE = 10_000;

/** Makes the library as it is declared, after the start, while requests are served already. */
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

  /**
   * Goes on until nothing is left that might go better the next time. Null is no library: nothing
   * happens.
   */
  start(library: DeclaredLibrary | null): void {
    if (library !== null) this.#running = this.#run(library, this.#stop.signal);
  }

  /** Gives up what is under way, of which nothing stays, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(library: DeclaredLibrary, signal: AbortSignal): Promise<void> {
    while (!(await this.#pass(library, signal)) && !signal.aborted) {
      await setTimeout(PAUSE, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Answers whether there is nothing to try again. */
  async #pass(library: DeclaredLibrary, signal: AbortSignal): Promise<boolean> {
    try {
      const { faults, ...counts } = await this.#sync.run(library, () => undefined, signal);
      this.#libraryStatus.markApplied();
      this.#log.info({ ...counts, faults: faults.length }, 'went through the library');
      return !faults.some(({ mayPass }) => mayPass);
    } catch (error) {
      if (signal.aborted) return true;
      this.#log.warn({ err: error }, 'going through the library failed and will be tried again');
      return false;
    }
  }
}
