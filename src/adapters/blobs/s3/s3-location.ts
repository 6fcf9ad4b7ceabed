/**
 * Where a pool in S3 lies and how it is reached. Credentials come from the usual AWS environment
 * and files, never from here.
 */
export interface S3Location {
  readonly bucket: string;
  /** Put before every key as it is; may be empty. */
  readonly prefix: string;
  /** The URL of the server; null for Amazon's own. */
  readonly endpoint: string | null;
  /** Null leaves it to the usual AWS environment and files. */
  readonly region: string | null;
  /** Whether the bucket's name goes into the path of an address, and not into its host. */
  readonly forcePathStyle: boolean;
  /** The URL under which clients of ours reach the server. */
  readonly publicEndpoint: string | null;
}

/** What holds for every pool in S3. */
export interface S3Terms {
  /**
   * Whether requests carry checksums, for the server to keep, also where S3 does not ask for them;
   * servers other than Amazon's may refuse those.
   */
  readonly checksums: 'WHEN_REQUIRED' | 'WHEN_SUPPORTED';
  /** How long a call that moves no bytes may take, all its attempts together. Seconds. */
  readonly callTimeoutSeconds: number;
  /** How long after its sender died a request may still be carried out. Seconds. */
  readonly purgeDelaySeconds: number;
  /** Whether clients may be sent to the server for bytes that are stored there as they are. */
  readonly redirects: boolean;
}
