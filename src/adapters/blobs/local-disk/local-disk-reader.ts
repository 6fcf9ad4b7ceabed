import { open, type FileHandle } from 'node:fs/promises';
import type { ByteRange, ByteSource } from '../../../application/ports/blob-store.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { unavailable } from '../shared/unavailable.ts';
import { systemCode } from './failures.ts';

/** How much is read at a time. Bytes. */
const CHUNK = 256 * 1024;

/** Opens a file and hands out a part of it. The file is closed when that was iterated to its end, or left. */
export async function readFile(path: string, range: ByteRange, signal: AbortSignal): Promise<ByteSource> {
  signal.throwIfAborted();
  try {
    return leavable(await open(path, 'r'), range, signal);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new DomainError('bytes-missing', undefined, { cause: error });
    throw unavailable(error);
  }
}

/** A generator that is left before its first chunk never comes to its `finally`. */
function leavable(file: FileHandle, range: ByteRange, signal: AbortSignal): ByteSource {
  const read = chunks(file, range, signal);
  async function leave(): Promise<IteratorResult<Uint8Array>> {
    await read.return();
    await file.close();
    return { done: true, value: undefined };
  }
  return { [Symbol.asyncIterator]: () => ({ next: async () => read.next(), return: leave }) };
}

async function* chunks(
  file: FileHandle,
  { from, to }: ByteRange,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  try {
    for (let at: number = from; at < to;) {
      signal.throwIfAborted();
      const chunk = await readChunk(file, at, Math.min(CHUNK, to - at));
      at += chunk.length;
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

async function readChunk(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file
    .read({ buffer: Buffer.allocUnsafe(length), position: at })
    .catch((error: unknown) => {
      throw unavailable(error);
    });
  // Somebody cut the file off: ending here would look like success.
  if (bytesRead === 0) throw new DomainError('bytes-missing');
  return buffer.subarray(0, bytesRead);
}
