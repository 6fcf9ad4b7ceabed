import type { Caller } from '../../domain/access/caller.ts';
import type { Batch, FirstBatch, ListCursor, LongList, PageTerms, WholeList } from '../../domain/shared/page.ts';
import type { LongLists } from './long-lists.ts';

/** The number of objects in one batch. */
export const MAX_BATCH = 500;

/** Reads the batches of a list, each in its own unit of work. */
export interface BatchReader<T, Cursor = ListCursor> {
  first(terms: PageTerms): Promise<FirstBatch<T, Cursor>>;
  behind(after: Cursor, max: number): Promise<Batch<T, Cursor>>;
}

/**
 * Reads a page of a list. If it takes more than one batch, it counts as a long list of the caller
 * until it ends.
 *
 * @throws `unavailable` when the caller reads too many long lists
 */
export async function readInBatches<T, Cursor = ListCursor>(
  lists: LongLists,
  caller: Caller,
  { limit, offset }: PageTerms,
  reader: BatchReader<T, Cursor>,
): Promise<LongList<T>> {
  const terms = { limit: Math.min(limit ?? MAX_BATCH, MAX_BATCH), offset };
  const lengthOf = (total: number): number => Math.max(0, Math.min(limit ?? Infinity, total - offset));
  const { total, items, last } = await reader.first(terms);
  if (last === null || items.length >= lengthOf(total)) return { total, items, rest: null };

  const end = lists.tryBegin(caller.id);
  if (end !== null)
    return { total, items, rest: { end, batches: batchesBehind(items, last, lengthOf(total), reader) } };
  return beginAnew(lists, caller, terms, lengthOf, reader);
}

/**
 * Reads a whole list, as `readInBatches` does. `read` is a unit of work of its own and returns the
 * objects after a cursor, or the first ones for null; `last` of its last batch is null.
 */
export async function readWhole<T, Cursor>(
  lists: LongLists,
  caller: Caller,
  read: (after: Cursor | null) => Promise<Batch<T, Cursor>>,
): Promise<WholeList<T>> {
  return readInBatches<T, Cursor>(
    lists,
    caller,
    { limit: null, offset: 0 },
    {
      first: async () => {
        const batch = await read(null);
        return { ...batch, total: batch.last === null ? batch.items.length : Infinity };
      },
      behind: read,
    },
  );
}

/** Waits for a slot without keeping the first batch, and then reads the list from the beginning. */
async function beginAnew<T, Cursor>(
  lists: LongLists,
  caller: Caller,
  terms: PageTerms,
  lengthOf: (total: number) => number,
  reader: BatchReader<T, Cursor>,
): Promise<LongList<T>> {
  const end = await lists.begin(caller.id);
  try {
    const { total, items, last } = await reader.first(terms);
    return { total, items, rest: { end, batches: batchesBehind(items, last, lengthOf(total), reader) } };
  } catch (error) {
    end();
    throw error;
  }
}

/**
 * Objects that are created or deleted meanwhile may be missing or included; none is yielded twice.
 */
async function* batchesBehind<T, Cursor>(
  { length: had }: readonly T[],
  from: Cursor | null,
  length: number,
  reader: BatchReader<T, Cursor>,
): AsyncGenerator<readonly T[]> {
  let last = from;
  // A batch of large objects is short. Looking at many more rows than that for each batch would
  // cost more than the list.
  let max = 2 * had;
  for (let left = length - had; left > 0 && last !== null;) {
    const batch = await reader.behind(last, Math.min(left, max, MAX_BATCH));
    if (batch.items.length > 0) yield batch.items;
    left -= batch.items.length;
    max = 2 * batch.items.length;
    ({ last } = batch);
  }
}
