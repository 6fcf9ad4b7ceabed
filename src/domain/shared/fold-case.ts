const DOTTED_CAPITAL_I = '\u0130';

/**
 * Returns `text` with every code point replaced by its simple lower-case mapping
 * (`Simple_Lowercase_Mapping` in Unicode's UnicodeData.txt). Two texts are equal in either case
 * exactly when their folded texts are equal.
 *
 * One code point becomes one code point: `İ` becomes `i`, `ß` stays, and `Σ` becomes `σ` wherever
 * it stands. Nothing depends on a language, a locale or the neighbours, which is what tells this
 * from `String.prototype.toLowerCase`: that turns `İ` into `i` and a combining dot, and a final `Σ`
 * into `ς`.
 */
export function foldCase(text: string): string {
  let folded = '';
  for (const codePoint of text) {
    // The only code point whose unconditional lower-case mapping has more than one
    // (SpecialCasing.txt).
    folded += codePoint === DOTTED_CAPITAL_I ? 'i' : codePoint.toLowerCase();
  }
  return folded;
}
