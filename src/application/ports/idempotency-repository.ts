import type { KeptAnswer } from '../../domain/access/idempotency-key.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** The hold of one request on an idempotency key. */
export interface KeyClaim {
  /** New for every request. */
  readonly id: string;
  readonly user: UserId;
  /** SHA-256 of the key, in hex. */
  readonly hash: string;
}

/** The maximum number of keys of a user. */
export const MAX_KEYS_PER_USER = 1000;
/** How long a key is remembered. */
export const KEY_HOURS = 24;
/** How long a request that neither concludes nor releases its claim blocks the key. */
export const CLAIM_SECONDS = 30;
/** The largest answer, in bytes of JSON. */
export const MAX_ANSWER_BYTES = 16 * 1024;

/** Idempotency keys with the answers to their requests. Time is the clock of the database. */
export interface IdempotencyRepository {
  /**
   * Claims a key for a request and returns null, or returns the answer of the request that had it.
   * Takes over a claim that is older than `CLAIM_SECONDS`, and forgets an answer that is older than
   * `KEY_HOURS`. The oldest keys of a user who has more than `MAX_KEYS_PER_USER` are deleted.
   *
   * @throws DomainError `idempotency-key-reused` when the key belongs to a request with another
   *   fingerprint; `idempotency-key-busy` while that request is under way
   */
  claim(claim: KeyClaim, fingerprint: string): Promise<KeptAnswer | null>;
  /**
   * Stores the answer, in the transaction of the change that it is about. Returns false, and does
   * nothing, when the claim was taken over or deleted: the change must then be rolled back.
   *
   * @throws Error when the answer has more than `MAX_ANSWER_BYTES`
   */
  keep(claim: KeyClaim, answer: KeptAnswer): Promise<boolean>;
  /** Frees the key of a request that changed nothing. Does nothing once an answer is stored. */
  release(claim: KeyClaim): Promise<void>;
  /** Deletes up to 1,000 keys that are older than `KEY_HOURS`. Returns how many. */
  forgetExpired(): Promise<number>;
}
