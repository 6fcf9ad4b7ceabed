import type { ByteSource } from './blob-store.ts';

/** Names for bytes that no others have. */
export interface Digests {
  /**
   * The SHA-256 of all the bytes of `source`, in lower-case hex, in constant memory. Fails with
   * what `source` fails with.
   */
  sha256Of(source: ByteSource): Promise<string>;
}
