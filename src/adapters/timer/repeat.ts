import type { Log } from '../../application/ports/log.ts';

/**
 * Repeats a task, never twice at once, also after failures. Logs the first failure of a row, and
 * the recovery.
 */
export class Repeat {
  readonly #name: string;
  readonly #intervalMs: number;
  readonly #work: () => Promise<unknown>;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #pass: Promise<void> | null = null;
  #again = false;
  #failing = false;
  #running = false;

  /**
   * `intervalMs` counts from the end of a pass to the start of the next. The log calls the task
   * `name`.
   */
  constructor(name: string, intervalMs: number, work: () => Promise<unknown>, log: Log) {
    this.#name = name;
    this.#intervalMs = intervalMs;
    this.#work = work;
    this.#log = log;
  }

  /** Starts the first pass at once. */
  start(): void {
    this.#running = true;
    this.wake();
  }

  /** Starts a pass now, or after the one under way. Does nothing while stopped. */
  wake(): void {
    clearTimeout(this.#timer);
    if (!this.#running) return;
    if (this.#pass === null) this.#pass = this.#once();
    else this.#again = true;
  }

  /** Stops repeating. Resolves when the pass under way has ended. */
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
    const pause = this.#again ? 0 : this.#intervalMs;
    this.#again = false;
    this.#timer = setTimeout(() => this.wake(), pause);
  }
}
