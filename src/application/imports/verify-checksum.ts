import { checksumText, type Checksum } from '../../domain/imports/checksum.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { BlobAppender } from '../ports/blob-appender.ts';
import type { Digests } from '../ports/digests.ts';

/** How much is read back at once. */
const READ_BACK_BYTES = 1024 * 1024;

/** Stored bytes, with the digest that was computed as they arrived. */
export interface WrittenBytes {
  readonly appender: Pick<BlobAppender, 'read'>;
  readonly length: Bytes;
  /** In lower-case hex. */
  readonly sha256: string;
}

/**
 * Requires that bytes have a checksum. Reads them back for SHA-512; calls `confirm` before each
 * read.
 *
 * @throws DomainError `checksum-differs`, or `bytes-missing`
 * @throws what `confirm` throws
 */
export async function verifyChecksum(
  checksum: Checksum,
  written: WrittenBytes,
  digests: Digests,
  confirm: () => void,
): Promise<void> {
  const { algorithm } = checksum;
  const value = algorithm === 'sha256' ? written.sha256 : await sha512Of(written, digests, confirm);
  if (value === checksum.value) return;
  const texts = { expected: checksumText(checksum), actual: checksumText({ algorithm, value }) };
  throw new DomainError('checksum-differs', texts);
}

async function sha512Of({ appender, length }: WrittenBytes, digests: Digests, confirm: () => void): Promise<string> {
  const digest = digests.begin('sha512');
  for (let at = 0; at < length; at += READ_BACK_BYTES) {
    confirm();
    const part = await appender.read(at, Math.min(READ_BACK_BYTES, length - at));
    if (part === null) throw new DomainError('bytes-missing');
    digest.update(part);
  }
  return [...digest.value()].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
