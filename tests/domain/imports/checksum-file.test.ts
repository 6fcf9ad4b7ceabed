import { findChecksum } from '../../../src/domain/imports/checksum-file.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const LONG = 'd'.repeat(128);
const URL_OF_IMAGE = 'https://images.example/releases/24.04/server.iso?token=1';

describe('A checksum in a file', () => {
  it.each([
    ['text mode', `${B}  other.iso\n${A}  server.iso\n`, A],
    ['binary mode', `${A} *server.iso\n`, A],
    ['CRLF', `${B} *other.iso\r\n${A} *server.iso\r\n`, A],
    ['upper case', `${A.toUpperCase()}  server.iso`, A],
    ['a path', `${A}  ./24.04/server.iso\n`, A],
    ['tabs', `${A}\tserver.iso\n`, A],
    ['BSD style', `MD5 (server.iso) = ${'0'.repeat(32)}\nSHA256 (other.iso) = ${B}\nSHA256 (server.iso) = ${A}\n`, A],
    ['BSD style without spaces', `SHA256(server.iso)= ${A}\n`, A],
    ['comments', `# images\n\n${A}  server.iso\n`, A],
    ['the same line twice', `${A}  server.iso\n${A} *server.iso\n`, A],
    ['a digest alone', `${A}\n`, A],
    ['both digests', `${LONG}  server.iso\n${A}  server.iso\n`, A],
    ['the nearest path', `${B}  desktop/server.iso\n${A}  24.04/server.iso\n${C}  server.iso\n`, A],
    ['a byte order mark elsewhere', `\uFEFF${B}  other.iso\n${A}  server.iso\n`, A],
  ])('is found: %s', (_case, text, value) => {
    expect(findChecksum(text, URL_OF_IMAGE)).toEqual({ algorithm: 'sha256', value });
  });

  it('is SHA-512 where there is no other', () => {
    expect(findChecksum(`${LONG}  server.iso\n`, URL_OF_IMAGE)).toEqual({ algorithm: 'sha512', value: LONG });
    const tagged = `SHA512 (server.iso) = ${LONG}\n`;
    expect(findChecksum(tagged, URL_OF_IMAGE)).toEqual({ algorithm: 'sha512', value: LONG });
  });

  it('is read from the signed part of a signed file', () => {
    const signed = [
      `${B}  server.iso`,
      '-----BEGIN PGP SIGNED MESSAGE-----',
      'Hash: SHA512',
      '',
      '- -----BEGIN-----',
      `${A} *server.iso`,
      '-----BEGIN PGP SIGNATURE-----',
      '',
      `${C}  server.iso`,
      '-----END PGP SIGNATURE-----',
    ];
    expect(findChecksum(signed.join('\r\n'), URL_OF_IMAGE).value).toBe(A);
  });

  it('is found for names with escapes in the URL and in the file', () => {
    expect(findChecksum(`${A}  my server.iso\n`, 'https://a.example/my%20server.iso').value).toBe(A);
    expect(findChecksum(`\\${A}  back\\\\slash.iso\n`, 'https://a.example/back%5Cslash.iso').value).toBe(A);
  });

  it.each([
    ['missing', `${A}  other.iso\n`],
    ['missing', `${A}  xserver.iso\n`],
    ['missing', ''],
    ['missing', `${'0'.repeat(32)}  server.iso\n`],
    ['missing', `SHA256 (server.iso) = ${LONG}\n`],
    ['missing', `${A}\n${B}\n`],
    ['ambiguous', `${A}  server.iso\n${B}  server.iso\n`],
    ['ambiguous', `${A}  desktop/server.iso\n${B}  netboot/server.iso\n`],
  ])('is %s in %j', (reason, text) => {
    expect(() => findChecksum(text, URL_OF_IMAGE)).toThrow(
      expect.objectContaining({ code: 'checksum-not-found', detail: { reason } }) as Error,
    );
  });

  it('is missing for a URL without a file name', () => {
    expect(() => findChecksum(`${A}  a\n${B}  b\n`, 'https://images.example/')).toThrow();
  });
});
