import type { FileHandle } from 'node:fs/promises';
import type { CopyProgress } from '../../../application/ports/blob-store.ts';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';

/** How much is read, and at most written, between two reports. Bytes. */
const CHUNK_BYTES = 1024 * 1024;
/** What is left out where it holds nothing but zeros. Bytes. */
const BLOCK_BYTES = 64 * 1024;
const ZERO_BLOCK = Buffer.alloc(BLOCK_BYTES);

/**
 * Copies the first `length` bytes of one file into an empty one, leaving holes where there are only
 * zeros. The size of the target is the caller's business. Every chunk is reported, and the report
 * waited for, so that whoever hears it can slow the copy down: that is what `cp` has no way for,
 * and why the zeros are found by looking at them. `onDisk` runs a step on either file.
 */
export async function copySparsely(
  source: FileHandle,
  target: FileHandle,
  length: Bytes,
  progress: CopyProgress,
  signal: AbortSignal,
  onDisk: <T>(step: Promise<T>) => Promise<T>,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, length));
  for (let at = 0; at < length;) {
    signal.throwIfAborted();
    const { bytesRead } = await onDisk(source.read(buffer, 0, Math.min(buffer.length, length - at), at));
    if (bytesRead === 0) throw new DomainError('bytes-missing');
    const written = await writeBlocks(target, buffer.subarray(0, bytesRead), at, onDisk);
    at += bytesRead;
    await progress(bytes(at), bytes(written));
  }
}

/**
 * Writes the blocks of a chunk that are not all zeros, neighbours in one go. Answers how many bytes
 * that were.
 */
export async function writeBlocks(
  target: FileHandle,
  chunk: Buffer,
  at: number,
  onDisk: <T>(step: Promise<T>) => Promise<T>,
): Promise<number> {
  let written = 0;
  for (let from = 0; from < chunk.length;) {
    const to = endOfRun(chunk, from);
    if (!isEmpty(chunk, from)) {
      await onDisk(writeWhole(target, chunk.subarray(from, to), at + from));
      written += to - from;
    }
    from = to;
  }
  return written;
}

/** Where the run of blocks ends that are all zeros, or all not, as the one at `from` is. */
function endOfRun(chunk: Buffer, from: number): number {
  const kind = isEmpty(chunk, from);
  let to = from;
  while (to < chunk.length && isEmpty(chunk, to) === kind) to = Math.min(to + BLOCK_BYTES, chunk.length);
  return to;
}

function isEmpty(chunk: Buffer, from: number): boolean {
  const block = chunk.subarray(from, from + BLOCK_BYTES);
  return block.equals(ZERO_BLOCK.subarray(0, block.length));
}

/** One call may write less than it was given. */
async function writeWhole(target: FileHandle, part: Buffer, at: number): Promise<void> {
  for (let done = 0; done < part.length;) {
    const { bytesWritten } = await target.write(part, done, part.length - done, at + done);
    done += bytesWritten;
  }
}
