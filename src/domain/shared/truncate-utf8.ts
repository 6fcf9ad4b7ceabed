const ELLIPSIS = '…';
const ENCODER = new TextEncoder();

/** Returns the length of `text` in UTF-8, in bytes. */
export function utf8Length(text: string): number {
  return ENCODER.encode(text).length;
}

/**
 * Returns the longest beginning of `text` that fits into `maxBytes` of UTF-8, in whole characters.
 */
export function truncateUtf8(text: string, maxBytes: number): string {
  const { read } = ENCODER.encodeInto(text, new Uint8Array(Math.max(0, maxBytes)));
  return text.slice(0, read);
}

/** Returns `text` if it fits into `maxBytes` of UTF-8, else its beginning with an ellipsis. */
export function abbreviate(text: string, maxBytes: number): string {
  if (text.length <= maxBytes && utf8Length(text) <= maxBytes) return text;
  return truncateUtf8(text, maxBytes - utf8Length(ELLIPSIS)) + ELLIPSIS;
}
