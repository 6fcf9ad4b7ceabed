/** A task that waits for a slot. */
export interface Waiting {
  begin(): void;
  refuse(error: Error): void;
}

/** A queue in which callers take turns, each with a line of its own. */
export class Lane {
  /** Ordered by turn: the next caller comes first. */
  readonly #lines = new Map<string, Waiting[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  waitingOf(caller: string): number {
    return this.#lines.get(caller)?.length ?? 0;
  }

  push(caller: string, waiting: Waiting): void {
    const line = this.#lines.get(caller);
    if (line === undefined) this.#lines.set(caller, [waiting]);
    else line.push(waiting);
    this.#size += 1;
  }

  /** Removes and returns the first task of the next caller, who then moves behind all others. */
  shift(): Waiting | null {
    const [next] = this.#lines;
    if (next === undefined) return null;
    const [caller, line] = next;
    const first = line.shift() ?? null;
    this.#lines.delete(caller);
    if (line.length > 0) this.#lines.set(caller, line);
    this.#size -= 1;
    return first;
  }

  /**
   * Removes and returns the last task of the longest line, or null when that holds at most `more`
   * tasks.
   */
  dropLast(more: number): Waiting | null {
    let [longest, length]: [string | null, number] = [null, more];
    for (const [caller, line] of this.#lines) if (line.length > length) [longest, length] = [caller, line.length];
    const line = longest === null ? undefined : this.#lines.get(longest);
    const last = line?.pop() ?? null;
    if (last === null || longest === null) return null;
    if (line?.length === 0) this.#lines.delete(longest);
    this.#size -= 1;
    return last;
  }
}
