import { createHash, randomUUID } from 'node:crypto';
import type { BlobStore, ByteSource } from '../../../src/application/ports/blob-store.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { BlobId } from '../../../src/domain/shared/ids.ts';
import type { Gate } from '../waiting/gate.ts';

/** A signal that nobody aborts. */
export const NEVER = new AbortController().signal;

export function newBlob(): BlobId {
  return randomUUID() as BlobId;
}

/** `length` bytes that differ from their neighbours, the same at each call. */
export function patterned(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) % 256));
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The chunks, one after the other. */
export async function* sourceOf(...chunks: readonly Uint8Array[]): ByteSource {
  yield* chunks;
}

/** The chunks, and then nothing for ever; opens `stalled` once it is asked for more. */
export async function* stallAfter(stalled: Gate, ...chunks: readonly Uint8Array[]): ByteSource {
  yield* chunks;
  stalled.open();
  await new Promise<never>(() => undefined);
}

/** The chunks, and then `error`. */
export async function* failAfter(error: Error, ...chunks: readonly Uint8Array[]): ByteSource {
  yield* chunks;
  throw error;
}

/** Stores a blob of this content. */
export async function put(store: BlobStore, id: BlobId, content: Uint8Array): Promise<void> {
  const writer = store.writer(id, bytes(content.length));
  await writer.write(sourceOf(content), NEVER);
  await writer.commit();
}

/** The ids of what lies in a store, up to a page of them. */
export async function idsIn(store: BlobStore): Promise<readonly BlobId[]> {
  return (await store.list()).map(({ id }) => id);
}
