import type { ByteSource } from './blob-store.ts';

/** Computes digests. */
export interface Digests {
  /**
   * Returns the SHA-256 of all bytes of `source`, in lower-case hex. Constant memory.
   *
   * @throws what `source` throws
   */
  sha256Of(source: ByteSource): Promise<string>;
}
