import { unavailable } from '../shared/unavailable.ts';
import type { Bucket } from './bucket.ts';
import { uploadNameOf } from './keys.ts';
import type { OpenUpload } from './open-upload.ts';

/** Returns the upload that all processes send the parts of a blob to, or null before the first. */
export async function findSharedUpload(bucket: Bucket, key: string): Promise<OpenUpload | null> {
  const uploadId = await bucket.text(uploadNameOf(key));
  return uploadId === null ? null : { key, uploadId };
}

/** As `findSharedUpload`, but begins it if there is none. The server decides between two. */
export async function shareUpload(bucket: Bucket, key: string): Promise<OpenUpload> {
  const found = await findSharedUpload(bucket, key);
  if (found !== null) return found;
  const { uploadId } = await bucket.begin(key);
  if (await bucket.put(uploadNameOf(key), Buffer.from(uploadId), true)) return { key, uploadId };
  const shared = await findSharedUpload(bucket, key);
  if (shared?.uploadId !== uploadId) await bucket.abort({ key, uploadId });
  if (shared === null) throw unavailable(new Error('the upload was removed'));
  return shared;
}
