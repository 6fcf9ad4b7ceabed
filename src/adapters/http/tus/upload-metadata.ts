import { malformedHeader } from './headers.ts';

/** The values of `Upload-Metadata` by their keys. Clients may send any bytes as a value. */
export type UploadMetadata = ReadonlyMap<string, Uint8Array>;

const HEADER = 'Upload-Metadata';
const KEY = /^[\x21-\x2b\x2d-\x7e]+$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Parses `Upload-Metadata`: pairs of a key and a value in Base64, with a space between them,
 * separated by commas. A key without a value has an empty one.
 *
 * @throws RequestError `malformed`
 */
export function parseUploadMetadata(header: string): UploadMetadata {
  const metadata = new Map<string, Uint8Array>();
  if (header.trim() === '') return metadata;
  for (const pair of header.split(',')) {
    const [key = '', value = '', ...more] = pair.trim().split(' ');
    if (!KEY.test(key)) throw malformedHeader(HEADER, 'must be pairs of a key and a value, separated by commas');
    if (more.length > 0 || !BASE64.test(value))
      throw malformedHeader(HEADER, `has a value of ${key} that is not Base64`);
    if (metadata.has(key)) throw malformedHeader(HEADER, `has the key ${key} more than once`);
    metadata.set(key, Buffer.from(value, 'base64'));
  }
  return metadata;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Returns a value as text, or null without the key.
 *
 * @throws RequestError `malformed` when the value is not UTF-8
 */
export function metadataText(metadata: UploadMetadata, key: string): string | null {
  const value = metadata.get(key);
  if (value === undefined) return null;
  try {
    return UTF8.decode(value);
  } catch {
    throw malformedHeader(HEADER, `has a value of ${key} that is not UTF-8`);
  }
}

/** Writes `Upload-Metadata`, as `parseUploadMetadata` reads it. */
export function formatUploadMetadata(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([key, text]) => `${key} ${Buffer.from(text).toString('base64')}`)
    .join(',');
}
