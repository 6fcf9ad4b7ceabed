import type { Request } from 'express';
import { parseDictionary, type Dictionary } from 'structured-headers';
import { RequestError } from './request-error.ts';

const SHA256_BYTES = 32;

/**
 * The SHA-256 digests that a request's `Repr-Digest` and `Content-Digest` promise of its body, in
 * lower-case hex. Other algorithms are ignored (RFC 9530, sections 2 and 3). A body that is stored
 * is whole and not encoded, so both mean the same bytes.
 *
 * @throws RequestError `malformed` for a header that is no such dictionary
 */
export function promisedDigests({ headersDistinct }: Request): readonly string[] {
  return (['repr-digest', 'content-digest'] as const).flatMap((header) => {
    const digests = readDigests((headersDistinct[header] ?? []).filter((line) => line.trim() !== '').join(','));
    if (digests !== null) return digests;
    throw new RequestError('malformed', `${header} must be like sha-256=:…:, in Base64 (RFC 9530)`);
  });
}

/**
 * The SHA-256 digests of a `Repr-Digest` or `Content-Digest`, in lower-case hex; null for what is
 * no such header.
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
