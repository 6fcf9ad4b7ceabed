import type { Request } from 'express';
import type { UploadOrder } from '../../../application/uploads/create-upload.ts';
import { bytes } from '../../../domain/shared/bytes.ts';
import type { GroupId, PoolId } from '../../../domain/shared/ids.ts';
import { RequestError } from '../shared/request-error.ts';
import { wholeNumber } from '../shared/whole-number.ts';
import { headerOf, malformedHeader } from './headers.ts';
import { metadataText, parseUploadMetadata, type UploadMetadata } from './upload-metadata.ts';

const HEADER = 'Upload-Metadata';
const SHA256 = /^[0-9a-f]{64}$/i;
/** Types that the key `type` may have. Web clients send a MIME type there, which means nothing. */
const TYPES: ReadonlySet<string> = new Set(['ISO', 'DISK', 'IPSW']);

/**
 * Parses what a creation orders, from its `Upload-Length` and `Upload-Metadata`. Keys that are not
 * known are ignored.
 *
 * @throws RequestError `malformed`, or `body-too-large` above `maxBytes`
 */
export function parseUploadOrder(request: Request, maxBytes: number): UploadOrder {
  const length = requireLength(request, maxBytes);
  const sent = headerOf(request, HEADER) ?? '';
  const metadata = parseUploadMetadata(sent);
  return {
    length: bytes(length),
    name: requireText(metadata, 'filename', 'name'),
    group: requireId(metadata, 'group') as GroupId,
    pool: optionalId(metadata, 'pool') as PoolId | null,
    type: typeOf(metadata),
    readOnly: flagOf(metadata, 'readonly'),
    sha256: sha256Of(metadata),
    metadata: sent,
  };
}

function requireLength(request: Request, maxBytes: number): number {
  if (headerOf(request, 'Upload-Defer-Length') !== null) {
    throw malformedHeader('Upload-Defer-Length', 'is not supported: send Upload-Length, which is charged to the quota');
  }
  if (headerOf(request, 'Upload-Concat') !== null) {
    throw malformedHeader('Upload-Concat', 'is not supported: upload the file as one');
  }
  const sent = headerOf(request, 'Upload-Length');
  if (sent === null) throw malformedHeader('Upload-Length', 'is missing');
  if (!/^[0-9]+$/.test(sent)) throw malformedHeader('Upload-Length', 'must be a whole number');
  const length = Number(sent);
  if (length > maxBytes) {
    const message = `an upload has at most ${maxBytes} bytes`;
    throw new RequestError('body-too-large', [{ message, point: 'Upload-Length' }]);
  }
  return length;
}

function requireText(metadata: UploadMetadata, ...keys: readonly string[]): string {
  for (const key of keys) {
    const text = metadataText(metadata, key);
    if (text !== null) return text;
  }
  throw malformedHeader(HEADER, `must have the key ${keys.join(' or ')}`);
}

function requireId(metadata: UploadMetadata, key: string): number {
  const id = optionalId(metadata, key);
  if (id === null) throw malformedHeader(HEADER, `must have the key ${key}`);
  return id;
}

function optionalId(metadata: UploadMetadata, key: string): number | null {
  const text = metadataText(metadata, key);
  if (text === null) return null;
  const { data, error } = wholeNumber.safeParse(text);
  if (error !== undefined) throw malformedHeader(HEADER, `must have a whole number as ${key}`);
  return data;
}

/** Null without a type: then the bytes decide. */
function typeOf(metadata: UploadMetadata): string | null {
  const own = metadataText(metadata, 'velocity_type');
  if (own !== null) return own;
  const usual = metadataText(metadata, 'type');
  return usual !== null && TYPES.has(usual) ? usual : null;
}

function flagOf(metadata: UploadMetadata, key: string): boolean | null {
  const text = metadataText(metadata, key);
  if (text === null) return null;
  if (text !== 'true' && text !== 'false') throw malformedHeader(HEADER, `must have true or false as ${key}`);
  return text === 'true';
}

function sha256Of(metadata: UploadMetadata): string | null {
  const text = metadataText(metadata, 'sha256');
  if (text === null) return null;
  if (!SHA256.test(text)) throw malformedHeader(HEADER, 'must have 64 hexadecimal digits as sha256');
  return text.toLowerCase();
}
