import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { IdempotencyKey } from '../../../domain/access/idempotency-key.ts';
import { RequestError } from './request-error.ts';

const HEADER = 'idempotency-key';
/** A string of RFC 8941, or the same without quotes. */
const KEY = /^(?:"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255}))$/;

/**
 * Returns the `Idempotency-Key` of a request whose body was read; null without one. `credentials`
 * tells apart credentials of one user that reach differently.
 *
 * @throws RequestError `malformed`
 */
export function idempotencyKeyOf(request: Request, credentials: string): IdempotencyKey | null {
  const { [HEADER]: sent } = request.headers;
  if (sent === undefined) return null;
  const [, quoted, plain] = KEY.exec(String(sent)) ?? [];
  const key = quoted ?? plain;
  if (key === undefined) throw malformed('must be 1 to 255 visible ASCII characters without quotes inside');
  const { method, originalUrl } = request;
  const body: unknown = request.body;
  // With the key, the digest of a body with a password is as hard to guess as the key.
  return { hash: digestOf([key]), fingerprint: digestOf([key, credentials, method, originalUrl, body]) };
}

/**
 * Refuses a request with a key, for calls whose answer has a secret, which must not be stored.
 *
 * @throws RequestError `malformed`
 */
export function requireNoKey({ headers }: Request): void {
  if (headers[HEADER] !== undefined) {
    throw malformed('is refused, since the answer has a secret that is not kept: send the request without it');
  }
}

function malformed(message: string): RequestError {
  return new RequestError('malformed', [{ message: `${HEADER} ${message}`, point: HEADER }]);
}

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
