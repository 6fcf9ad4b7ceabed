import { createHash, randomUUID } from 'node:crypto';
import type { BlobStore, ByteSource } from '../../../src/application/ports/blob-store.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { BlobId } from '../../../src/domain/shared/ids.ts';
import type { Gate } from '../waiting/gate.ts';

/** A signal that is never aborted. */
export const NEVER = new AbortController().signal;

export function newBlob(): BlobId {
  return randomUUID() as BlobId;
}

/** Returns `length` bytes that differ from their neighbours, the same at each call. */
export function patterned(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) % 256));
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Yields the chunks. */
export async function* sourceOf(...chunks: readonly Uint8Array[]): ByteSource {
  yield* chunks;
}

/** Yields the chunks, opens `stalled` when asked for another, and never ends. */
export async function* stallAfter(stalled: Gate, ...chunks: readonly Uint8Array[]): ByteSource {
  yield* chunks;
  stalled.open();
  await new Promise<never>(() => undefined);
}

/** Yields the chunks, and then throws `error`. */
export async function* failAfter(error: Error, ...chunks: readonly Uint8Array[]): ByteSource {
  yield* chunks;
  throw error;
}

/** Stores a blob with this content. */
export async function put(store: BlobStore, id: BlobId, content: Uint8Array): Promise<void> {
  const writer = store.writer(id, bytes(content.length));
  await writer.write(sourceOf(content), NEVER);
  await writer.commit();
}

/** Returns the ids of the first page of blobs in a store. */
export async function idsIn(store: BlobStore): Promise<readonly BlobId[]> {
  return (await store.list()).map(({ id }) => id);
}
