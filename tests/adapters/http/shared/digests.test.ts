import { readDigests } from '../../../../src/adapters/http/shared/digests.ts';

const BASE64 = Buffer.alloc(32, 7).toString('base64');
const HEX = '07'.repeat(32);

describe('The digests of a header', () => {
  it.each([
    [`sha-256=:${BASE64}:`, [HEX]],
    [`sha-512=:AAAA:, sha-256=:${BASE64}:`, [HEX]],
    [`sha-256=:${BASE64}:, sha-512=:AAAA:`, [HEX]],
    [`sha-256=:${BASE64}:;from="a, b";q=0.5, md5;a=:AA==:`, [HEX]],
    // The last of several counts (RFC 8941, section 3.2), and padding may be left out (section
    // 4.2.7).
    [`sha-256=:AAAA:,sha-256=:${BASE64}:`, [HEX]],
    [`sha-256=:${BASE64.slice(0, -1)}:`, [HEX]],
    ['', []],
    ['  ', []],
    ['sha-512=:AAAA:', []],
    ['unixsum=::', []],
  ])('are read from %s', (value, digests) => {
    expect(readDigests(value)).toEqual(digests);
  });

  it.each([
    'sha-256',
    'sha-256=(:AAAA:)',
    'sha-256=?1',
    `sha-256=${BASE64}`,
    `sha-256=:${BASE64}`,
    'sha-256=:AAAA:',
    `sha-256=:${HEX}:`,
    `SHA-256=:${BASE64}:`,
    `sha-256=:${BASE64}:,`,
    `sha-256=:${'_'.repeat(43)}=:`,
  ])('are none in %j', (value) => {
    expect(readDigests(value)).toBeNull();
  });
});
