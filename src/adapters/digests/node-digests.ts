import { createHash } from 'node:crypto';
import type { ByteSource } from '../../application/ports/blob-store.ts';
import type { ChecksumAlgorithm, Digests, RunningDigest } from '../../application/ports/digests.ts';

/** Computes digests with Node's hash functions. */
export class NodeDigests implements Digests {
  async sha256Of(source: ByteSource): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of source) hash.update(chunk);
    return hash.digest('hex');
  }

  begin(algorithm: ChecksumAlgorithm | 'sha512'): RunningDigest {
    const hash = createHash(algorithm);
    return { update: (chunk) => void hash.update(chunk), value: () => hash.digest() };
  }
}
