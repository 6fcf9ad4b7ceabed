import { PassThrough, pipeline, type Readable } from 'node:stream';
import type { ByteRange, ByteSource } from '../../../application/ports/blob-store.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { unavailable } from '../shared/unavailable.ts';
import type { Bucket } from './bucket.ts';

/** The server must go on sending within this time while somebody waits for it. Milliseconds. */
const IDLE_TIMEOUT_MS = 60_000;
/**
 * What is fetched ahead of whoever reads, so that neither waits for the other at each chunk. Bytes.
 */
const READ_AHEAD_BYTES = 1024 * 1024;

/**
 * Opens an object and hands out a part of it. The connection is given up when that was iterated to
 * its end, or left.
 */
export async function readObject(
  bucket: Bucket,
  key: string,
  range: ByteRange,
  signal: AbortSignal,
): Promise<ByteSource> {
  signal.throwIfAborted();
  const wanted = range.to - range.from;
  if (wanted === 0) {
    if (((await bucket.sizeOf(key)) ?? -1) < range.to) throw new DomainError('bytes-missing');
    return nothing();
  }
  const opened = await bucket.open(key, range, signal);
  if (opened === null) throw new DomainError('bytes-missing');
  const body = pipeline(opened.body, new PassThrough({ highWaterMark: READ_AHEAD_BYTES }), () => undefined);
  const stop = (): void => void body.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  // Whoever reads hears of an error with the next chunk. Before they ask for one nobody listens,
  // and the process would end.
  body.on('error', () => undefined).once('close', () => signal.removeEventListener('abort', stop));
  if (opened.length === wanted) return closingOnReturn(body, wanted, signal);
  body.destroy();
  throw new DomainError('bytes-missing');
}

async function* nothing(): ByteSource {
  // Of an empty range there is nothing to give.
}

/** A generator that is left before its first chunk never comes to its `finally`. */
function closingOnReturn(body: Readable, wanted: number, signal: AbortSignal): ByteSource {
  const read = chunks(body, wanted, signal);
  async function leave(): Promise<IteratorResult<Uint8Array>> {
    await read.return();
    body.destroy();
    return { done: true, value: undefined };
  }
  return { [Symbol.asyncIterator]: () => ({ next: async () => read.next(), return: leave }) };
}

async function* chunks(body: Readable, wanted: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const iterator = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  let received = 0;
  try {
    for (;;) {
      const next = await within(iterator.next(), body);
      if (next.done === true) break;
      received += next.value.length;
      yield next.value;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw unavailable(error);
  } finally {
    body.destroy();
  }
  // A server that hangs up early has not sent everything: ending here would look like success.
  if (received !== wanted) throw unavailable(new Error(`${received} bytes of ${wanted} came`));
}

async function within<T>(next: Promise<T>, body: Readable): Promise<T> {
  const timer = setTimeout(() => body.destroy(new Error('the server fell silent')), IDLE_TIMEOUT_MS);
  try {
    return await next;
  } finally {
    clearTimeout(timer);
  }
}
