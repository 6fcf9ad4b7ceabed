import { checksumFrom, checksumText } from '../../../src/domain/imports/checksum.ts';
import { fileNameOf, maskedUrl, requireImportUrl } from '../../../src/domain/imports/import-url.ts';
import { MAX_TRIES, pauseBeforeRetry } from '../../../src/domain/imports/retries.ts';

const RULES = { hosts: [], ports: [8443] };

describe('The URL of an import', () => {
  it('is brought into its normal form, without a fragment', () => {
    expect(requireImportUrl('HTTPS://Images.Example:443/a/../b.iso?k=v#top', RULES)).toBe(
      'https://images.example/b.iso?k=v',
    );
  });

  it.each(['', 'b.iso', '//images.example/b.iso', 'file:///etc/passwd', 'ftp://a.example/b', 'http://', 'data:,x'])(
    'is not %j',
    (text) =>
      expect(() => requireImportUrl(text, RULES)).toThrow(expect.objectContaining({ code: 'url-invalid' }) as Error),
  );

  it.each(['https://user@a.example/', 'https://user:secret@a.example/', 'https://:secret@a.example/'])(
    'has no credentials: %j',
    (text) =>
      expect(() => requireImportUrl(text, RULES)).toThrow(expect.objectContaining({ code: 'url-invalid' }) as Error),
  );

  it('has at most 8,192 characters', () => {
    const url = (length: number): string => 'https://a.example/'.padEnd(length, 'x');
    expect(requireImportUrl(url(8192), RULES)).toHaveLength(8192);
    expect(() => requireImportUrl(url(8193), RULES)).toThrow();
  });

  it('hides its query in logs and answers', () => {
    expect(maskedUrl('https://a.example:8443/b.iso?X-Amz-Signature=1')).toBe('https://a.example:8443/b.iso?…');
    expect(maskedUrl('https://a.example/b.iso')).toBe('https://a.example/b.iso');
  });

  it.each([
    ['https://a.example/x/my%20disk.img?name=other', 'my disk.img'],
    ['https://a.example/x/', 'x'],
    ['https://a.example/', null],
    ['https://a.example/%E0%A4%A', '%E0%A4%A'],
    ['https://a.example/%0Aname', 'name'],
    [`https://a.example/${'%C3%A4'.repeat(200)}`, 'ä'.repeat(127)],
  ])('names the item: %s', (url, name) => expect(fileNameOf(url)).toBe(name));
});

describe('The checksum of an import', () => {
  it.each([`sha256:${'0c'.repeat(32)}`, `sha512:${'0c'.repeat(64)}`])('is %s', (text) => {
    expect(checksumText(checksumFrom(text)!)).toBe(text);
    expect(checksumFrom(text.replaceAll('0c', '0C'))).toEqual(checksumFrom(text));
  });

  it.each(['', 'sha256:', `sha1:${'0'.repeat(40)}`, `sha256:${'0'.repeat(63)}`, `sha512:${'0'.repeat(64)}`, 'x'])(
    'is not %j',
    (text) => expect(checksumFrom(text)).toBeNull(),
  );
});

describe('The pause before another try of an import', () => {
  it('grows, five tries in all', () => {
    const pauses = Array.from({ length: MAX_TRIES }, (_, tries) => pauseBeforeRetry(tries + 1, null));
    expect(pauses).toEqual([0.5, 2, 8, 32, null]);
  });

  it('is short after a try that brought bytes', () => expect(pauseBeforeRetry(0, null)).toBe(0.5));

  it('is as long as the source asks for, up to ten minutes', () => {
    expect(pauseBeforeRetry(1, 7)).toBe(7);
    expect(pauseBeforeRetry(3, 7)).toBe(8);
    expect(pauseBeforeRetry(1, 86_400)).toBe(600);
    expect(pauseBeforeRetry(MAX_TRIES, 7)).toBeNull();
  });
});
