const MARK = '…';

/**
 * A text of at most `maxBytes` in UTF-8: whole, or its beginning with an ellipsis. No character is
 * cut in two.
 */
export function cutText(text: string, maxBytes: number): string {
  if (text.length <= maxBytes && byteLength(text) <= maxBytes) return text;
  let kept = '';
  let left = maxBytes - byteLength(MARK);
  for (const character of text) {
    left -= byteLength(character);
    if (left < 0) break;
    kept += character;
  }
  return kept + MARK;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
