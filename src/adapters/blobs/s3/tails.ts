import { isFailure } from '../../../domain/shared/domain-error.ts';
import type { Bucket } from './bucket.ts';
import { tailNamed, tailPrefixOf } from './keys.ts';
import { readObject } from './s3-reader.ts';

/** A tail: bytes of a part that is not full yet, in an object of its own. */
export interface Tail {
  readonly key: string;
  /** Where its first byte lies in the blob. */
  readonly at: number;
  /** In bytes. */
  readonly length: number;
  readonly tag: string;
}

const AT_ONCE = 8;
const MAX_READS = 5;

/** Returns all tails of a blob. */
export async function tailsOf(bucket: Bucket, key: string): Promise<readonly Tail[]> {
  const found: Tail[] = [];
  for (let after = ''; ;) {
    const { items, isLast } = await bucket.objects(tailPrefixOf(key), after);
    for (const { key: tail, size: length, tag } of items) {
      const name = tailNamed(key, tail);
      if (name !== null) found.push({ key: tail, at: name.at, length, tag });
    }
    const last = items.at(-1);
    if (isLast || last === undefined) return found;
    after = last.key;
  }
}

/**
 * Returns the tails that have the bytes from `from` up to `to` between them, in their order; null
 * if they do not have all. A process whose lease ended may have left others, which overlap.
 */
export function chainOf(tails: readonly Tail[], from: number, to: number): readonly Tail[] | null {
  const next = new Map<number, Tail>();
  for (const tail of tails.toSorted((one, other) => other.at - one.at)) {
    const end = tail.at + tail.length;
    if (end === to || next.has(end)) next.set(tail.at, tail);
  }
  const chain: Tail[] = [];
  for (let at = from; at < to;) {
    const tail = next.get(at);
    if (tail === undefined) return null;
    chain.push(tail);
    at += tail.length;
  }
  return chain;
}

/**
 * Reads the bytes from `at` on into `content`, from ordered tails that have them all.
 *
 * @throws bytes-missing, unavailable or the reason of the signal
 */
export async function readTails(
  bucket: Bucket,
  tails: readonly Tail[],
  at: number,
  content: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const end = at + content.length;
  const asked = tails.filter((tail) => tail.at < end && tail.at + tail.length > at);
  await inParallel(asked, async (tail) => {
    const [from, to] = [Math.max(at, tail.at), Math.min(end, tail.at + tail.length)];
    await readTail(bucket, tail, from - tail.at, content.subarray(from - at, to - at), signal);
  });
}

/** Deletes tails. Idempotent. */
export async function deleteTails(bucket: Bucket, tails: readonly Tail[]): Promise<void> {
  await inParallel(tails, async ({ key }) => bucket.delete(key));
}

/** Repeats a read that breaks off. */
async function readTail(
  bucket: Bucket,
  { key, tag }: Tail,
  from: number,
  content: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  for (let reads = 1; ; reads += 1) {
    try {
      let at = 0;
      for await (const chunk of await readObject(bucket, key, { from, to: from + content.length }, signal, tag)) {
        content.set(chunk, at);
        at += chunk.length;
      }
      return;
    } catch (error) {
      if (signal.aborted || reads === MAX_READS || !isFailure(error, 'unavailable')) throw error;
    }
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const workers = Array.from({ length: Math.min(AT_ONCE, items.length) }, async () => {
    for (const item of waiting) await work(item);
  });
  await Promise.all(workers);
}
