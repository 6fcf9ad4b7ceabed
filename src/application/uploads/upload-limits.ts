/** The limits of resumable uploads. */
export interface UploadLimits {
  /** How long an open upload outlives its last byte. */
  readonly expirySeconds: number;
  /** How many open uploads a user has at most. */
  readonly maxOpen: number;
  /**
   * How long the request that sends the last byte waits for the verification, which goes on then.
   */
  readonly verifySeconds: number;
}
