import type { IncomingHttpHeaders } from 'node:http';
import type { KnownBytes } from '../../application/ports/import-source.ts';
import { bytes, isBytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError, type FailureDetails } from '../../domain/shared/domain-error.ts';

/** The first lines of a response. */
export interface ResponseHead {
  readonly statusCode?: number | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** The bytes that a response announces. */
export interface AnnouncedBytes {
  /** The offset of the first byte. */
  readonly start: Bytes;
  /** The offset behind the last byte of this response; null if it does not tell. */
  readonly end: Bytes | null;
  /** The length of the source; null if it does not tell. */
  readonly length: Bytes | null;
  /** As in `SourceResponse`. */
  readonly validator: string | null;
}

const OK = 200;
const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;
const STRONG_TAG = /^"[\x21\x23-\x7e]{0,510}"$/;
const DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const CONTENT_RANGE = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/;
const WHOLE = /^\d{1,16}$/;

/** A file may change twice within the second of its date. RFC 9110, section 8.8.2.2. */
const MIN_AGE_MS = 60_000;

/**
 * Returns the bytes that a final response announces, without trust in it.
 *
 * @throws DomainError `source-refused`, `source-changed`
 */
export function announcedBytes(head: ResponseHead, known: KnownBytes | null): AnnouncedBytes {
  const { statusCode: status = 0, headers } = head;
  if (status === RANGE_NOT_SATISFIABLE && known !== null) throw new DomainError('source-changed');
  if (status !== OK && status !== PARTIAL_CONTENT) throw new DomainError('source-refused', { status });
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (coding !== '' && coding !== 'identity') throw refused(status, 'encoded');
  if (status === PARTIAL_CONTENT) return rangeBytes(head, known);
  const length = contentLength(head);
  const validator = validatorOf(headers);
  if (known !== null && !isSame(known.validator, headers)) throw new DomainError('source-changed');
  return { start: bytes(0), end: length, length, validator: known?.validator ?? validator };
}

/** Reads a response that begins behind the known bytes. */
function rangeBytes(head: ResponseHead, known: KnownBytes | null): AnnouncedBytes {
  const { statusCode: status = 0, headers } = head;
  const [, first, last, total] = CONTENT_RANGE.exec(headers['content-range'] ?? '') ?? [];
  if (known === null || first === undefined || last === undefined) throw refused(status, 'malformed');
  const [start, end] = [Number(first), Number(last) + 1];
  const length = total === undefined || total === '*' ? null : Number(total);
  const sent = contentLength(head);
  if (length !== null && !isBytes(length)) throw refused(status, 'malformed');
  const isPlausible = start === known.from && isBytes(end) && end > start && (length === null || end <= length);
  if (!isPlausible || (sent !== null && sent !== end - start)) throw refused(status, 'malformed');
  // A response to If-Range need not repeat its validator. RFC 9110, section 15.3.7.
  const repeats = known.validator.startsWith('"') ? headers.etag : headers['last-modified'];
  if (repeats !== undefined && !isSame(known.validator, headers)) throw new DomainError('source-changed');
  return { start: bytes(start), end: bytes(end), length, validator: known.validator };
}

/**
 * Returns the number of bytes of the body; null if it comes in chunks. A body that ends with its
 * connection is refused, since its end cannot be distinguished from a broken one.
 */
function contentLength({ statusCode: status = 0, headers }: ResponseHead): Bytes | null {
  const length = headers['content-length'];
  if (length !== undefined) {
    if (!WHOLE.test(length) || !isBytes(Number(length))) throw refused(status, 'malformed');
    return bytes(Number(length));
  }
  const coding = headers['transfer-encoding']?.trim().toLowerCase();
  if (coding === undefined) throw refused(status, 'endless');
  if (coding !== 'chunked') throw refused(status, 'encoded');
  return null;
}

/** Returns a strong validator; null if there is none. RFC 9110, section 8.8. */
function validatorOf({ etag, 'last-modified': modified, date }: IncomingHttpHeaders): string | null {
  if (etag !== undefined && STRONG_TAG.test(etag)) return etag;
  if (modified === undefined || date === undefined || !DATE.test(modified)) return null;
  return Date.parse(date) - Date.parse(modified) >= MIN_AGE_MS ? modified : null;
}

function isSame(validator: string, { etag, 'last-modified': modified }: IncomingHttpHeaders): boolean {
  return validator === (validator.startsWith('"') ? etag : modified);
}

function refused(status: number, fault: FailureDetails['source-refused']['fault']): DomainError {
  return new DomainError('source-refused', { status, fault });
}
