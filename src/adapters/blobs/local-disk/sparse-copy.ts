import type { FileHandle } from 'node:fs/promises';
import type { CopyProgress } from '../../../application/ports/blob-store.ts';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';

/** The size of one read. Progress is reported after each. */
const CHUNK_BYTES = 1024 * 1024;
/** The size of a hole: a block of zeros is not written. */
const BLOCK_BYTES = 64 * 1024;
const ZERO_BLOCK = Buffer.alloc(BLOCK_BYTES);

/**
 * Copies the first `length` bytes of one file into an empty one, leaving holes for blocks of zeros.
 * The caller sets the size of the target. Waits for each report of progress, so that the receiver
 * can slow the copy down; `cp` cannot do that, which is why blocks of zeros are found by reading
 * them. `onDisk` translates the errors of a step.
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
 * Writes the blocks of a chunk that are not all zeros, adjacent ones in one call. Returns the
 * number of bytes written.
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

/** Returns the end of the run of blocks that are all zeros, or all not, like the one at `from`. */
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

/** A single call may write fewer bytes than requested. */
async function writeWhole(target: FileHandle, part: Buffer, at: number): Promise<void> {
  for (let done = 0; done < part.length;) {
    const { bytesWritten } = await target.write(part, done, part.length - done, at + done);
    done += bytesWritten;
  }
}
