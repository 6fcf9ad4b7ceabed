import { foldCase } from '../../../src/domain/shared/fold-case.ts';

/** Every code point but the surrogates, which are no characters. */
function* codePoints(): Generator<string> {
  for (let point = 0; point <= 0x10ffff; point += 1) {
    if (point < 0xd800 || point > 0xdfff) yield String.fromCodePoint(point);
  }
}

describe('foldCase', () => {
  it.each<[string, string, string]>([
    ['ASCII', 'ABC xyz 09 [\\]^_', 'abc xyz 09 [\\]^_'],
    ['accents', 'CAFÉ', 'café'],
    ['accents that are code points of their own', 'CAFE\u0301', 'cafe\u0301'],
    ['a sharp s, which stays', 'Straße', 'straße'],
    ['a capital sharp s', 'STRAẞE', 'straße'],
    ['a dotted capital I, to one code point', 'İstanbul', 'istanbul'],
    ['a dotless i, which stays', 'ışık', 'ışık'],
    ['a final sigma as any other', 'ΟΔΟΣ', 'οδοσ'],
    ['a final small sigma, which stays', 'οδος', 'οδος'],
    ['a letter in title case', 'ǅ Ǆ', 'ǆ ǆ'],
    ['signs that are letters elsewhere', 'K Å Ω', 'k å ω'],
    ['ligatures, which stay', 'ﬁ', 'ﬁ'],
    ['letters beyond the first plane', '𐐀𐐨 𞤀', '𐐨𐐨 𞤢'],
    ['Georgian capitals', 'Ა Ⴀ', 'ა ⴀ'],
    ['Cherokee', 'Ꭰ ꭰ', 'ꭰ ꭰ'],
    ['what has no case', '日本 ☃ 😀', '日本 ☃ 😀'],
    ['nothing', '', ''],
  ])('folds %s', (_what, text, folded) => {
    expect(foldCase(text)).toBe(folded);
  });

  it('maps a code point to one code point, and is idempotent', () => {
    for (const point of codePoints()) {
      const folded = foldCase(point);
      if (Array.from(folded).length !== 1 || foldCase(folded) !== folded) throw new Error(`${point} became ${folded}`);
    }
  });

  it('folds each code point independently of its neighbours', () => {
    const text = 'ΑΣ ΣΑ Σ İI IJ\u0301 I\u0307';
    expect(foldCase(text)).toBe(Array.from(text, (point) => foldCase(point)).join(''));
  });
});
