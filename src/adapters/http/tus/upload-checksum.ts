import type { AppendChecksum } from '../../../application/uploads/append-body.ts';
import { malformedHeader } from './headers.ts';

const HEADER = 'Upload-Checksum';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The algorithms of `Upload-Checksum`, with the length of their digests in bytes. */
const DIGEST_BYTES = { sha1: 20, sha256: 32, md5: 16 } as const satisfies Record<AppendChecksum['algorithm'], number>;

export const CHECKSUM_ALGORITHMS = Object.keys(DIGEST_BYTES) as readonly AppendChecksum['algorithm'][];

/**
 * Parses `Upload-Checksum`: an algorithm and a digest in Base64, with a space between them.
 *
 * @throws RequestError `malformed`, also for an algorithm that is not supported, as tus says
 */
export function parseUploadChecksum(header: string): AppendChecksum {
  const [name = '', digest = '', ...more] = header.trim().split(' ');
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name);
  if (algorithm === undefined) throw malformedHeader(HEADER, `must name one of ${CHECKSUM_ALGORITHMS.join(', ')}`);
  const value = Buffer.from(digest, 'base64');
  if (more.length > 0 || !BASE64.test(digest) || value.length !== DIGEST_BYTES[algorithm]) {
    throw malformedHeader(HEADER, `must have a digest of ${DIGEST_BYTES[algorithm]} bytes in Base64`);
  }
  return { algorithm, value };
}
