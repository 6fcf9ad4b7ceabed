import { readFileSync } from 'node:fs';
import { findChecksum } from '../../../src/domain/imports/checksum-file.ts';
import { requireImportUrl } from '../../../src/domain/imports/import-url.ts';
import type { Checksum } from '../../../src/domain/imports/checksum.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const LONG = 'd'.repeat(128);
const URL_OF_IMAGE = 'https://images.example/releases/24.04/server.iso?token=1';

const RECIPE = /^- (.+): in `(.+)` the image `(.+)` and the file `(.+)`$/gm;
/** Each distribution in the documentation, with the folder and the two file names. */
const RECIPES = [
  ...readFileSync('docs/imports.md', 'utf8')
    .replaceAll(/\n {2}/g, ' ')
    .matchAll(RECIPE),
].map(([, ...texts]) => texts as [string, string, string, string]);
/** Files in the form of each distribution; the documented image has the digest `a1a1…`. */
const LAYOUTS: Readonly<Record<string, string>> = {
  Debian: 'debian',
  'Debian, cloud image': 'debian-cloud',
  Ubuntu: 'ubuntu',
  'Ubuntu, cloud image': 'ubuntu-cloud',
  Fedora: 'fedora',
  AlmaLinux: 'almalinux',
  'Rocky Linux': 'rocky',
  'CentOS Stream': 'centos',
  'Arch Linux': 'arch',
  'openSUSE Tumbleweed': 'opensuse',
  'Alpine Linux': 'alpine',
  FreeBSD: 'freebsd',
  OpenBSD: 'openbsd',
};

function checksumIn(text: string, url: string): Checksum {
  return findChecksum(text, url, new URL('SHA256SUMS', url).href);
}

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
    expect(checksumIn(text, URL_OF_IMAGE)).toEqual({ algorithm: 'sha256', value });
  });

  it('is SHA-512 where there is no other', () => {
    expect(checksumIn(`${LONG}  server.iso\n`, URL_OF_IMAGE)).toEqual({ algorithm: 'sha512', value: LONG });
    const tagged = `SHA512 (server.iso) = ${LONG}\n`;
    expect(checksumIn(tagged, URL_OF_IMAGE)).toEqual({ algorithm: 'sha512', value: LONG });
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
    expect(checksumIn(signed.join('\r\n'), URL_OF_IMAGE).value).toBe(A);
  });

  it('is found for names with escapes in the URL and in the file', () => {
    expect(checksumIn(`${A}  my server.iso\n`, 'https://a.example/my%20server.iso').value).toBe(A);
    expect(checksumIn(`\\${A}  back\\\\slash.iso\n`, 'https://a.example/back%5Cslash.iso').value).toBe(A);
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
    expect(() => checksumIn(text, URL_OF_IMAGE)).toThrow(
      expect.objectContaining({ code: 'checksum-not-found', detail: { reason } }) as Error,
    );
  });

  it('is missing for a URL without a file name', () => {
    expect(() => checksumIn(`${A}  a\n${B}  b\n`, 'https://images.example/')).toThrow();
  });

  it.each([
    ['named for the image', 'server.iso.sha256', `# a comment\n${A}  server-20251101.iso\n`, true],
    ['named for another image', 'other.iso.sha256', `${A}  server-20251101.iso\n`, false],
    ['named for all images', 'SHA256SUMS', `${A}  server-20251101.iso\n`, false],
    ['with two checksums', 'server.iso.sha256', `${A}  server-20251101.iso\n${B}  server-20251102.iso\n`, false],
  ])('may have another name in a file %s: %s', (_kind, name, text, isFound) => {
    const find = (): Checksum => findChecksum(text, URL_OF_IMAGE, `https://images.example/${name}`);
    if (isFound) expect(find().value).toBe(A);
    else expect(find).toThrow(expect.objectContaining({ code: 'checksum-not-found' }) as Error);
  });

  it('is documented for every distribution whose form is tested', () => {
    expect(RECIPES.map(([name]) => name)).toEqual(Object.keys(LAYOUTS));
  });

  it.each(RECIPES)('is found for %s', (name, folder, image, file) => {
    const [url, checksumUrl] = [image, file].map((each) => requireImportUrl(folder + each, { hosts: [], ports: [] }));
    const text = readFileSync(`tests/fixtures/checksum-files/${LAYOUTS[name]!}`, 'utf8');
    expect(findChecksum(text, url!, checksumUrl!).value).toMatch(/^(?:a1)+$/);
  });
});
