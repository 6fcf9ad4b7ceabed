interface Waiting {
  left: number;
  readonly pass: () => void;
}

/**
 * Lets one of several go on only after the others have done something, without ever stopping all of
 * them.
 */
export class Barrier {
  readonly #waiting = new Set<Waiting>();
  #going: number;

  constructor(going: number) {
    this.#going = going;
  }

  /** Resolves when `steps` more steps are done, or when nobody else can take one. */
  async wait(steps: number): Promise<void> {
    if (steps <= 0) return;
    await new Promise<void>((pass) => {
      this.#waiting.add({ left: steps, pass });
      this.#unblock();
    });
  }

  /** Somebody has done a step. */
  step(): void {
    for (const waiting of this.#waiting) {
      waiting.left -= 1;
      if (waiting.left <= 0) this.#release(waiting);
    }
  }

  /** Somebody is through with everything. */
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
