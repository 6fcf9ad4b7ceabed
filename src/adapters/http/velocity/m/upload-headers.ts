import type { Request } from 'express';
import type { UploadOrder } from '../../../../application/media/upload-media.ts';
import { DomainError } from '../../../../domain/shared/domain-error.ts';
import { requireName } from '../../../../domain/shared/name.ts';
import { promisedDigests } from '../../shared/digests.ts';
import { byteCount } from '../../shared/whole-number.ts';
import type { UPLOAD_HEADERS } from '../errors.ts';
import { gid, mpid } from '../wire.ts';
import { RequestError } from '../../shared/request-error.ts';
import { decodeHeaderText } from './header-text.ts';

type Headers = Request['headersDistinct'];
type Header = keyof typeof UPLOAD_HEADERS;

/** A required header of an upload that is missing or malformed. */
export class UploadHeaderError extends RequestError {
  readonly header: Header;

  constructor(header: Header, message: string) {
    super('malformed', message);
    this.header = header;
  }
}

/**
 * Reads the headers of an upload, in the order of their codes (docs/velocity.md#errors).
 *
 * @throws UploadHeaderError for the first required header that is missing or malformed
 * @throws RequestError `malformed` when a digest is malformed
 */
export function parseUploadHeaders(request: Request): UploadOrder {
  const headers = request.headersDistinct;
  return {
    size: number(headers, 'content-length', byteCount),
    pool: number(headers, 'x-velocity-mpid', mpid),
    group: number(headers, 'x-velocity-gid', gid),
    name: text(headers, 'x-velocity-name'),
    type: text(headers, 'x-velocity-type'),
    readOnly: flag(headers, 'x-velocity-readonly'),
    sha256: [...promisedDigests(request), ...plainDigests(headers)],
  };
}

function number<T>(headers: Headers, header: Header, field: { safeParse(value: unknown): { data?: T } }): T {
  const { data } = field.safeParse(required(headers, header));
  if (data === undefined) throw fault(header, 'must be a whole number from 0 to 9007199254740991');
  return data;
}

function text(headers: Headers, header: Header): string {
  const decoded = decodeHeaderText(required(headers, header));
  if (decoded === null) throw fault(header, 'must be UTF-8, or encoded as in RFC 8187');
  try {
    return requireName(decoded);
  } catch (error) {
    throw error instanceof DomainError
      ? fault(header, 'must have 1 to 255 bytes in UTF-8 and no control characters')
      : error;
  }
}

function flag(headers: Headers, header: Header): boolean {
  const value = required(headers, header);
  if (value !== 'true' && value !== 'false') throw fault(header, 'must be true or false');
  return value === 'true';
}

function plainDigests(headers: Headers): readonly string[] {
  return (headers['x-velocity-sha256'] ?? []).map((value) => {
    if (!/^[0-9a-f]{64}$/i.test(value))
      throw new RequestError('malformed', 'x-velocity-sha256 must be 64 hexadecimal digits');
    return value.toLowerCase();
  });
}

function required(headers: Headers, header: Header): string {
  const [value, ...more] = headers[header] ?? [];
  if (value === undefined) throw fault(header, 'is missing');
  if (more.length > 0) throw fault(header, 'is sent more than once: send it once');
  return value;
}

function fault(header: Header, what: string): UploadHeaderError {
  return new UploadHeaderError(header, `${header} ${what}`);
}
