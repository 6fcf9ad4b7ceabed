import { createHash } from 'node:crypto';

/** Returns a strong ETag of these bytes (RFC 9110, section 8.8.3). */
export function entityTag(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url')}"`;
}
