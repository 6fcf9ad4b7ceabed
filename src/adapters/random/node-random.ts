import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { AuthkeyHash } from '../../application/ports/authkey-repository.ts';
import type { Random } from '../../application/ports/random.ts';

const SECRET_BYTES = 32;
const PASSWORD_BYTES = 24;

/** The random generator of the operating system. */
export class NodeRandom implements Random {
  uuid(): string {
    return randomUUID();
  }

  authkey(): string {
    return randomBytes(SECRET_BYTES).toString('base64url');
  }

  apiToken(): string {
    return `plt_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  }

  sessionSecret(): string {
    return randomBytes(SECRET_BYTES).toString('base64url');
  }

  password(): string {
    return randomBytes(PASSWORD_BYTES).toString('base64url');
  }

  /**
   * Returns the SHA-256 in hex. A secret has enough entropy for a hash that is faster than the one
   * of passwords.
   */
  hashOf(secret: string): AuthkeyHash {
    return createHash('sha256').update(secret, 'utf8').digest('hex');
  }
}
