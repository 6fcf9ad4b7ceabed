import type { Caller } from '../../domain/access/caller.ts';
import type { ByteSource } from '../ports/blob-store.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { UploadView } from './upload-view.ts';
import type { ViewUploadFailure } from './view-upload.ts';

/** A digest that the bytes of one request must have. */
export interface AppendChecksum {
  readonly algorithm: 'sha1' | 'sha256' | 'md5';
  readonly value: Uint8Array;
}

/** The body of one request. */
export interface AppendBody {
  /** Not iterated before everything else was checked. */
  readonly source: ByteSource;
  /** How many bytes it has; null if only its end will tell. */
  readonly length: number | null;
  readonly checksum: AppendChecksum | null;
}

export type AppendToUploadFailure =
  | ViewUploadFailure
  | 'upload-offset-mismatch'
  | 'upload-locked'
  | 'upload-verifying'
  | 'checksum-mismatch'
  | 'body-too-short'
  | 'body-too-long'
  | 'body-cut-off'
  | 'body-too-slow'
  | 'digest-mismatch'
  | 'format-refused'
  | 'quota-exceeded'
  | 'no-space';

/** Appends the bytes of one request to an upload, and finishes it with the last byte. */
export interface AppendToUpload {
  /**
   * Resolves when the bytes are durable; with the last byte, when the item is `ready`. What arrived
   * before a failure stays, unless `checksum` says otherwise.
   *
   * @throws DomainError `upload-offset-mismatch` where `offset` is not that of the upload;
   *   `upload-locked` where another request has it and does not give it up in time;
   *   `upload-verifying` where the bytes are all there and the item is not finished in time;
   *   `body-too-long`, before the body is read, where `length` exceeds what is missing;
   *   `checksum-mismatch` and `body-cut-off` with a checksum leave the offset as it was;
   *   `digest-mismatch`, `format-refused` and `quota-exceeded` (a thin image) end the upload
   */
  run(caller: Caller, id: UploadId | null, offset: number, body: AppendBody, signal: AbortSignal): Promise<UploadView>;
}
