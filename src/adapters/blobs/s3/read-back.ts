import type { ByteRange } from '../../../application/ports/blob-store.ts';
import type { PartsTrack } from '../shared/hashing-threads.ts';
import type { Bucket } from './bucket.ts';
import { readObject } from './s3-reader.ts';

/**
 * Hashes bytes of an object, which follow those that `track` has hashed. Continues after reads that
 * break off, while there is progress. Calls `read` with the number of bytes of each chunk.
 *
 * @throws bytes-missing, unavailable or the reason of the signal
 */
export async function readBack(
  bucket: Bucket,
  key: string,
  { from: start, to }: ByteRange,
  track: PartsTrack,
  signal: AbortSignal,
  read: (bytes: number) => void,
): Promise<void> {
  let hashing: Promise<unknown> = Promise.resolve();
  for (let at = start; at < to;) {
    const from = at;
    try {
      for await (const chunk of await readObject(bucket, key, { from, to }, signal)) {
        await hashing;
        const { buffer, byteLength } = Uint8Array.from(chunk);
        hashing = track.part(buffer, byteLength);
        hashing.catch(heardLater);
        at += byteLength;
        read(byteLength);
      }
    } catch (error) {
      if (signal.aborted || at === from) throw error;
    }
  }
  await hashing;
}

/** The next chunk hears of it. */
function heardLater(): void {
  // Its promise is awaited before the next one.
}
