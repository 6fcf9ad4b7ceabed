import { isFailure } from '../../../domain/shared/domain-error.ts';
import type { Bucket, ListedObject } from './bucket.ts';
import { inParallel } from './in-parallel.ts';
import { isOfPartial, tailNamed, tailPrefixOf } from './keys.ts';
import { readObject } from './s3-reader.ts';

/** A tail: bytes of a part that is not full yet, in an object of its own. */
export interface Tail {
  readonly key: string;
  /** Where its first byte lies in the blob. */
  readonly at: number;
  /** In bytes. */
  readonly length: number;
  /** Its ETag; null if it is not known. */
  readonly tag: string | null;
}

const MAX_READS = 5;

/** Returns all tails of a blob. */
export async function tailsOf(bucket: Bucket, key: string): Promise<readonly Tail[]> {
  const tails: Tail[] = [];
  for await (const { key: tail, size: length, tag } of objectsOf(bucket, key)) {
    const name = tailNamed(key, tail);
    if (name !== null) tails.push({ key: tail, at: name.at, length, tag });
  }
  return tails;
}

/** Returns the keys of all objects of the incomplete write of a blob. */
export async function partialKeysOf(bucket: Bucket, key: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key: found } of objectsOf(bucket, key)) if (isOfPartial(key, found)) keys.push(found);
  return keys;
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
export async function deleteTails(bucket: Bucket, tails: readonly Pick<Tail, 'key'>[]): Promise<void> {
  await inParallel(tails, async ({ key }) => bucket.delete(key));
}

async function* objectsOf(bucket: Bucket, key: string): AsyncGenerator<ListedObject> {
  for (let after = ''; ;) {
    const { items, isLast } = await bucket.objects(tailPrefixOf(key), after);
    yield* items;
    const last = items.at(-1);
    if (isLast || last === undefined) return;
    after = last.key;
  }
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
      for await (const chunk of await readObject(
        bucket,
        key,
        { from, to: from + content.length },
        signal,
        tag ?? undefined,
      )) {
        content.set(chunk, at);
        at += chunk.length;
      }
      return;
    } catch (error) {
      if (signal.aborted || reads === MAX_READS || !isFailure(error, 'unavailable')) throw error;
    }
  }
}
