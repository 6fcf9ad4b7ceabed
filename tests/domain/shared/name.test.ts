import fc from 'fast-check';
import { isFailure } from '../../../src/domain/shared/domain-error.ts';
import { requireName } from '../../../src/domain/shared/name.ts';

function isRefused(text: string): boolean {
  try {
    expect(requireName(text)).toBe(text);
    return false;
  } catch (error) {
    if (isFailure(error, 'name-invalid')) return true;
    throw error;
  }
}

/** Characters that make a name invalid wherever they are inserted. */
const FORBIDDEN = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, at) => 0x7f + at),
  0x061c,
  0x200e,
  0x200f,
  ...Array.from({ length: 5 }, (_, at) => 0x202a + at),
  ...Array.from({ length: 4 }, (_, at) => 0x2066 + at),
].map((code) => String.fromCodePoint(code));

describe('requireName', () => {
  it.each([
    ['one letter', 'a'],
    ['spaces, also around it', ' debian 12 '],
    ['what would mean something in a path or a query', "../../etc/passwd'; drop table media; -- \\ %00"],
    ['letters of all scripts', 'Ünïcode ☃ 日本語 עברית العربية'],
    ['characters beyond the first plane', '💿'],
    ['what joins emojis', '👩‍💻'],
    ['a byte order mark', '\ufeffname'],
    ['255 bytes', 'é'.repeat(127) + 'a'],
  ])('accepts %s', (_, name) => {
    expect(isRefused(name)).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['256 bytes of one each', 'a'.repeat(256)],
    ['256 bytes in 128 characters', 'é'.repeat(128)],
    ['256 bytes in 64 emojis', '💿'.repeat(64)],
    ['half a surrogate pair', 'a\ud83d'],
    ['the other half', '\udcbfa'],
    ['halves in the wrong order', '\udcbf\ud83d'],
  ])('refuses %s', (_, name) => {
    expect(isRefused(name)).toBe(true);
  });

  it('refuses a name with a control character, or one that reverses the reading direction', () => {
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(text, fc.constantFrom(...FORBIDDEN), text, (before, forbidden, after) =>
        isRefused(before + forbidden + after),
      ),
    );
    for (const forbidden of FORBIDDEN) expect(isRefused(`a${forbidden}b`)).toBe(true);
  });

  it('measures the length in bytes of UTF-8, not in characters', () => {
    const printable = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/[\p{Cc}\p{Bidi_Control}]/u.test(text));
    fc.assert(fc.property(printable, (text) => isRefused(text) === Buffer.byteLength(text) > 255));
  });
});
