import { createHash } from 'node:crypto';
import type { ByteSource } from '../../application/ports/blob-store.ts';
import type { Digest } from '../../application/ports/digest.ts';

/** SHA-256 by the library of the runtime. */
export class Sha256Digest implements Digest {
  async of(source: ByteSource): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of source) hash.update(chunk);
    return hash.digest('hex');
  }
}
