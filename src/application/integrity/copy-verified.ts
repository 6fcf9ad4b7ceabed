import type { StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId } from '../../domain/shared/ids.ts';
import type { BlobContent, BlobInventory, ByteSource } from '../ports/blob-store.ts';
import type { Digests } from '../ports/digests.ts';

/**
 * Why a copy was not made: the bytes differ from their digest, or changed when they were written.
 */
export type CopyFaultReason = 'damaged' | 'not-kept';

/** A copy failed its verification. */
export class CopyFault extends Error {
  override readonly name = 'CopyFault';
  readonly reason: CopyFaultReason;

  constructor(reason: CopyFaultReason) {
    super(`the copy is ${reason}`);
    this.reason = reason;
  }
}

/** A copy to make of a blob in another store. */
export interface VerifiedCopy {
  readonly from: BlobContent;
  readonly to: BlobContent & BlobInventory;
  readonly source: BlobId;
  readonly target: BlobId;
  /** The number of bytes to copy. */
  readonly length: Bytes;
  /** Their expected digest; null if unknown. */
  readonly sha256: string | null;
  /** The size to allocate if it may be written to in place; null for a read-only copy. */
  readonly room: Bytes | null;
}

/** How the bytes of a copy are passed on. */
export interface CopyPassage {
  /** Limits and reports the bytes that are copied. `areHoles`: zeros in them are not stored. */
  copied(source: ByteSource, areHoles: boolean): ByteSource;
  /** Limits the bytes of the finished copy, which are read again. */
  verified(source: ByteSource, areHoles: boolean): ByteSource;
}

/**
 * Copies the bytes of a blob into another store, compares their digest with the expected one before
 * the copy becomes visible, and then reads the copy again. Overwrites an incomplete copy of an
 * earlier attempt.
 *
 * @throws `CopyFault`, what the stores throw, or the reason of the signal
 */
export async function copyVerified(
  { from, to, source, target, length, sha256: expected, room }: VerifiedCopy,
  passage: CopyPassage,
  digests: Digests,
  signal: AbortSignal,
): Promise<StoredBlob> {
  await to.clear(target);
  to.requireWritable(length);
  const writer = to.writer(target, length, { sparse: true, writable: room !== null });
  let sha256: string;
  try {
    const bytes = await from.read(source, { from: 0, to: length }, signal);
    sha256 = await writer.write(passage.copied(bytes, !from.immutable && !to.immutable), signal);
    if (expected !== null && sha256 !== expected) throw new CopyFault('damaged');
    await writer.commit();
  } catch (error) {
    await writer.cancel();
    throw error;
  }
  if (room !== null && room > length) await to.resize(target, room);
  const written = await to.read(target, { from: 0, to: length }, signal);
  if ((await digests.sha256Of(passage.verified(written, !to.immutable))) !== sha256) throw new CopyFault('not-kept');
  const stat = await to.stat(target);
  if (stat === null || stat.storedBytes < length) throw new CopyFault('not-kept');
  return { storedBytes: length, sha256, fingerprint: stat.fingerprint };
}
