import { bytes, type Bytes } from './bytes.ts';

/**
 * Passes the chunks of `source` on, and after each calls `progress` with the total number of bytes
 * and those since the last call. Awaits it.
 *
 * @throws what `source` or `progress` throws
 */
export async function* reported(
  source: AsyncIterable<Uint8Array>,
  progress: (passed: Bytes, since: Bytes) => Promise<void>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let passed = 0;
  for await (const chunk of source) {
    yield chunk;
    passed += chunk.length;
    await progress(bytes(passed), bytes(chunk.length));
  }
}
