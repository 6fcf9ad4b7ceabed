import type { FileHandle } from 'node:fs/promises';
import type { BlobBytes, ByteRange } from '../../../application/ports/blob-store.ts';
import { DomainError, isFailure } from '../../../domain/shared/domain-error.ts';
import { unavailable } from '../shared/unavailable.ts';
import { systemCode } from './failures.ts';
import { openRegular } from './regular-file.ts';
import { CHUNK_BYTES, BufferPool } from './buffer-pool.ts';

/** Shared by all reads of this process. */
const CHUNKS = new BufferPool();

/** Opens a file and yields a range of it. Closes the file when the iteration ends or is left. */
export async function readFile(path: string, range: ByteRange, signal: AbortSignal): Promise<BlobBytes> {
  signal.throwIfAborted();
  try {
    return closingOnReturn(await openRegular(path, 'read'), range, signal);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new DomainError('bytes-missing', undefined, { cause: error });
    throw isFailure(error, 'bytes-missing') ? error : unavailable(error);
  }
}

/** A generator that is left before its first chunk never runs its `finally`. */
function closingOnReturn(file: FileHandle, range: ByteRange, signal: AbortSignal): BlobBytes {
  const read = chunks(file, range, signal);
  async function leave(): Promise<IteratorResult<Uint8Array>> {
    await read.return();
    await file.close();
    return { done: true, value: undefined };
  }
  return {
    [Symbol.asyncIterator]: () => ({ next: async () => read.next(), return: leave }),
    release: (chunk) => CHUNKS.release(chunk),
  };
}

async function* chunks(
  file: FileHandle,
  { from, to }: ByteRange,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  try {
    let at: number = from;
    let ahead = readAhead(file, at, to);
    while (ahead !== null) {
      const chunk = await ahead;
      signal.throwIfAborted();
      at += chunk.length;
      ahead = readAhead(file, at, to);
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

/**
 * Starts to read the next chunk; null at the end. If the iteration is left before the chunk
 * arrives, its error is dropped.
 */
function readAhead(file: FileHandle, at: number, to: number): Promise<Uint8Array> | null {
  if (at >= to) return null;
  const chunk = readChunk(file, at, Math.min(CHUNK_BYTES, to - at));
  chunk.catch(() => undefined);
  return chunk;
}

async function readChunk(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file
    .read({ buffer: length === CHUNK_BYTES ? CHUNKS.acquire() : Buffer.allocUnsafe(length), position: at })
    .catch((error: unknown) => {
      if (systemCode(error) === 'EIO') throw new DomainError('bytes-damaged', undefined, { cause: error });
      throw unavailable(error);
    });
  // The file was truncated: ending here would look like success.
  if (bytesRead === 0) throw new DomainError('bytes-missing');
  return bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
}
