import type { Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import type { HashingThreads } from '../shared/hashing-threads.ts';
import type { Bucket } from './bucket.ts';
import type { ChunkLayout } from './chunk-layout.ts';
import { partsMissing } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import type { ListedPart, OpenUpload, SentPart } from './open-upload.ts';
import type { PartMemory } from './part-memory.ts';
import { partsOf } from './partial-blob.ts';
import { chainOf, readTails, tailsOf, type Tail } from './tails.ts';

/** How many parts are put together at once. */
const AT_ONCE = 4;

interface Assembly {
  readonly bucket: Bucket;
  readonly length: Bytes;
  readonly memory: PartMemory;
  readonly threads: HashingThreads;
}

/**
 * Returns all parts of a blob whose chunks are durable. Puts those together from their tails that
 * the upload does not have yet. Idempotent.
 *
 * @throws bytes-missing, no-space or unavailable; the reason of the signal
 */
export async function assembleParts(
  assembly: Assembly,
  layout: ChunkLayout,
  upload: OpenUpload,
  signal: AbortSignal,
): Promise<readonly SentPart[]> {
  const { bucket, length } = assembly;
  const listed = new Map((await partsOf(bucket, upload)).map((part) => [part.number, part]));
  if (layout.areParts)
    return [...layout.between(0, length)].map(({ part, from, to }) => found(listed, part, to - from));
  const tails = chainOf(await tailsOf(bucket, upload.key), 0, length);
  if (tails === null) throw new DomainError('bytes-missing');
  const parts: SentPart[] = [];
  await inParallel(
    Array.from({ length: Math.ceil(length / layout.partBytes) }, (_, index) => index),
    async (index) => {
      const from = index * layout.partBytes;
      const size = Math.min(layout.partBytes, length - from);
      const part = listed.get(index + 1);
      parts[index] =
        part?.size === size ? part : await sendPart(assembly, tails, { upload, index, from, size }, signal);
    },
    AT_ONCE,
  );
  return parts;
}

function found(listed: ReadonlyMap<number, ListedPart>, number: number, size: number): ListedPart {
  const part = listed.get(number);
  if (part?.size !== size) throw new DomainError('bytes-missing');
  return part;
}

async function sendPart(
  { bucket, memory, threads }: Assembly,
  tails: readonly Tail[],
  { upload, index, from, size }: { upload: OpenUpload; index: number; from: number; size: number },
  signal: AbortSignal,
): Promise<SentPart> {
  const holder = { location: bucket, heldBytes: 0 };
  const track = threads.beginParts();
  let spare: ArrayBuffer | null = null;
  const acquired = await memory.acquire(holder, size, signal);
  try {
    await readTails(bucket, tails, from, new Uint8Array(acquired), signal);
    const { buffer, sha256 } = await track.part(acquired, size, 0, size);
    const { once, ...sent } = await bucket.sendPart(upload, index + 1, Buffer.from(buffer), sha256, signal);
    if (once) spare = buffer;
    return sent;
  } catch (error) {
    throw partsMissing(error) ?? error;
  } finally {
    track.release();
    memory.release(holder, size, spare);
  }
}
