/**
 * The bucket of a pool in S3, and how to reach it. Credentials come from the AWS environment
 * variables and files only.
 */
export interface S3Location {
  readonly bucket: string;
  /** Prepended to every key as it is; may be empty. */
  readonly prefix: string;
  /** The URL of the server; null for Amazon's. */
  readonly endpoint: string | null;
  /** Null takes it from the AWS environment variables and files. */
  readonly region: string | null;
  /** Whether URLs have the bucket's name in their path instead of their host. */
  readonly forcePathStyle: boolean;
  /** The URL under which our clients reach the server. */
  readonly publicEndpoint: string | null;
}

/** Settings of all pools in S3. */
export interface S3Terms {
  /**
   * Whether requests have checksums, for the server to store, also when S3 does not require them.
   * Some servers other than Amazon's refuse them.
   */
  readonly checksums: 'WHEN_REQUIRED' | 'WHEN_SUPPORTED';
  /** How long a call that transfers no bytes may take, including its retries. */
  readonly callTimeoutSeconds: number;
  /** How long after the death of its sender the server may still carry out a request. */
  readonly purgeDelaySeconds: number;
  /** Whether clients may be redirected to the server for bytes that are stored there unchanged. */
  readonly redirects: boolean;
}
