import type { Caller } from '../../domain/access/caller.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { ByteSource } from '../ports/blob-store.ts';
import type { ChecksumAlgorithm, RunningDigest } from '../ports/digests.ts';
import type { LiveUpload } from './require-upload.ts';

/** A digest that the bytes of one request must have. */
export interface AppendChecksum {
  readonly algorithm: ChecksumAlgorithm;
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

const RETRY_AFTER_SECONDS = 5;
/** Bytes with a checksum are not recorded before it is verified. */
const MAX_BYTES_WITH_CHECKSUM = bytes(1024 ** 3);

/** Requires that a request may append `body` at `offset`, before a byte of it is read. */
export function requireAppendable(caller: Caller, upload: LiveUpload, offset: number, body: AppendBody): void {
  if (upload.creator !== caller.uuid) {
    throw new DomainError('permission-missing', { permission: 'velocity.media.create' });
  }
  if (upload.state === 'verifying') throw verifying();
  // The offset of an open upload only grows, whatever the request that has it does.
  if (upload.state === 'finished' || offset < upload.offset) requireAt(upload, offset);
  // The request that has the upload may have received more bytes than are recorded.
  if (offset === upload.offset) requireFitting(upload, body);
}

/** @throws DomainError `body-too-long` when the announced bytes are more than the upload lacks */
export function requireFitting(
  { length, offset }: Pick<LiveUpload, 'length' | 'offset'>,
  body: Pick<AppendBody, 'length' | 'checksum'>,
): void {
  if (body.length === null) return;
  const missing = bytes(length - offset);
  const promised = body.checksum === null ? missing : bytes(Math.min(missing, MAX_BYTES_WITH_CHECKSUM));
  if (body.length > promised) throw new DomainError('body-too-long', { promised });
}

/** @throws DomainError `upload-offset-mismatch` */
export function requireAt<Found extends { readonly offset: Bytes }>(upload: Found, offset: number): Found {
  if (upload.offset !== offset) throw new DomainError('upload-offset-mismatch', { offset: upload.offset });
  return upload;
}

/**
 * Yields the bytes of a request with a checksum, and updates its digest with them.
 *
 * @throws DomainError `body-too-long` after more than `max` bytes, which are not recorded before
 *   the checksum is verified
 */
export async function* digested(
  source: ByteSource,
  digest: Pick<RunningDigest, 'update'>,
  max: Bytes = MAX_BYTES_WITH_CHECKSUM,
): ByteSource {
  let received = 0;
  for await (const chunk of source) {
    received += chunk.length;
    if (received > max) throw new DomainError('body-too-long', { promised: max });
    digest.update(chunk);
    yield chunk;
  }
}

/** The failure of requests for an upload whose bytes are all there. */
export function verifying(): DomainError {
  return new DomainError('upload-verifying', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
