import type { Request } from 'express';
import { parseDictionary, type Dictionary } from 'structured-headers';
import { RequestError } from './request-error.ts';

const SHA256_BYTES = 32;

/**
 * Returns the SHA-256 digests that `Repr-Digest` and `Content-Digest` of a request promise, in
 * lower-case hex. Ignores other algorithms (RFC 9530, sections 2 and 3). Both mean the same bytes,
 * since a stored body is whole and not encoded.
 *
 * @throws RequestError `malformed` when a header is not a dictionary with byte sequences
 */
export function promisedDigests({ headersDistinct }: Request): readonly string[] {
  return (['repr-digest', 'content-digest'] as const).flatMap((header) => {
    const digests = readDigests((headersDistinct[header] ?? []).filter((line) => line.trim() !== '').join(','));
    if (digests !== null) return digests;
    throw new RequestError('malformed', `${header} must be sha-256=:…: with the digest in Base64 (RFC 9530)`);
  });
}

/**
 * Returns the SHA-256 digests of a `Repr-Digest` or `Content-Digest`, in lower-case hex; null when
 * the header is malformed.
 */
export function readDigests(value: string): readonly string[] | null {
  const members = parsed(value);
  const member = members?.get('sha-256');
  if (member === undefined) return members && [];
  const [digest] = member;
  if (!(digest instanceof ArrayBuffer) || digest.byteLength !== SHA256_BYTES) return null;
  return [Buffer.from(digest).toString('hex')];
}

function parsed(value: string): Dictionary | null {
  try {
    return parseDictionary(value);
  } catch {
    return null;
  }
}
