import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

const CHUNK_BYTES = 1024 * 1024;

/** Returns the SHA-256 of a file in lower-case hex. Calls `report` after each chunk. */
export async function sha256Of(
  path: string,
  report: (readBytes: number, size: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const file = await stat(path);
  if (!file.isFile()) throw new Error(`${path} is not a file`);
  const hash = createHash('sha256');
  let readBytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    readBytes += chunk.length;
    report(readBytes, file.size);
  }
  return hash.digest('hex');
}
