const MEMBER = /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):$/;
const SHA256_BYTES = 32;

/**
 * The SHA-256 digests of a `Repr-Digest` or `Content-Digest`, in lower-case hex; other algorithms are passed over (RFC 9530, 2 and 3). Null for what is
 * no such header.
 */
export function readDigests(value: string): readonly string[] | null {
  const found: string[] = [];
  for (const member of value.split(',')) {
    const [, algorithm, text] = MEMBER.exec(member.trim()) ?? [];
    if (algorithm === undefined || text === undefined) return null;
    if (algorithm !== 'sha-256') continue;
    const digest = Buffer.from(text, 'base64');
    if (digest.length !== SHA256_BYTES || digest.toString('base64') !== text) return null;
    found.push(digest.toString('hex'));
  }
  return found;
}
