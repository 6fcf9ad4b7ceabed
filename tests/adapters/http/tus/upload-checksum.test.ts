import { createHash } from 'node:crypto';
import { CHECKSUM_ALGORITHMS, parseUploadChecksum } from '../../../../src/adapters/http/tus/upload-checksum.ts';

describe('Upload-Checksum', () => {
  it.each(CHECKSUM_ALGORITHMS)('reads a digest of %s', (algorithm) => {
    const value = createHash(algorithm).update('bytes').digest();
    expect(parseUploadChecksum(`${algorithm} ${value.toString('base64')}`)).toEqual({ algorithm, value });
  });

  it.each([
    '',
    'sha1',
    'sha1 ',
    'sha1 AAAA',
    'crc32 AAAA',
    'SHA1 Lve95gjOVATpfV8EL5X4nxwjKHE=',
    'sha1 Lve95gjOVATpfV8EL5X4nxwjKHE= x',
  ])('refuses %j', (header) => expect(() => parseUploadChecksum(header)).toThrow(/^Upload-Checksum must /));
});
