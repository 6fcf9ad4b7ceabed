import fc from 'fast-check';
import { decodeHeaderText } from '../../../../src/adapters/http/velocity/m/header-text.ts';

/** Returns a header as Node decodes it: each byte of UTF-8 as one Latin-1 character. */
function asLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const unicode = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed());

describe('decodeHeaderText', () => {
  it('reads UTF-8 that arrives as Latin-1 characters', () => {
    expect(decodeHeaderText('plain name.iso')).toBe('plain name.iso');
    expect(decodeHeaderText(asLatin1('Größe ☃ 💿'))).toBe('Größe ☃ 💿');
    fc.assert(
      fc.property(
        unicode.filter((text) => !/^utf-8'/i.test(text)),
        (text) => decodeHeaderText(asLatin1(text)) === text,
      ),
    );
  });

  it('reads RFC 8187 values', () => {
    expect(decodeHeaderText("UTF-8''na%C3%AFve%20name")).toBe('naïve name');
    expect(decodeHeaderText("utf-8'en'%e2%82%ac%20rates")).toBe('€ rates');
    expect(decodeHeaderText("UTF-8''")).toBe('');
    const encode = (text: string): string =>
      encodeURIComponent(text).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
    fc.assert(fc.property(unicode, (text) => decodeHeaderText(`UTF-8''${encode(text)}`) === text));
  });

  it.each([
    ['a lone byte of Latin-1', 'Gr\u00f6\u00dfe'],
    ['half a character', asLatin1('☃').slice(0, 2)],
    ['more bytes than a character may have', '\u00c0\u00af'],
    ['an encoded surrogate', '\u00ed\u00a0\u00bd'],
    ['RFC 8187 whose bytes are not UTF-8', "UTF-8''%ff"],
    ['RFC 8187 with half a character', "UTF-8''%e2%98"],
  ])('refuses %s', (_, value) => {
    expect(decodeHeaderText(value)).toBeNull();
  });

  it.each([
    ["UTF-8''%4", "UTF-8''%4"],
    ["UTF-8''a b", "UTF-8''a b"],
    ["UTF-8'", "UTF-8'"],
    ["ISO-8859-1''a", "ISO-8859-1''a"],
    ['100%25', '100%25'],
    ["it's UTF-8''a", "it's UTF-8''a"],
  ])('keeps %j, which is not an RFC 8187 value', (value, text) => {
    expect(decodeHeaderText(value)).toBe(text);
  });

  it('keeps a byte order mark', () => {
    expect(decodeHeaderText(asLatin1('\ufeffname'))).toBe('\ufeffname');
  });
});
