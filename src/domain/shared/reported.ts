import { bytes, type Bytes } from './bytes.ts';

/**
 * Hands on the chunks of `source`, and after each tells `progress` how many bytes have passed and
 * how many of them since the last time. The source waits for it, and fails with what it fails with.
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
