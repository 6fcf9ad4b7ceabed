/** What the operator decides of uploads. */
export interface UploadLimits {
  /** How long an open upload outlives its last byte. */
  readonly expirySeconds: number;
  /** How many open uploads a user has at most. */
  readonly maxOpen: number;
}
