import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

const CHUNK = 1024 * 1024;

/**
 * The SHA-256 of a file in lower-case hex. `enqueue` hears, again and again, how many of how many
 * bytes were read.
 */
export async function sha256Of(
  path: string,
  tell: (moved: number, size: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const file = await stat(path);
  if (!file.isFile()) throw new Error(`${path} is no file`);
  const hash = createHash('sha256');
  let moved = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK, signal }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    moved += chunk.length;
    tell(moved, file.size);
  }
  return hash.digest('hex');
}
