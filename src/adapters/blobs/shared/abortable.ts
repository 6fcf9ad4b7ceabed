import type { ByteSource } from '../../../application/ports/blob-store.ts';

/**
 * What `source` yields, until `signal` aborts: then it fails with the signal's reason at once, also
 * while the source has nothing to give. Such a source is told that nobody listens any more, and not
 * waited for.
 */
export async function* abortable(source: ByteSource, signal: AbortSignal): ByteSource {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  // One listener for all chunks: a promise of the abortion would collect every chunk, and a
  // listener for each costs more than the chunk.
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
