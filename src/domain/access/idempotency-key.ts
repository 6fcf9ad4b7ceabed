/** The idempotency key of a request, as it is stored (docs/api.md#repeating-a-request). */
export interface IdempotencyKey {
  /** SHA-256 of the key, in hex. */
  readonly hash: string;
  /** SHA-256 of the key, the credentials, the method, the path and the body, in hex. */
  readonly fingerprint: string;
}

/** An answer that is kept for repetitions of its request. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | null;
}
