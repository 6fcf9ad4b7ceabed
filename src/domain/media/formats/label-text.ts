/** A text up to its first zero character. */
export function untilZero(text: string): string {
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/**
 * A text as a label: without spaces around it; null where nothing is left of it, or where it holds
 * what must not be shown.
 */
export function shownLabel(text: string): string | null {
  const label = text.trim();
  return label === '' || !label.isWellFormed() || /[\p{Cc}\p{Bidi_Control}]/u.test(label) ? null : label;
}
