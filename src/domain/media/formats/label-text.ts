/** Returns the text before its first NUL. */
export function untilZero(text: string): string {
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/**
 * Returns a text as a label, without surrounding spaces; null if it is empty, or contains
 * characters that must not be displayed.
 */
export function printableLabel(text: string): string | null {
  const label = text.trim();
  return label === '' || !label.isWellFormed() || /[\p{Cc}\p{Bidi_Control}]/u.test(label) ? null : label;
}
