/** Media that somebody tried to make, as they are when they are whole. */
export interface Attempt {
  readonly name: string;
  readonly size: number;
  /** Null for those that are all zeros. */
  readonly sha256: string | null;
}

/** What clients were told, and what they were left without an answer to. */
export class Ledger {
  readonly #made = new Map<string, Attempt>();
  /** By name, which no two attempts share. */
  readonly #unanswered = new Map<string, Attempt>();
  readonly #beingRemoved = new Set<string>();

  made(mid: string, attempt: Attempt): void {
    this.#made.set(mid, attempt);
  }

  unanswered(attempt: Attempt): void {
    this.#unanswered.set(attempt.name, attempt);
  }

  /** Media that nobody is removing, for somebody to begin with it. */
  takeForRemoval(choose: (mids: readonly string[]) => string | undefined): string | null {
    const mid = choose([...this.#made.keys()].filter((candidate) => !this.#beingRemoved.has(candidate)));
    if (mid === undefined) return null;
    this.#beingRemoved.add(mid);
    return mid;
  }

  /** Media that somebody was promised; they may be removed by now. */
  anyMade(
    choose: (mids: readonly string[]) => string | undefined,
  ): { readonly mid: string; readonly attempt: Attempt } | null {
    const mid = choose([...this.#made.keys()]);
    return mid === undefined ? null : { mid, attempt: this.#made.get(mid)! };
  }

  removed(mid: string): void {
    this.#made.delete(mid);
    this.#beingRemoved.delete(mid);
  }

  /**
   * Holds the ledger against what is there. Answers what is wrong, in words: something promised
   * that is missing, something that nobody was promised or that was removed. What was left
   * unanswered may be there, whole, or not; from here on it is what it is. Clones may be missing
   * whose job `failed` by its own account.
   */
  settle(found: ReadonlyMap<string, Attempt>, failed: ReadonlySet<string>): readonly string[] {
    const faults: string[] = [];
    for (const [mid, { name }] of this.#made) {
      if (found.has(mid)) continue;
      if (!this.#beingRemoved.has(mid) && !failed.has(mid)) faults.push(`${name} was promised and is missing`);
      this.#made.delete(mid);
    }
    for (const [mid, there] of found) {
      const expected = this.#made.get(mid) ?? this.#unanswered.get(there.name);
      if (expected === undefined) faults.push(`${there.name} was never promised, or removed, and is there`);
      else if (!isSame(expected, there)) faults.push(`${there.name} is not what was sent`);
      else this.#made.set(mid, expected);
    }
    this.#unanswered.clear();
    this.#beingRemoved.clear();
    return faults;
  }
}

function isSame(left: Attempt, right: Attempt): boolean {
  return left.name === right.name && left.size === right.size && (left.sha256 ?? right.sha256) === right.sha256;
}
