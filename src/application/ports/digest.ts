import type { ByteSource } from './blob-store.ts';

/** Tells bytes apart. */
export interface Digest {
  /** SHA-256 of all that `source` gives, in lower-case hex, in constant memory. Fails with what `source` throws. */
  of(source: ByteSource): Promise<string>;
}
