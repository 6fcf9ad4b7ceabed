interface Waiting {
  left: number;
  readonly pass: () => void;
}

/**
 * Lets one of several clients wait until the others have taken some steps, without ever blocking
 * all of them.
 */
export class Barrier {
  readonly #waiting = new Set<Waiting>();
  #going: number;

  constructor(going: number) {
    this.#going = going;
  }

  /** Resolves after `steps` more steps of the others, or when every other client waits too. */
  async wait(steps: number): Promise<void> {
    if (steps <= 0) return;
    await new Promise<void>((pass) => {
      this.#waiting.add({ left: steps, pass });
      this.#unblock();
    });
  }

  /** Notes that a client has taken a step. */
  step(): void {
    for (const waiting of this.#waiting) {
      waiting.left -= 1;
      if (waiting.left <= 0) this.#release(waiting);
    }
  }

  /** Notes that a client has finished. */
  leave(): void {
    this.#going -= 1;
    this.#unblock();
  }

  #unblock(): void {
    if (this.#waiting.size < this.#going) return;
    for (const waiting of this.#waiting) this.#release(waiting);
  }

  #release(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    waiting.pass();
  }
}
