import type { ByteSource } from './blob-store.ts';

export type ChecksumAlgorithm = 'sha1' | 'sha256' | 'md5';

/** A digest of bytes that come one after the other. */
export interface RunningDigest {
  readonly update: (chunk: Uint8Array) => void;
  /** Returns the digest. Call it once. */
  readonly value: () => Uint8Array;
}

/** Computes digests. */
export interface Digests {
  /**
   * Returns the SHA-256 of all bytes of `source`, in lower-case hex. Constant memory.
   *
   * @throws what `source` throws
   */
  sha256Of(source: ByteSource): Promise<string>;
  begin(algorithm: ChecksumAlgorithm | 'sha512'): RunningDigest;
}
