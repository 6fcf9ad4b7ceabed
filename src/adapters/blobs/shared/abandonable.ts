import type { ByteSource } from '../../../application/ports/blob-store.ts';

/**
 * What `source` yields, until `signal` aborts: then it fails with the signal's reason at once, also
 * while the source has nothing to give. Such a source is told that nobody listens any more, and not
 * waited for.
 */
export async function* abandonable(source: ByteSource, signal: AbortSignal): ByteSource {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  // One listener for all chunks: a promise of the abortion would collect every chunk, and a
  // listener for each costs more than the chunk.
  let giveUp: (reason: Error) => void = () => undefined;
  const stop = (): void => giveUp(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  async function next(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      giveUp = reject;
      if (signal.aborted) stop();
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
    signal.removeEventListener('abort', stop);
    if (!ended) {
      const told = Promise.resolve(iterator.return?.()).catch(() => undefined);
      if (!signal.aborted) await told;
    }
  }
}
