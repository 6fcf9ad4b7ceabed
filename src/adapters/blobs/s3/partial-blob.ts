import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import type { Bucket } from './bucket.ts';
import { partsMissing } from './failures.ts';
import { uploadsOf } from './listing.ts';
import { abortUploads } from './multipart.ts';
import type { ListedPart, OpenUpload, SentPart } from './open-upload.ts';
import { chainOf, deleteTails, partialKeysOf, tailsOf, type Tail } from './tails.ts';

/** What is stored of a blob that is written in several requests. */
export interface PartialBlob {
  /** The size of every part but the last. */
  readonly partBytes: number;
  /** Null before the first full part. */
  readonly upload: OpenUpload | null;
  /** The full parts, in their order. */
  readonly parts: readonly SentPart[];
  /** The bytes behind them, in order and without a gap. */
  readonly tails: readonly Tail[];
}

/** A partial blob, and what else lies in the bucket: bytes behind its offset, other attempts. */
export interface FoundBlob extends PartialBlob {
  readonly others: readonly Tail[];
}

/**
 * Finds the first `offset` bytes of a blob of `size` bytes. `partBytes` is the size of its parts if
 * it has none. Changes nothing.
 *
 * @throws bytes-missing when they are not all there
 */
export async function findPartial(
  bucket: Bucket,
  key: string,
  size: Bytes,
  offset: Bytes,
  partBytes: number,
): Promise<FoundBlob> {
  const tails = await tailsOf(bucket, key);
  const uploads: (OpenUpload | null)[] = [...(await uploadsOf(bucket, key))];
  for (const upload of uploads.length === 0 ? [null] : uploads) {
    const listed = upload === null ? [] : await partsOf(bucket, upload);
    const found = { partBytes: listed[0]?.number === 1 && size >= listed[0].size ? listed[0].size : partBytes, upload };
    const parts = fullParts(listed, size, offset, found.partBytes);
    const from = Math.min(parts.length * found.partBytes, size);
    const chain = chainOf(tails, from, offset);
    if (chain !== null) return { ...found, parts, tails: chain, others: tails.filter((one) => !chain.includes(one)) };
  }
  throw new DomainError('bytes-missing');
}

/** Deletes what lies behind the offset of a partial blob, as far as S3 can, and other attempts. */
export async function cutOff(bucket: Bucket, key: string, { upload, others }: FoundBlob): Promise<void> {
  await abortUploads(bucket, key, upload?.uploadId);
  await deleteTails(bucket, others);
}

/**
 * Deletes everything that is stored of a blob but its visible object, and the parts of one upload.
 * Idempotent.
 */
export async function clearPartial(bucket: Bucket, key: string, except?: string): Promise<void> {
  await abortUploads(bucket, key, except);
  const keys = await partialKeysOf(bucket, key);
  await deleteTails(
    bucket,
    keys.map((found) => ({ key: found })),
  );
}

/** Returns how many bytes are stored from the first one without a gap; null if there are none. */
export async function partialBytes(bucket: Bucket, key: string): Promise<Bytes | null> {
  const tails = await tailsOf(bucket, key);
  const uploads = await uploadsOf(bucket, key);
  if (tails.length === 0 && uploads.length === 0) return null;
  const starts = [0];
  for (const upload of uploads) {
    let end = 0;
    for (const [at, { number, size }] of (await partsOf(bucket, upload)).entries()) if (number === at + 1) end += size;
    starts.push(end);
  }
  return bytes(Math.max(...starts.map((start) => endOf(tails, start))));
}

function endOf(tails: readonly Tail[], start: number): number {
  const ends = new Set([start]);
  for (const { at, length } of tails.toSorted((one, other) => one.at - other.at))
    if (ends.has(at)) ends.add(at + length);
  return Math.max(...ends);
}

/** The parts with exactly the bytes that they should have before the offset. */
function fullParts(listed: readonly ListedPart[], size: number, offset: number, partBytes: number): SentPart[] {
  const parts: SentPart[] = [];
  for (const { number, size: length, tag, sha256 } of listed) {
    const end = Math.min(number * partBytes, size);
    const isFull = number === parts.length + 1 && length === end - parts.length * partBytes;
    if (!isFull || end > offset) break;
    parts.push({ tag, sha256 });
  }
  return parts;
}

/** Returns the parts of an upload: none if the server has forgotten it. */
export async function partsOf(bucket: Bucket, upload: OpenUpload): Promise<readonly ListedPart[]> {
  const found: ListedPart[] = [];
  try {
    for (let after = 0; ;) {
      const { items, isLast } = await bucket.parts(upload, after);
      found.push(...items);
      const last = items.at(-1);
      if (isLast || last === undefined) return found;
      after = last.number;
    }
  } catch (error) {
    if (partsMissing(error) === null) throw error;
    return [];
  }
}
