import { PassThrough, pipeline, type Readable } from 'node:stream';
import type { ByteRange, ByteSource } from '../../../application/ports/blob-store.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { unavailable } from '../shared/unavailable.ts';
import type { Bucket } from './bucket.ts';

/** How long the server may send nothing while a read waits. */
const IDLE_TIMEOUT_MS = 60_000;
/** How much is fetched ahead of the reader, so that neither waits for the other at each chunk. */
const READ_AHEAD_BYTES = 1024 * 1024;

/**
 * Opens an object and yields a range of it. Closes the connection when the iteration ends or is
 * left.
 */
export async function readObject(
  bucket: Bucket,
  key: string,
  range: ByteRange,
  signal: AbortSignal,
  tag?: string,
): Promise<ByteSource> {
  signal.throwIfAborted();
  const expectedBytes = range.to - range.from;
  if (expectedBytes === 0) {
    if (((await bucket.sizeOf(key)) ?? -1) < range.to) throw new DomainError('bytes-missing');
    return nothing();
  }
  const opened = await bucket.open(key, range, signal, tag);
  if (opened === null) throw new DomainError('bytes-missing');
  const body = pipeline(opened.body, new PassThrough({ highWaterMark: READ_AHEAD_BYTES }), () => undefined);
  const stop = (): void => void body.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  // The reader gets an error with its next chunk. Without a listener until then, the process would
  // end.
  body.on('error', () => undefined).once('close', () => signal.removeEventListener('abort', stop));
  if (opened.length === expectedBytes) return closingOnReturn(body, expectedBytes, signal);
  body.destroy();
  throw new DomainError('bytes-missing');
}

async function* nothing(): ByteSource {
  // An empty range has no chunks.
}

/** A generator that is left before its first chunk never runs its `finally`. */
function closingOnReturn(body: Readable, expectedBytes: number, signal: AbortSignal): ByteSource {
  const read = chunks(body, expectedBytes, signal);
  async function leave(): Promise<IteratorResult<Uint8Array>> {
    await read.return();
    body.destroy();
    return { done: true, value: undefined };
  }
  return { [Symbol.asyncIterator]: () => ({ next: async () => read.next(), return: leave }) };
}

async function* chunks(body: Readable, expectedBytes: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
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
  // The server closed the connection early: ending here would look like success.
  if (received !== expectedBytes) throw unavailable(new Error(`the server sent ${received} of ${expectedBytes} bytes`));
}

async function within<T>(next: Promise<T>, body: Readable): Promise<T> {
  const timer = setTimeout(
    () => body.destroy(new Error(`the server sent nothing for ${IDLE_TIMEOUT_MS / 1000} seconds`)),
    IDLE_TIMEOUT_MS,
  );
  try {
    return await next;
  } finally {
    clearTimeout(timer);
  }
}
