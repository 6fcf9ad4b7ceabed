import type { Log } from '../../application/ports/log.ts';

/**
 * Work that is done again and again, never twice at once. It goes on after a failure; the first of
 * a row is logged, and the end of the row.
 */
export class Repeat {
  readonly #name: string;
  readonly #milliseconds: number;
  readonly #work: () => Promise<unknown>;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #pass: Promise<void> | null = null;
  #again = false;
  #failing = false;
  #running = false;

  /**
   * `milliseconds` count from the end of a pass to the beginning of the next; `name` is what the
   * log calls the work.
   */
  constructor(name: string, milliseconds: number, work: () => Promise<unknown>, log: Log) {
    this.#name = name;
    this.#milliseconds = milliseconds;
    this.#work = work;
    this.#log = log;
  }

  /** Begins with a pass. */
  start(): void {
    this.#running = true;
    this.wake();
  }

  /** Does it now, or once more after the pass that is under way. Nothing happens while stopped. */
  wake(): void {
    clearTimeout(this.#timer);
    if (!this.#running) return;
    if (this.#pass === null) this.#pass = this.#once();
    else this.#again = true;
  }

  /** Ends it; resolves when the pass that is under way has ended. */
  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    await this.#pass;
  }

  async #once(): Promise<void> {
    try {
      await this.#work();
      if (this.#failing) this.#log.info({}, `${this.#name} works again`);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log.warn({ err: error }, `${this.#name} failed and will be tried again`);
      this.#failing = true;
    }
    this.#pass = null;
    if (!this.#running) return;
    const pause = this.#again ? 0 : this.#milliseconds;
    this.#again = false;
    this.#timer = setTimeout(() => this.wake(), pause);
  }
}
