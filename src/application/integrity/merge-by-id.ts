interface Named {
  readonly id: string;
}

/** The items of two ordered streams with one id; null if a stream has none. */
export interface Pair<Left, Right> {
  readonly id: string;
  readonly left: Left | null;
  readonly right: Right | null;
}

/**
 * Yields the items of all pages. `page` returns the items after one, or the first ones for null; an
 * empty page ends it.
 */
export async function* readPages<T extends Named>(page: (after: T | null) => Promise<readonly T[]>): AsyncGenerator<T> {
  let after: T | null = null;
  for (;;) {
    const items: readonly T[] = await page(after);
    yield* items;
    after = items.at(-1) ?? null;
    if (after === null) return;
  }
}

/**
 * Merges two streams that are ordered by ascending, unique ids. Holds one item of each in memory.
 */
export async function* mergeById<Left extends Named, Right extends Named>(
  lefts: AsyncGenerator<Left>,
  rights: AsyncGenerator<Right>,
): AsyncGenerator<Pair<Left, Right>> {
  let left = await nextOf(lefts);
  let right = await nextOf(rights);
  while (left !== null || right !== null) {
    const id = lower(left, right);
    const [ours, theirs] = [left?.id === id ? left : null, right?.id === id ? right : null];
    yield { id, left: ours, right: theirs };
    if (ours !== null) left = await nextOf(lefts);
    if (theirs !== null) right = await nextOf(rights);
  }
}

async function nextOf<T>(items: AsyncGenerator<T>): Promise<T | null> {
  const next = await items.next();
  return next.done === true ? null : next.value;
}

function lower(left: Named | null, right: Named | null): string {
  if (left === null || right === null) return (left ?? right)?.id ?? '';
  return left.id < right.id ? left.id : right.id;
}
