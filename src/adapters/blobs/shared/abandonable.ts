import type { ByteSource } from '../../../application/ports/blob-store.ts';

/**
 * What `source` yields, until `signal` aborts: then it fails with the signal's reason at once, also while the source has nothing to give. Such
 * a source is told that nobody listens any more, and not waited for.
 */
export async function* abandonable(source: ByteSource, signal: AbortSignal): ByteSource {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await nextOf(iterator, signal);
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    if (!ended) {
      const told = Promise.resolve(iterator.return?.()).catch(() => undefined);
      if (!signal.aborted) await told;
    }
  }
}

/** Leaves nothing on the signal, which lives for as long as the whole source and would collect every chunk. */
async function nextOf(iterator: AsyncIterator<Uint8Array>, signal: AbortSignal): Promise<IteratorResult<Uint8Array>> {
  return new Promise((resolve, reject) => {
    function stop(): void {
      reject(signal.reason as Error);
    }
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    iterator
      .next()
      .finally(() => signal.removeEventListener('abort', stop))
      .then(resolve, reject);
  });
}
