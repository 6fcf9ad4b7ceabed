import type { ByteSource } from '../../../application/ports/blob-store.ts';

/**
 * Yields the chunks of `source` until `signal` aborts; then rejects with its reason at once, also
 * while the source has no chunk. Ends the source then, without waiting for it.
 */
export async function* abortable(source: ByteSource, signal: AbortSignal): ByteSource {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  // One listener for all chunks: a promise of the abort would retain every chunk, and a listener
  // for each chunk would cost more than the chunk.
  let rejectNext: (reason: Error) => void = () => undefined;
  const onAbort = (): void => rejectNext(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  async function next(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      rejectNext = reject;
      if (signal.aborted) onAbort();
      else iterator.next().then(resolve, reject);
    });
  }
  try {
    for (;;) {
      const result = await next();
      if (result.done === true) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!ended) {
      const returned = Promise.resolve(iterator.return?.()).catch(() => undefined);
      if (!signal.aborted) await returned;
    }
  }
}
