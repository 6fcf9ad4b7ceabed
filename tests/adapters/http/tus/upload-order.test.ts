import type { Request } from 'express';
import { formatUploadMetadata } from '../../../../src/adapters/http/tus/upload-metadata.ts';
import { parseUploadOrder } from '../../../../src/adapters/http/tus/upload-order.ts';

const MAX_BYTES = 1_000;
const USUAL = { filename: 'a.iso', group: '7' };

function request(headers: Readonly<Record<string, string | readonly string[]>>): Request {
  const distinct = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat()]);
  return { headersDistinct: Object.fromEntries(distinct) as unknown } as Request;
}

function orderOf(metadata: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): object {
  const sent = { 'Upload-Length': '10', 'Upload-Metadata': formatUploadMetadata(metadata), ...headers };
  return parseUploadOrder(request(sent), MAX_BYTES);
}

describe('The order of a creation', () => {
  it.each<[string, Readonly<Record<string, string>>, object]>([
    ['a name and a group', USUAL, { name: 'a.iso', group: 7, pool: null, type: null, readOnly: null, sha256: null }],
    ['the name as Uppy sends it', { name: 'b', group: '0' }, { name: 'b', group: 0 }],
    ['the file name first', { ...USUAL, name: 'b' }, { name: 'a.iso' }],
    ['a pool', { ...USUAL, pool: '3' }, { pool: 3 }],
    ['a type', { ...USUAL, type: 'DISK' }, { type: 'DISK' }],
    ['a type of the own key first', { ...USUAL, type: 'DISK', velocity_type: 'FLOPPY' }, { type: 'FLOPPY' }],
    ['no type from a MIME type', { ...USUAL, type: 'application/x-cd-image', filetype: 'ISO' }, { type: null }],
    ['read-only', { ...USUAL, readonly: 'true' }, { readOnly: true }],
    ['writable', { ...USUAL, readonly: 'false' }, { readOnly: false }],
    ['a digest', { ...USUAL, sha256: 'AB'.repeat(32) }, { sha256: 'ab'.repeat(32) }],
    ['keys that are not known', { ...USUAL, relativePath: 'null' }, { name: 'a.iso' }],
  ])('has %s', (_what, metadata, order) => {
    expect(orderOf(metadata)).toMatchObject({ length: 10, ...order });
  });

  it('has the metadata as they were sent', () => {
    const sent = 'group Nw== , filename YQ==,unknown';
    expect(orderOf({}, { 'Upload-Metadata': sent })).toMatchObject({ name: 'a', group: 7, metadata: sent });
  });

  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, string]>([
    ['without a name', { group: '7' }, {}, 'Upload-Metadata must have the key filename or name'],
    ['without a group', { filename: 'a' }, {}, 'Upload-Metadata must have the key group'],
    ['with a group that is no number', { ...USUAL, group: '-1' }, {}, 'whole number as group'],
    ['with a group beyond all numbers', { ...USUAL, group: '9999999999999999' }, {}, 'whole number as group'],
    ['with a pool that is no number', { ...USUAL, pool: 'null' }, {}, 'whole number as pool'],
    ['with a flag that is none', { ...USUAL, readonly: 'yes' }, {}, 'true or false as readonly'],
    ['with a digest that is none', { ...USUAL, sha256: 'ab' }, {}, '64 hexadecimal digits as sha256'],
    ['with a length that is none', USUAL, { 'Upload-Length': '-1' }, 'Upload-Length must be a whole number'],
    ['with a fraction as length', USUAL, { 'Upload-Length': '1.5' }, 'Upload-Length must be a whole number'],
    ['with a length to come', USUAL, { 'Upload-Defer-Length': '1' }, 'Upload-Defer-Length is not supported'],
    ['as a part of another', USUAL, { 'Upload-Concat': 'partial' }, 'Upload-Concat is not supported'],
  ])('is refused %s', (_what, metadata, headers, message) => {
    expect(() => orderOf(metadata, headers)).toThrow(
      expect.objectContaining({ kind: 'malformed', message: expect.stringContaining(message) as string }) as Error,
    );
  });

  it.each(['1001', '9007199254740992', '9'.repeat(400)])('is refused as too large with %s bytes', (length) => {
    const error = expect.objectContaining({ kind: 'body-too-large' }) as Error;
    expect(() => orderOf(USUAL, { 'Upload-Length': length })).toThrow(error);
  });

  it('is refused without a length, or with two', () => {
    const metadata = formatUploadMetadata(USUAL);
    expect(() => parseUploadOrder(request({ 'Upload-Metadata': metadata }), MAX_BYTES)).toThrow(
      'Upload-Length is missing',
    );
    const twice = request({ 'Upload-Metadata': metadata, 'Upload-Length': ['1', '2'] });
    expect(() => parseUploadOrder(twice, MAX_BYTES)).toThrow('Upload-Length is there more than once');
  });
});
