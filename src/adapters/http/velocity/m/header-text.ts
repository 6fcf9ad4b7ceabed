const EXTENDED = /^utf-8'[^']*'((?:[!#$&+.^_`|~0-9a-z-]|%[0-9a-f]{2})*)$/i;

/**
 * Decodes a header: Latin-1 characters that are the bytes of UTF-8, or an RFC 8187 value
 * (`UTF-8''…`). Returns null for any other text.
 */
export function decodeHeaderText(value: string): string | null {
  const extended = EXTENDED.exec(value)?.[1];
  return utf8(extended === undefined ? Buffer.from(value, 'latin1') : percentDecoded(extended));
}

function percentDecoded(text: string): Uint8Array {
  const latin1 = text.replace(/%([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(latin1, 'latin1');
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
