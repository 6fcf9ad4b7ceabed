import type { Bytes } from '../../../domain/shared/bytes.ts';
import { unavailable } from '../shared/unavailable.ts';
import type { Bucket } from './bucket.ts';
import { partsMissing } from './failures.ts';
import { uploadsOf } from './listing.ts';
import type { OpenUpload, SentPart } from './open-upload.ts';

/**
 * Creates a multipart upload. Not cancellable: an upload whose id was not received cannot be
 * aborted. Leaves the key with no other upload if a response was lost.
 */
export async function beginUpload(bucket: Bucket, key: string): Promise<OpenUpload> {
  const { uploadId, once } = await bucket.begin(key);
  if (!once) await abortUploads(bucket, key, uploadId);
  return { key, uploadId };
}

/** Aborts the uploads of a key, except one. Idempotent. */
export async function abortUploads(bucket: Bucket, key: string, except?: string): Promise<void> {
  for (const upload of await uploadsOf(bucket, key)) {
    if (upload.uploadId !== except) await bucket.abort(upload);
  }
}

/**
 * Makes the object of `size` bytes visible. Idempotent: a lost response may have been a success,
 * and then the object exists.
 *
 * @throws bytes-missing when the server has no such upload or other parts
 */
export async function completeUpload(
  bucket: Bucket,
  key: string,
  size: Bytes,
  upload: OpenUpload | null,
  parts: readonly SentPart[],
): Promise<void> {
  let failure: unknown = new Error('the object does not have the expected size');
  try {
    if (upload !== null && parts.length > 0) await bucket.complete(upload, parts);
    else await putEmpty(bucket, key, upload);
  } catch (error) {
    failure = error;
  }
  const stored = await bucket.sizeOf(key);
  if (stored === size) return;
  throw stored === null ? (partsMissing(failure) ?? failure) : unavailable(failure);
}

/** An upload without parts cannot be completed. */
async function putEmpty(bucket: Bucket, key: string, upload: OpenUpload | null): Promise<void> {
  await bucket.put(key, new Uint8Array());
  if (upload !== null) await bucket.abort(upload);
}
