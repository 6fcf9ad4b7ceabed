/** An item that a client tried to create, as it is once it is finished. */
export interface Attempt {
  readonly name: string;
  readonly size: number;
  /** Null for zeros. */
  readonly sha256: string | null;
}

/** What clients know from their answers, and the requests that got none. */
export class AnswerLog {
  readonly #created = new Map<string, Attempt>();
  /** By name, which is unique per attempt. */
  readonly #unanswered = new Map<string, Attempt>();
  readonly #beingRemoved = new Set<string>();

  created(mid: string, attempt: Attempt): void {
    this.#created.set(mid, attempt);
  }

  unanswered(attempt: Attempt): void {
    this.#unanswered.set(attempt.name, attempt);
  }

  /** Chooses a created item that no client deletes yet, and notes its deletion. */
  chooseForDeletion(choose: (mids: readonly string[]) => string | undefined): string | null {
    const mid = choose([...this.#created.keys()].filter((candidate) => !this.#beingRemoved.has(candidate)));
    if (mid === undefined) return null;
    this.#beingRemoved.add(mid);
    return mid;
  }

  /** Chooses a created item. It may be deleted already. */
  anyCreated(
    choose: (mids: readonly string[]) => string | undefined,
  ): { readonly mid: string; readonly attempt: Attempt } | null {
    const mid = choose([...this.#created.keys()]);
    return mid === undefined ? null : { mid, attempt: this.#created.get(mid)! };
  }

  removed(mid: string): void {
    this.#created.delete(mid);
    this.#beingRemoved.delete(mid);
  }

  /**
   * Compares the log with the items found, and returns the differences as sentences: created items
   * that are missing, and found items that were deleted or never created. An unanswered attempt may
   * have succeeded, whole, or not; from here on the log agrees with `found`. Clones in `failed` may
   * be missing.
   */
  reconcile(found: ReadonlyMap<string, Attempt>, failed: ReadonlySet<string>): readonly string[] {
    const faults: string[] = [];
    for (const [mid, { name }] of this.#created) {
      if (found.has(mid)) continue;
      if (!this.#beingRemoved.has(mid) && !failed.has(mid)) faults.push(`${name} was created and is missing`);
      this.#created.delete(mid);
    }
    for (const [mid, item] of found) {
      const expected = this.#created.get(mid) ?? this.#unanswered.get(item.name);
      if (expected === undefined) faults.push(`${item.name} was deleted or never created, and exists`);
      else if (!isSame(expected, item)) faults.push(`${item.name} differs from the bytes that were sent`);
      else this.#created.set(mid, expected);
    }
    this.#unanswered.clear();
    this.#beingRemoved.clear();
    return faults;
  }
}

function isSame(left: Attempt, right: Attempt): boolean {
  return left.name === right.name && left.size === right.size && (left.sha256 ?? right.sha256) === right.sha256;
}
